// The way from noise to a picture that a diffusion model goes: gan/network_file/diffusion.py, whose docstrings tell
// where it comes from, goes the same.

import { mixed } from "../latent/geometry.js";
import { demand } from "./damage.js";

/** @import { About } from "./types" */

/** @typedef {"v" | "epsilon"} Prediction */
/** @typedef {"ddim" | "ddpm"} Sampler */
/** @typedef {{ prediction: Prediction, sampler: Sampler, steps: number }} Sampling */

/**
 * One step. The digit that is seen in a picture is ofPicture * picture + ofAnswer * answer, between -1 and 1; the next
 * picture is ofDigit * digit + ofNow * picture + ofFresh * fresh noise.
 * @typedef {object} Move
 * @property {number} time that the network is told, 1 (noise) to 0 (the digit)
 * @property {number} ofPicture
 * @property {number} ofAnswer
 * @property {number} ofDigit
 * @property {number} ofNow
 * @property {number} ofFresh
 */

/** The fresh noise of one step: the first noise in another order, with some signs turned. */
/** @typedef {{ order: Uint32Array, signs: Float32Array }} Shuffle */

export const MOST_STEPS = 1000;
const OFFSET = 0.008;
const HIGHEST_FREQUENCY = 200;
const SALT = 0xd1ff0000; // so that no order hangs together with noise that is drawn from a seed

/**
 * How a network draws, as its file says; null for one that draws in one go. Throws DamagedFile.
 * @param {About} about
 * @returns {Sampling | null}
 */
export function samplingOf({ diffusion }) {
  if (diffusion === undefined) return null;
  demand(typeof diffusion === "object" && diffusion !== null, "it does not say how it draws");
  const { schedule, prediction, sampler, steps } = /** @type {About} */ (diffusion);
  demand(schedule === "cosine", `its noise follows an unknown schedule, ${schedule}`);
  demand(prediction === "v" || prediction === "epsilon", `it predicts ${prediction}`);
  demand(sampler === "ddim" || sampler === "ddpm", `it draws in an unknown way, ${sampler}`);
  demand(isPossible(steps), `it draws in ${steps} steps`);
  return { prediction, sampler, steps };
}

/** Whether a picture can be drawn in so many steps. @param {unknown} steps @returns {steps is number} */
export function isPossible(steps) {
  return Number.isInteger(steps) && Number(steps) >= 1 && Number(steps) <= MOST_STEPS;
}

/** What a network is told of the time: cosines, then sines. @param {number} time @param {number} frequencies */
export function waves(time, frequencies) {
  const told = new Float32Array(2 * frequencies);
  for (let i = 0; i < frequencies; i++) {
    const turned = time * HIGHEST_FREQUENCY ** (i / Math.max(frequencies - 1, 1));
    told[i] = Math.cos(turned);
    told[frequencies + i] = Math.sin(turned);
  }
  return told;
}

/** All steps, from noise to the digit that is seen in the last picture. @param {Sampling} sampling @returns {Move[]} */
export function movesOf({ prediction, sampler, steps }) {
  return Array.from({ length: steps }, (_, i) => {
    const time = (steps - i) / steps;
    const here = angleOf(time);
    const there = i + 1 < steps ? angleOf((steps - i - 1) / steps) : 0;
    const [signal, noise] = [Math.cos(here), Math.sin(here)];
    const [nextSignal, nextNoise] = [Math.cos(there), Math.sin(there)];
    const ofFresh = sampler === "ddpm" ? (nextNoise / noise) * Math.sqrt(1 - (signal / nextSignal) ** 2) : 0;
    const ofNow = Math.sqrt(nextNoise ** 2 - ofFresh ** 2) / noise;
    const [ofPicture, ofAnswer] = prediction === "epsilon" ? [1 / signal, -noise / signal] : [signal, -noise];
    return { time, ofPicture, ofAnswer, ofDigit: nextSignal - ofNow * signal, ofNow, ofFresh };
  });
}

/** Its cosine is how much of the digit is left, its sine how much noise there is. @param {number} time */
function angleOf(time) {
  return ((time + OFFSET) / (1 + 2 * OFFSET)) * (Math.PI / 2);
}

/** Where the fresh noise of a step comes from. @param {number} step @param {number} size @returns {Shuffle} */
export function shuffleOf(step, size) {
  const words = Uint32Array.from({ length: size }, (_, i) => mixed(SALT + step, i));
  const order = Uint32Array.from(words.keys()).sort((a, b) => words[a] - words[b] || a - b);
  return { order, signs: Float32Array.from(words, (word) => (word % 2 === 0 ? 1 : -1)) };
}
