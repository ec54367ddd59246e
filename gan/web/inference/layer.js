// What all layers with weights share: the sum that starts at the biases, the activation, and arrays that the loops of
// kernels.js go through.
//
// Every layer comes down to one operation: a number times a contiguous run of weights, a row, added to a contiguous
// run of the output (`addRows`). A dense layer has one run; a transposed convolution has one a kernel row, because in
// [channel][ky][kx][out] order a row of the kernel and the stretch of the output that it lands on are both
// contiguous; a convolution has one an output pixel. Backwards, the same runs are multiplied with the gradient and
// added up (`dotRows`).

import { ACTIVATIONS } from "./activations.js";

/** @import { Layer, LayerParts, LoopName } from "./types" */

/**
 * Sizes in pixels and channels.
 * @typedef {object} Shape
 * @property {number} height of the input
 * @property {number} width
 * @property {number} channels
 * @property {number} outHeight of the sums
 * @property {number} outWidth
 * @property {number} outChannels
 * @property {number} kernel to a side
 * @property {number} stride
 * @property {number} runs the most rows of weights that one pixel takes part in
 */

/**
 * @template {Shape} [S=Shape]
 * @implements {Layer}
 */
export class WeightedLayer {
  /** How many numbers its kernel has. @param {Shape} shape */
  static weightsOf({ kernel, channels, outChannels }) {
    return kernel ** 2 * channels * outChannels;
  }

  /** And its bias. @param {Shape} shape */
  static biasesOf({ outChannels }) {
    return outChannels;
  }

  /** Lengths of what it takes from the heap. @param {Shape} shape @returns {number[]} */
  static roomOf(shape) {
    const outputs = shape.outHeight * shape.outWidth * shape.outChannels;
    return [WeightedLayer.weightsOf(shape), outputs, outputs, shape.runs, shape.runs];
  }

  /**
   * A file's weights in the order that runs want.
   * @param {Float32Array} weights
   * @param {Shape} _shape
   * @returns {Float32Array}
   */
  static inRuns(weights, _shape) {
    return weights;
  }

  /** @param {LayerParts<S>} parts */
  constructor({ shape, activation, leak, weights, bias, heap }) {
    const outputs = shape.outHeight * shape.outWidth * shape.outChannels;
    this.shape = shape;
    this.heap = heap;
    this.inputs = shape.height * shape.width * shape.channels;
    this.activation = activation;
    this.leak = leak;
    this.isSparse = false;
    this.blank = tiled(bias, shape.outHeight * shape.outWidth);
    this.weights = heap.takeNumbers(weights.length);
    this.weights.set(weights);
    this.sums = heap.takeNumbers(outputs);
    /** @type {Float32Array} */
    this.output = this.sums;
    this.upstream = heap.takeNumbers(outputs);
    // The rows of weights that an input pixel, or an output pixel, takes part in, without those times zero.
    this.rows = heap.takeAddresses(shape.runs);
    this.amounts = heap.takeNumbers(shape.runs);
    this.places = new Int32Array(shape.runs);
    /** @type {Float32Array} */
    this.input = new Float32Array(0);
    /** @type {Float32Array} */
    this.gradient = new Float32Array(0); // has no room before somebody asks for gradients
  }

  /** @param {Float32Array} input */
  forward(input) {
    this.input = input;
    this.sums.set(this.blank);
    this.add(input);
    ACTIVATIONS[this.activation].apply(this.sums, this.leak);
    return this.output;
  }

  /** @param {Float32Array} gradient */
  backward(gradient) {
    if (this.gradient.length === 0) this.gradient = new Float32Array(this.inputs);
    this.upstream.set(gradient);
    ACTIVATIONS[this.activation].slope(this.upstream, this.sums, this.leak);
    this.gradient.fill(0);
    this.pull();
    return this.gradient;
  }

  /** Adds to the sums what the input says. @param {Float32Array} _input */
  add(_input) {
    throw new Error("a kind of layer has no sum");
  }

  /** Adds to the gradient what the upstream says. */
  pull() {
    throw new Error("a kind of layer has no gradient");
  }

  /**
   * Goes through `live` rows and the stretch of `target` from `to` on; all counted in numbers.
   * @param {LoopName} loop
   * @param {Float32Array} target sums or upstream
   * @param {number} to
   * @param {number} run how many numbers of each row
   * @param {number} from how far behind the start of each row
   * @param {number} live
   */
  go(loop, target, to, run, from, live) {
    this.heap.loops[loop](
      target.byteOffset + 4 * to,
      4 * run,
      4 * from,
      this.rows.byteOffset,
      this.amounts.byteOffset,
      live,
    );
  }
}

/** @param {Float32Array} values @param {number} times */
function tiled(values, times) {
  const tiles = new Float32Array(values.length * times);
  for (let at = 0; at < tiles.length; at += values.length) tiles.set(values, at);
  return tiles;
}
