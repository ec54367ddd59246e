// What tells a network of diffusion how much noise there is in a picture, and what makes the picture of it.

import { ACTIVATIONS } from "./activations.js";
import { counts, demand, sides } from "./damage.js";
import { waves } from "./diffusion.js";
import { Dense } from "./transposed_convolution.js";

/** @import { TransposedShape } from "./transposed_convolution.js" */
/** @import { Layer, LayerHeader, LayerParts } from "./types" */

const MOST = 4096; // numbers that can be told

/** @typedef {{ pixels: number, frequencies: number, classes: number, telling: TransposedShape }} TimeShape */
/** @typedef {{ pixels: number, channels: number, told: number, modulating: TransposedShape }} FilmShape */

/** Lets the picture through and tells all other layers the time, and the class. @implements {Layer} */
export class TimeLayer {
  /** @param {LayerHeader} header @returns {TimeShape} */
  static shapeOf({ inputs, outputs, frequencies, classes, told }) {
    const [pixels, after, fast, numbers] = counts(inputs, outputs, frequencies, told);
    const asked = classes === 0 ? 0 : counts(classes)[0];
    demand(pixels === after && pixels <= MOST, "it is told the time of something that is no picture");
    demand(Math.max(fast, numbers, asked) <= MOST, "it is told too much");
    const telling = Dense.shapeOf({ inputs: 2 * fast + asked, outputs: numbers });
    return { pixels, frequencies: fast, classes: asked, telling };
  }

  /** @param {TimeShape} shape */
  static weightsOf({ telling }) {
    return Dense.weightsOf(telling);
  }

  /** @param {TimeShape} shape */
  static biasesOf({ telling }) {
    return Dense.biasesOf(telling);
  }

  /** @param {TimeShape} shape */
  static roomOf({ telling }) {
    return Dense.roomOf(telling);
  }

  /** @param {Float32Array} weights */
  static inRuns(weights) {
    return weights;
  }

  /** @param {LayerParts<TimeShape>} parts */
  constructor({ shape, ...parts }) {
    /** @type {"linear"} of what goes through */
    this.activation = "linear";
    this.isSparse = false;
    this.inputs = shape.pixels;
    this.output = new Float32Array(shape.pixels);
    this.frequencies = shape.frequencies;
    this.classes = shape.classes;
    this.telling = new Dense({ ...parts, shape: shape.telling });
    this.heard = new Float32Array(this.telling.inputs);
    this.told = this.telling.output;
    this.time = 0;
    this.label = 0;
  }

  /** @param {Float32Array} input */
  forward(input) {
    this.heard.fill(0);
    this.heard.set(waves(this.time, this.frequencies));
    if (this.classes > 0) this.heard[2 * this.frequencies + this.label] = 1;
    this.told = this.telling.forward(this.heard);
    this.output.set(input);
    return this.output;
  }

  /** @param {Float32Array} gradient */
  backward(gradient) {
    return gradient;
  }
}

/** Scales and shifts each channel of a picture as it is told (Perez et al. 2018). @implements {Layer} */
export class FilmLayer {
  /** @param {LayerHeader} header @returns {FilmShape} */
  static shapeOf({ inputs, outputs, told }) {
    const [height, width, channels] = sides(inputs);
    demand(String(inputs) === String(outputs), "a layer has the wrong size");
    const modulating = Dense.shapeOf({ inputs: told, outputs: 2 * channels });
    return { pixels: height * width, channels, told: counts(told)[0], modulating };
  }

  /** @param {FilmShape} shape */
  static weightsOf({ modulating }) {
    return Dense.weightsOf(modulating);
  }

  /** @param {FilmShape} shape */
  static biasesOf({ modulating }) {
    return Dense.biasesOf(modulating);
  }

  /** @param {FilmShape} shape */
  static roomOf({ modulating }) {
    return Dense.roomOf(modulating);
  }

  /** @param {Float32Array} weights */
  static inRuns(weights) {
    return weights;
  }

  /** @param {LayerParts<FilmShape>} parts */
  constructor({ shape, activation, leak, ...parts }) {
    this.shape = shape;
    this.activation = activation;
    this.leak = leak;
    this.isSparse = false;
    this.inputs = shape.pixels * shape.channels;
    this.output = new Float32Array(this.inputs);
    this.gradient = new Float32Array(0); // has no room before somebody asks for gradients
    this.modulating = new Dense({ ...parts, shape: shape.modulating, activation: "linear", leak: 0 });
    /** What it listens to, once the network is whole. @type {TimeLayer | null} */
    this.teller = null;
  }

  /** @param {Layer} first of the network */
  listenTo(first) {
    demand(first instanceof TimeLayer && first.told.length === this.shape.told, "nothing tells it the time");
    this.teller = first;
  }

  /** @param {Float32Array} input */
  forward(input) {
    if (this.teller === null) throw new Error("a layer is asked before its network is whole");
    const { channels } = this.shape;
    const [output, told] = [this.output, this.modulating.forward(this.teller.told)];
    for (let at = 0; at < output.length; at += channels) {
      for (let i = 0; i < channels; i++) output[at + i] = (1 + told[i]) * input[at + i] + told[channels + i];
    }
    ACTIVATIONS[this.activation].apply(output, this.leak);
    return output;
  }

  /** @param {Float32Array} upstream */
  backward(upstream) {
    if (this.gradient.length === 0) this.gradient = new Float32Array(this.inputs);
    const { gradient, shape } = this;
    gradient.set(upstream);
    ACTIVATIONS[this.activation].slope(gradient, this.output, this.leak);
    for (let at = 0; at < gradient.length; at += shape.channels) {
      for (let i = 0; i < shape.channels; i++) gradient[at + i] *= 1 + this.modulating.output[i];
    }
    return gradient;
  }
}
