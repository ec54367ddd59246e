// What the numbers of a path say, in sentences.

import { LIMIT } from "../../latent/geometry.js";
import { KIND_WORDS, KINDS } from "../../latent/journey.js";

/** @import { Journey } from "../../latent/journey.js" */
/** @import { ByKind, LatentVector } from "../../latent/types" */
/** @import { Network } from "../types" */
/** @import { Format } from "./curve.js" */

/**
 * What is known of a path: the length of z in each frame and of a random draw; the changes of the picture up to each
 * frame; what D gives each frame, and the median of random draws, once both are there.
 * @typedef {object} Measures
 * @property {Journey} journey
 * @property {ByKind<number[]>} norms
 * @property {number} typical
 * @property {ByKind<number[]> | null} changes
 * @property {ByKind<ArrayLike<number>> | null} scores
 * @property {{ middle: number, count: number } | null} usual
 * @property {Format} format of scores
 */

/**
 * What D gives a picture, as it is shown: percent, where its logit stands for a probability.
 * @param {number} logit
 * @param {boolean | null} isProbability
 */
export function scoreOf(logit, isProbability) {
  return isProbability ? 100 / (1 + Math.exp(-logit)) : logit;
}

/** @param {boolean | null} isProbability @returns {Format} */
export function scoreFormat(isProbability) {
  if (!isProbability) return (value, step = 0.1) => value.toFixed(step >= 1 ? 0 : step >= 0.1 ? 1 : 2);
  return (value) => `${value > 0 && value < 1 ? value.toFixed(1) : value.toFixed(0)}%`;
}

/** What the straight line passes through. @param {Measures} measures */
export function summary({ journey, norms, scores, usual, changes, typical, format }) {
  const lengths = norms.straight;
  const at = lengths.reduce((lowest, value, i) => (value < lengths[lowest] ? i : lowest), 0);
  const place = journey.words(journey.positionOf(at));
  const here =
    `${capital(place)}, the straight line's z is at its shortest, ${lengths[at].toFixed(1)} long, ` +
    `where the great circle's is ${norms.great[at].toFixed(1)} and random draws have about ${typical.toFixed(1)}.`;
  const sentences = [here];
  if (scores && usual && KINDS.every((kind) => Number.isFinite(scores[kind][at]))) {
    const [circle, line] = KINDS.map((kind) => format(scores[kind][at]));
    sentences.push(
      `There D gives the straight line's picture ${line} and the great circle's ${circle}; ` +
        `half of ${usual.count} random draws get more than ${format(usual.middle)}.`,
    );
  }
  if (changes) {
    const [circle, line] = KINDS.map((kind) => changes[kind][changes[kind].length - 1]);
    sentences.push(
      `From end to end, the pictures' changes add up to ${circle.toFixed(0)} on the ${KIND_WORDS.great} ` +
        `and ${line.toFixed(0)} on the ${KIND_WORDS.straight}.`,
    );
  }
  for (const [from, to] of journey.withoutCircle()) {
    sentences.push(`From ${from} to ${to} no single great circle is defined, so both go the straight line.`);
  }
  return sentences.join(" ");
}

/**
 * What people might not expect of the large digit on a path.
 * @param {Journey} journey
 * @param {Network} network
 * @param {number} scale the large digit's truncation
 * @param {LatentVector[]} zs of the frames that it follows
 */
export function notesOf(journey, network, scale, zs) {
  const notes = [];
  const digits = new Set(journey.stops.map((stop) => stop.digit));
  if (network.classes && digits.size > 1)
    notes.push("Only z moves gradually: the class that is asked for switches at once, half way of a leg.");
  if (scale !== 1)
    notes.push(
      `The truncation of ${scale.toFixed(2)} is the large digit's alone, and ends when it moves along the path: a ` +
        "stop is drawn as its bookmark was kept.",
    );
  if (zs.some((z) => z.some((value) => Math.abs(value) > LIMIT)))
    notes.push(`Some numbers of z leave −${LIMIT} to ${LIMIT} on the way; the large digit's stay within.`);
  return notes;
}

/** @param {string} text */
export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
