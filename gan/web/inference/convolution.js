// Convolutions.

import { counts, demand, sides } from "./damage.js";
import { WeightedLayer } from "./layer.js";

/** @import { Shape } from "./layer.js" */
/** @import { LayerHeader, LayerParts } from "./types" */

/**
 * @typedef {Shape & { pool: 1 | 2, padY: number, padX: number }} ConvolutionShape pool: 2 if of each 2 x 2 outputs the
 *   largest goes on; padY, padX: rows above the picture and columns left of it that count as 0
 */

/** A convolution, "same" or "valid", perhaps with max pooling behind it. @extends {WeightedLayer<ConvolutionShape>} */
export class Convolution extends WeightedLayer {
  /** @param {LayerHeader} header @returns {ConvolutionShape} */
  static shapeOf({ inputs, outputs, kernel, stride, padding, pool = 1 }) {
    const [height, width, channels] = sides(inputs);
    const [outHeight, outWidth, outChannels] = sides(outputs);
    const [size, step] = counts(kernel, stride);
    demand(padding === "same" || padding === "valid", `a layer has an unknown padding, ${padding}`);
    demand(pool === 1 || pool === 2, "a layer has an unknown pooling");
    const [high, wide] = [height, width].map((side) => stretched(side, size, step, padding === "same"));
    demand(outHeight === high.length && outWidth === wide.length, "a layer has the wrong size");
    return {
      ...{ height, width, channels, outHeight, outWidth, outChannels },
      ...{ kernel: size, stride: step, pool, padY: high.pad, padX: wide.pad },
      runs: size ** 2 * channels,
    };
  }

  /** @param {LayerParts<ConvolutionShape>} parts Keras's [ky][kx][in][out] is in the order that runs want */
  constructor(parts) {
    super(parts);
    const { pool, outHeight, outWidth, outChannels } = parts.shape;
    if (pool === 2) this.output = new Float32Array((outHeight >> 1) * (outWidth >> 1) * outChannels);
  }

  /** @override @param {Float32Array} input */
  forward(input) {
    super.forward(input);
    if (this.shape.pool === 2) this.takeLargest();
    return this.output;
  }

  /** @override @param {Float32Array} input */
  add(input) {
    const { outHeight, outWidth, outChannels } = this.shape;
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const live = this.gather(input, y, x, true);
        this.go("addRows", this.sums, (y * outWidth + x) * outChannels, outChannels, 0, live);
      }
    }
  }

  /** @override */
  pull() {
    const { outHeight, outWidth, outChannels } = this.shape;
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const live = this.gather(this.input, y, x, this.isSparse);
        this.amounts.fill(0);
        this.go("dotRows", this.upstream, (y * outWidth + x) * outChannels, outChannels, 0, live);
        for (let i = 0; i < live; i++) this.gradient[this.places[i]] += this.amounts[i];
      }
    }
  }

  /**
   * Lists what the output pixel (y, x) sees.
   * @param {Float32Array} input
   * @param {number} y
   * @param {number} x
   * @param {boolean} skips whether zeros are left out
   * @returns {number} how many numbers it lists
   */
  gather(input, y, x, skips) {
    const { height, width, channels, outChannels, kernel, stride, padY, padX } = this.shape;
    const weights = this.weights.byteOffset;
    let live = 0;
    for (let ky = 0; ky < kernel; ky++) {
      const inY = y * stride - padY + ky;
      if (inY < 0 || inY >= height) continue;
      const left = x * stride - padX;
      const last = Math.min(kernel, width - left) * channels;
      const start = (inY * width + left) * channels;
      for (let i = Math.max(0, -left) * channels; i < last; i++) {
        const amount = input[start + i];
        if (skips && amount === 0) continue;
        this.amounts[live] = amount;
        this.places[live] = start + i;
        this.rows[live++] = weights + 4 * (ky * kernel * channels + i) * outChannels;
      }
    }
    return live;
  }

  /** Of each 2 x 2 sums, the largest; an odd last row or column is dropped. */
  takeLargest() {
    const { output, sums } = this;
    const { outHeight, outWidth, outChannels } = this.shape;
    const row = outWidth * outChannels;
    let to = 0;
    for (let y = 0; y + 1 < outHeight; y += 2) {
      for (let x = 0; x + 1 < outWidth; x += 2) {
        for (let at = y * row + x * outChannels, end = at + outChannels; at < end; at++) {
          const [right, below] = [at + outChannels, at + row];
          output[to++] = Math.max(sums[at], sums[right], sums[below], sums[below + outChannels]);
        }
      }
    }
  }
}

/**
 * How long a side of the output is, and how many pixels of padding come before it, as TensorFlow has it.
 * @param {number} length of the input's side
 * @param {number} kernel
 * @param {number} stride
 * @param {boolean} isSame else nothing is padded
 */
function stretched(length, kernel, stride, isSame) {
  if (!isSame) return { length: Math.floor((length - kernel) / stride) + 1, pad: 0 };
  const made = Math.ceil(length / stride);
  return { length: made, pad: Math.max((made - 1) * stride + kernel - length, 0) >> 1 };
}
