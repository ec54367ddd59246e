// One way down from a latent vector to one whose picture is nearer to another.

import { clipped } from "../latent/geometry.js";

/** @import { LatentVector, Numbers } from "../latent/types" */

const RATE = 0.15; // of Adam, at first; it falls to a tenth
const PRIOR = 2e-4; // weight of |z|², so that z stays where random draws live

/** Adam on z (Kingma and Ba 2015, algorithm 1), which stays within the sliders' range. */
export class Descent {
  /**
   * @param {LatentVector} z where it begins; it is changed
   * @param {number} label the class that the generator is asked for
   * @param {"encoder" | "draw"} start what z came from
   */
  constructor(z, label, start) {
    this.z = z;
    this.label = label;
    this.start = start;
    this.step = 0;
    this.error = Infinity; // of its picture, 0 to 255
    this.mean = new Float64Array(z.length);
    this.square = new Float64Array(z.length);
  }

  /** One step. @param {Numbers} gradient of the error by z @param {number} rate of learning */
  go(gradient, rate) {
    const { z, mean, square } = this;
    const step = ++this.step;
    for (let i = 0; i < z.length; i++) {
      const value = gradient[i] + 2 * PRIOR * z[i];
      mean[i] = 0.9 * mean[i] + 0.1 * value;
      square[i] = 0.99 * square[i] + 0.01 * value * value;
      const move = mean[i] / (1 - 0.9 ** step) / (Math.sqrt(square[i] / (1 - 0.99 ** step)) + 1e-8);
      z[i] = clipped(z[i] - rate * move);
    }
  }
}

/**
 * The rate of learning: it falls to a tenth by a half wave of cosine (Loshchilov and Hutter 2017).
 * @param {number} share how much of a descent is done, 0 to 1
 */
export function rateOf(share) {
  return RATE * (0.1 + 0.45 * (1 + Math.cos(Math.PI * Math.min(1, share))));
}
