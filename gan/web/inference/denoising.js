// A diffusion model draws: its network is asked again and again what it sees in a picture with ever less noise.

import { isPossible, movesOf, shuffleOf } from "./diffusion.js";
import { backward, forward } from "./passes.js";

/** @import { Numbers } from "../latent/types" */
/** @import { Move, Sampling, Shuffle } from "./diffusion.js" */
/** @import { TimeLayer } from "./time_layers.js" */
/** @import { Layer } from "./types" */

export class Denoising {
  /**
   * @param {Layer[]} layers of the network
   * @param {TimeLayer} teller the first of them
   * @param {Sampling} sampling
   */
  constructor(layers, teller, sampling) {
    this.layers = layers;
    this.teller = teller;
    this.sampling = sampling;
    this.size = teller.inputs;
    this.picture = new Float32Array(this.size);
    this.digit = new Float32Array(this.size);
    this.noise = new Float32Array(this.size);
    /** @type {Move[]} of the last drawing */
    this.moves = [];
    /** The pictures before each of them, one after the other. */
    this.way = new Float32Array(0);
    /** @type {Shuffle[]} */
    this.shuffles = [];
  }

  /**
   * The digit at the end of the way from `noise`.
   * @param {Numbers} noise
   * @param {number} [steps] 1 to MOST_STEPS; without it as many as the file says
   * @returns {Float32Array} an array that is reused
   */
  draw(noise, steps = this.sampling.steps) {
    if (!isPossible(steps)) throw new RangeError(`a picture cannot be drawn in ${steps} steps`);
    if (this.moves.length !== steps) this.prepare(steps);
    this.noise.set(noise);
    this.picture.set(noise);
    for (let step = 0; step < steps; step++) {
      this.way.set(this.picture, step * this.size);
      this.go(step);
    }
    return this.picture;
  }

  /** @param {number} steps */
  prepare(steps) {
    this.moves = movesOf({ ...this.sampling, steps });
    this.way = new Float32Array(steps * this.size);
    while (this.sampling.sampler === "ddpm" && this.shuffles.length < steps)
      this.shuffles.push(shuffleOf(this.shuffles.length, this.size));
  }

  /** One step. @param {number} step */
  go(step) {
    const { picture, digit, noise } = this;
    const { ofDigit, ofNow, ofFresh } = this.moves[step];
    this.see(step, picture);
    for (let i = 0; i < picture.length; i++) picture[i] = ofDigit * digit[i] + ofNow * picture[i];
    if (ofFresh === 0) return;
    const { order, signs } = this.shuffles[step];
    for (let i = 0; i < picture.length; i++) picture[i] += ofFresh * signs[i] * noise[order[i]];
  }

  /** Which digit the network sees in a picture. @param {number} step @param {Float32Array} picture */
  see(step, picture) {
    const { time, ofPicture, ofAnswer } = this.moves[step];
    this.teller.time = time;
    const answer = forward(this.layers, picture);
    for (let i = 0; i < picture.length; i++) {
      this.digit[i] = Math.min(1, Math.max(-1, ofPicture * picture[i] + ofAnswer * answer[i]));
    }
  }

  /**
   * The gradient by the noise of what was drawn last: back on the same way, on which the network is asked again.
   * @param {Float32Array} upstream the gradient by the digit
   * @returns {Float32Array}
   */
  pull(upstream) {
    const { size, digit } = this;
    let gradient = Float32Array.from(upstream);
    const byNoise = new Float32Array(size);
    for (let step = this.moves.length - 1; step >= 0; step--) {
      const { ofPicture, ofAnswer, ofDigit, ofNow, ofFresh } = this.moves[step];
      this.see(step, this.way.subarray(step * size, (step + 1) * size));
      if (ofFresh !== 0) {
        const { order, signs } = this.shuffles[step];
        for (let i = 0; i < size; i++) byNoise[order[i]] += ofFresh * signs[i] * gradient[i];
      }
      const byDigit = gradient.map((value, i) => (Math.abs(digit[i]) < 1 ? ofDigit * value : 0));
      const further = backward(
        this.layers,
        byDigit.map((value) => ofAnswer * value),
      );
      gradient = gradient.map((value, i) => ofNow * value + ofPicture * byDigit[i] + further[i]);
    }
    for (let i = 0; i < size; i++) byNoise[i] += gradient[i];
    return byNoise;
  }
}
