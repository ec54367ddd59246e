// What is said about the way from noise to a digit.

/** @import { Sampler } from "../../inference/diffusion.js" */
/** @import { Film } from "../types" */

export const CAPTION =
  "A diffusion model draws by taking noise out of a picture, a little at a time. On the left is the picture; on the " +
  "right is the digit that the network sees in it at that moment, towards which the next step goes.";
/** @type {Record<Sampler, string>} */
const CHANCE = {
  ddim:
    "Nothing is left to chance (DDIM): the same noise always ends in the same digit, so that the noise is a place " +
    "that can be explored. With more steps it ends in nearly the same digit.",
  ddpm:
    "After each step fresh noise is added, as much as training would have there (DDPM). Here it is the first noise, " +
    "shuffled, so that the same noise still ends in the same digit; with another number of steps it ends in another.",
};
const ASKED =
  "This network is told which digit to draw: another one under “Digit to draw” comes of the same noise, and keeps " +
  "something of its style.";
const MUCH = 0.95; // of the noise: from here on nothing is decided
const HALF = 0.6;

/** @param {Sampler | null} sampler @param {boolean} isAsked whether the network is told a class */
export function aboutWords(sampler, isAsked) {
  return [CHANCE[sampler ?? "ddim"], isAsked ? ASKED : ""].filter(Boolean).join(" ");
}

/**
 * Where a film is.
 * @param {number} position 0 to steps
 * @param {number} steps
 * @param {number} left the share of the noise that is left
 */
export function placeWords(position, steps, left) {
  if (steps === 1)
    return position === 0
      ? "Before the only step: all of the noise is left"
      : "After the only step: no noise is left";
  if (position === 0) return `Before the first of ${steps} steps: all of the noise is left`;
  if (position === steps) return `After the last of ${steps} steps: no noise is left`;
  return `After step ${position} of ${steps}: ${percent(left)} of the noise is left`;
}

/** What there is to see there. @param {number} left the share of the noise that is left */
export function stageWords(left) {
  if (left === 0) return "The digit is there: the last picture is the digit that was seen in the one before.";
  if (left > MUCH) return "Nearly all is noise, and what is seen in it is a blur of what it might become.";
  if (left > HALF)
    return "The coarse form comes first: where there will be ink, and mostly which digit it will be.";
  return "The strokes become sharp; the form hardly changes any more.";
}

/** How long the last film took. @param {Pick<Film, "steps" | "ms">} film */
export function timeWords({ steps, ms }) {
  return steps === 1
    ? `1 step took ${seconds(ms / 1000)} on this computer.`
    : `${steps} steps took ${seconds(ms / 1000)} on this computer.`;
}

/** A number of steps to choose. @param {number} steps @param {number | null} time s, as far as it is known */
export function choiceWords(steps, time) {
  if (time === null) return String(steps);
  return `${steps} (about ${seconds(time)})`;
}

/** @param {number} made @param {number} steps */
export function makingWords(made, steps) {
  return `Drawing: step ${made} of ${steps}`;
}

/** @param {number} time s */
function seconds(time) {
  return time < 10 ? `${time.toFixed(2)} s` : `${time.toFixed(0)} s`;
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(100 * share)}%`;
}
