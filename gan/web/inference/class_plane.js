// A picture of its own for each class, which a discriminator sees beside the one that it judges.

import { counts } from "./damage.js";

/** @import { Layer, LayerHeader, LayerParts } from "./types" */

/** @typedef {{ classes: number, pixels: number }} PlaneShape */

/** Puts the picture of the class behind the pixels, as a second channel. @implements {Layer} */
export class ClassPlane {
  /** @param {LayerHeader} header @returns {PlaneShape} */
  static shapeOf({ inputs, outputs }) {
    const [classes, pixels] = counts(inputs, outputs);
    return { classes, pixels };
  }

  /** @param {PlaneShape} shape */
  static weightsOf({ classes, pixels }) {
    return classes * pixels;
  }

  /** It has as many as pixels, but takes no notice of them. @param {PlaneShape} shape */
  static biasesOf({ pixels }) {
    return pixels;
  }

  /** @returns {number[]} */
  static roomOf() {
    return [];
  }

  /** @param {Float32Array} weights */
  static inRuns(weights) {
    return weights;
  }

  /** @param {LayerParts<PlaneShape>} parts */
  constructor({ shape, weights }) {
    /** @type {"linear"} */
    this.activation = "linear";
    this.isSparse = false;
    this.inputs = shape.pixels;
    this.weights = weights;
    this.output = new Float32Array(2 * shape.pixels);
    this.gradient = new Float32Array(shape.pixels);
    this.label = 0;
  }

  /** @param {Float32Array} input */
  forward(input) {
    const plane = this.label * this.inputs;
    for (let i = 0; i < this.inputs; i++) {
      this.output[2 * i] = input[i];
      this.output[2 * i + 1] = this.weights[plane + i];
    }
    return this.output;
  }

  /** @param {Float32Array} gradient */
  backward(gradient) {
    for (let i = 0; i < this.inputs; i++) this.gradient[i] = gradient[2 * i];
    return this.gradient;
  }
}
