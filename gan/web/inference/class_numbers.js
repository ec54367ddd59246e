// Numbers for classes behind the noise: what a generator's first layer is that is asked for a class, or has them
// hidden in its noise. Neither kind has weights.

import { counts, demand } from "./damage.js";

/** @import { Layer, LayerHeader, LayerParts } from "./types" */

/**
 * @typedef {object} NoiseShape
 * @property {number} latentDim how many numbers of noise there are
 * @property {number} classes how many numbers go behind them
 * @property {number} sharpness how sharply hidden classes part: the inverse temperature of their softmax
 */

const MOST = 1 << 20; // numbers: a damaged file shall not ask for all memory

/** @implements {Layer} */
class ClassNumbers {
  /** @param {LayerHeader} header @returns {NoiseShape} */
  static shapeOf({ inputs, outputs, classes: added, inverse_temperature: sharpness = 1 }) {
    const [latentDim, whole, classes] = counts(inputs, outputs, added);
    demand(whole === latentDim + classes && whole <= MOST, "its classes do not fit its noise");
    demand(Number.isFinite(sharpness), "it does not say how sharply classes part");
    return { latentDim, classes, sharpness: Number(sharpness) };
  }

  static weightsOf() {
    return 0;
  }

  static biasesOf() {
    return 0;
  }

  /** @returns {number[]} */
  static roomOf() {
    return [];
  }

  /** @param {Float32Array} weights */
  static inRuns(weights) {
    return weights;
  }

  /** @param {LayerParts<NoiseShape>} parts */
  constructor({ shape }) {
    /** @type {"linear"} */
    this.activation = "linear";
    this.isSparse = false;
    this.inputs = shape.latentDim;
    this.classes = shape.classes;
    this.sharpness = shape.sharpness;
    this.output = new Float32Array(shape.latentDim + shape.classes);
    this.behind = this.output.subarray(shape.latentDim);
    this.label = 0;
  }

  /** @param {Float32Array} input */
  forward(input) {
    this.output.set(input);
    return this.output;
  }

  /** @param {Float32Array} gradient */
  backward(gradient) {
    return gradient.subarray(0, this.inputs);
  }
}

/** 1 for the class that is asked for, 0 for the others. */
export class OneHotClass extends ClassNumbers {
  /** @override @param {Float32Array} input */
  forward(input) {
    this.behind.fill(0);
    this.behind[this.label] = 1;
    return super.forward(input);
  }
}

/** The softmax of the first numbers of the noise: how much of each class is hidden in them. */
export class SoftmaxClass extends ClassNumbers {
  /** @override @param {LayerHeader} header @returns {NoiseShape} */
  static shapeOf(header) {
    const shape = ClassNumbers.shapeOf(header);
    demand(shape.classes <= shape.latentDim, "it hides more classes than it has numbers of noise");
    return shape;
  }

  /** @override @param {Float32Array} input */
  forward(input) {
    const { behind, classes, sharpness } = this;
    let [largest, total] = [-Infinity, 0];
    for (let i = 0; i < classes; i++) largest = Math.max(largest, input[i]);
    for (let i = 0; i < classes; i++) total += behind[i] = Math.exp(sharpness * (input[i] - largest));
    for (let i = 0; i < classes; i++) behind[i] /= total;
    return super.forward(input);
  }

  /** @override @param {Float32Array} gradient changed in place */
  backward(gradient) {
    const { behind, classes, sharpness, inputs } = this;
    let mean = 0;
    for (let i = 0; i < classes; i++) mean += behind[i] * gradient[inputs + i];
    for (let i = 0; i < classes; i++) gradient[i] += sharpness * behind[i] * (gradient[inputs + i] - mean);
    return super.backward(gradient);
  }
}
