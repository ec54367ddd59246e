// Transposed convolutions, and dense layers, which are those of a single pixel.

import { counts, demand, sides } from "./damage.js";
import { WeightedLayer } from "./layer.js";

/** @import { Shape } from "./layer.js" */
/** @import { LayerHeader, LoopName } from "./types" */

/** @typedef {Shape & { pad: number }} TransposedShape pad: rows and columns of the footprint above and left of it */

/** A transposed convolution, "same". @extends {WeightedLayer<TransposedShape>} */
export class TransposedConvolution extends WeightedLayer {
  /** @param {LayerHeader} header @returns {TransposedShape} */
  static shapeOf({ inputs, outputs, kernel, stride }) {
    return transposed(sides(inputs), sides(outputs), kernel, stride);
  }

  /**
   * Keras has them in the order [ky][kx][out][in].
   * @override
   * @param {Float32Array} weights
   * @param {Shape} shape
   * @returns {Float32Array}
   */
  static inRuns(weights, shape) {
    return byInputChannel(weights, shape);
  }

  /** @override @param {Float32Array} input */
  add(input) {
    const { height, width, channels } = this.shape;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const live = this.gather(input, (y * width + x) * channels, true);
        if (live > 0) this.stamp("addRows", this.sums, live, y, x);
      }
    }
  }

  /** @override */
  pull() {
    const { height, width, channels } = this.shape;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const start = (y * width + x) * channels;
        const live = this.gather(this.input, start, this.isSparse);
        this.amounts.fill(0);
        this.stamp("dotRows", this.upstream, live, y, x);
        for (let i = 0; i < live; i++) this.gradient[start + this.places[i]] = this.amounts[i];
      }
    }
  }

  /**
   * Lists the channels of the pixel at `start`.
   * @param {Float32Array} input
   * @param {number} start
   * @param {boolean} skips whether zeros are left out
   * @returns {number} how many it lists
   */
  gather(input, start, skips) {
    const { channels, kernel, outChannels } = this.shape;
    const rowLength = kernel * kernel * outChannels;
    const weights = this.weights.byteOffset;
    let live = 0;
    for (let channel = 0; channel < channels; channel++) {
      const amount = input[start + channel];
      if (skips && amount === 0) continue;
      this.amounts[live] = amount;
      this.places[live] = channel;
      this.rows[live++] = weights + 4 * channel * rowLength;
    }
    return live;
  }

  /**
   * Goes through one input pixel's footprint in the output, a kernel row at a time; what falls outside is cut off.
   * @param {LoopName} loop
   * @param {Float32Array} target
   * @param {number} live
   * @param {number} y of the input pixel
   * @param {number} x
   */
  stamp(loop, target, live, y, x) {
    const { outHeight, outWidth, outChannels, kernel, stride, pad } = this.shape;
    const top = y * stride - pad;
    const left = x * stride - pad;
    const firstY = Math.max(0, -top);
    const lastY = Math.min(kernel, outHeight - top);
    const firstX = Math.max(0, -left);
    const run = (Math.min(kernel, outWidth - left) - firstX) * outChannels;
    if (run <= 0) return;
    for (let ky = firstY; ky < lastY; ky++) {
      const to = ((top + ky) * outWidth + left + firstX) * outChannels;
      this.go(loop, target, to, run, (ky * kernel + firstX) * outChannels, live);
    }
  }
}

/** A layer in which every input reaches every output, which may be the numbers of a picture. */
export class Dense extends TransposedConvolution {
  /** @override @param {LayerHeader} header @returns {TransposedShape} */
  static shapeOf({ inputs, outputs }) {
    const made = Array.isArray(outputs) ? sides(outputs).reduce((a, b) => a * b) : outputs;
    const [channels, outChannels] = counts(inputs, made);
    return transposed([1, 1, channels], [1, 1, outChannels], 1, 1);
  }

  /** @override @param {Float32Array} weights @returns {Float32Array} */
  static inRuns(weights) {
    return weights;
  }
}

/**
 * @param {number[]} inputs height, width, channels
 * @param {number[]} outputs
 * @param {unknown} kernel
 * @param {unknown} stride
 * @returns {TransposedShape}
 */
function transposed([height, width, channels], [outHeight, outWidth, outChannels], kernel, stride) {
  const [size, step] = counts(kernel, stride);
  demand(outHeight === height * step && outWidth === width * step, "a layer has the wrong size");
  return {
    ...{ height, width, channels, outHeight, outWidth, outChannels },
    kernel: size,
    stride: step,
    pad: Math.floor(Math.max(size - step, 0) / 2),
    runs: channels,
  };
}

/**
 * Keras's [ky][kx][out][in] -> [in][ky][kx][out].
 * @param {Float32Array} weights
 * @param {Shape} shape
 */
function byInputChannel(weights, { channels, kernel, outChannels }) {
  const rowLength = kernel * kernel * outChannels;
  const moved = new Float32Array(weights.length);
  for (let place = 0; place < rowLength; place++) {
    for (let channel = 0; channel < channels; channel++) {
      moved[channel * rowLength + place] = weights[place * channels + channel];
    }
  }
  return moved;
}
