// A diffusion model draws: its network is asked again and again what it sees in a picture with ever less noise.

import { angleOf, isPossible, movesOf, shuffleOf } from "./diffusion.js";
import { backward, forward } from "./passes.js";

/** @import { Numbers } from "../latent/types" */
/** @import { Move, Sampling, Shuffle } from "./diffusion.js" */
/** @import { How } from "./protocol" */
/** @import { TimeLayer } from "./time_layers.js" */
/** @import { Layer } from "./types" */

/** What a step changes: the picture, the digit that is seen in it; and the noise that all began with. */
/** @typedef {{ picture: Float32Array, digit: Float32Array, noise: Float32Array }} Canvas */

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
    if (this.moves.length !== steps || this.way.length === 0) {
      this.moves = this.movesOf({ steps });
      this.way = new Float32Array(steps * this.size);
    }
    this.noise.set(noise);
    this.picture.set(noise);
    for (let step = 0; step < steps; step++) {
      this.way.set(this.picture, step * this.size);
      this.go(step, this.moves[step], this);
    }
    return this.picture;
  }

  /** All steps of a way, as the file says but for what is asked. @param {How} how @returns {Move[]} */
  movesOf({ steps = this.sampling.steps, sampler = this.sampling.sampler }) {
    if (!isPossible(steps)) throw new RangeError(`a picture cannot be drawn in ${steps} steps`);
    return movesOf({ ...this.sampling, steps, sampler });
  }

  /** One step. @param {number} step @param {Move} move @param {Canvas} canvas */
  go(step, move, { picture, digit, noise }) {
    const { ofDigit, ofNow, ofFresh } = move;
    this.see(move, picture, digit);
    for (let i = 0; i < picture.length; i++) picture[i] = ofDigit * digit[i] + ofNow * picture[i];
    if (ofFresh === 0) return;
    const { order, signs } = this.shuffle(step);
    for (let i = 0; i < picture.length; i++) picture[i] += ofFresh * signs[i] * noise[order[i]];
  }

  /** @param {number} step */
  shuffle(step) {
    this.shuffles[step] ??= shuffleOf(step, this.size);
    return this.shuffles[step];
  }

  /**
   * Which digit the network sees in a picture.
   * @param {Move} move
   * @param {Float32Array} picture
   * @param {Float32Array} digit where it goes
   */
  see({ time, ofPicture, ofAnswer }, picture, digit) {
    this.teller.time = time;
    const answer = forward(this.layers, picture);
    for (let i = 0; i < picture.length; i++) {
      digit[i] = Math.min(1, Math.max(-1, ofPicture * picture[i] + ofAnswer * answer[i]));
    }
  }

  /**
   * Which noise the network sees in a picture with little of it.
   * @param {number} time
   * @param {Float32Array} picture
   */
  noiseIn(time, picture) {
    this.teller.time = time;
    const answer = forward(this.layers, picture);
    if (this.sampling.prediction === "epsilon") return answer.slice();
    const angle = angleOf(time); // v: Salimans and Ho 2022, appendix D
    return answer.map((value, i) => Math.sin(angle) * picture[i] + Math.cos(angle) * value);
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
      this.see(this.moves[step], this.way.subarray(step * size, (step + 1) * size), digit);
      if (ofFresh !== 0) {
        const { order, signs } = this.shuffle(step);
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

/** A drawing that goes on step by step, with pictures of its own: between two of them, others may use the network. */
export class Course {
  /**
   * @param {Denoising} denoising
   * @param {Numbers} noise
   * @param {number} label the class that a conditional network is asked for
   * @param {How} how
   */
  constructor(denoising, noise, label, how) {
    this.denoising = denoising;
    this.label = label;
    this.moves = denoising.movesOf(how);
    this.noise = Float32Array.from(noise);
    this.picture = this.noise.slice();
    /** What the network saw in the picture before the last step. */
    this.digit = new Float32Array(this.noise.length);
    /** How many steps it made. */
    this.step = 0;
  }

  get isDone() {
    return this.step === this.moves.length;
  }

  go() {
    this.denoising.teller.label = this.label;
    this.denoising.go(this.step, this.moves[this.step], this);
    this.step++;
  }
}
