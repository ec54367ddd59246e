// What is said about a search: how near it came, and whether the generator can make the picture at all.

import { largest } from "../../latent/geometry.js";

/** @import { Tasks } from "../../inference/protocol" */

/** What a search found. @typedef {Tasks["find"]["value"]} Result */
/** How near it came, and how long that took. @typedef {Pick<Result, "error" | "seconds">} Reached */

const SAME = 8; // of 255: nobody sees such a difference
const LIKE = 0.5; // of the spread (search.js): up to here, it is the digit
const UNLIKE = 0.85; // from here, searching gained little over chance
const CLEAR = 0.6; // probability from which the classifier sees a digit

const BACK =
  "A diffusion model's way from noise to digit can be gone backwards (DDIM inversion), so nearly every picture has its " +
  "noise.";

/**
 * How a found digit relates to the target.
 * @param {Pick<Result, "error" | "spread" | "wanted" | "reading">} result
 * @returns {"same" | "near" | "other"}
 */
export function verdict({ error, spread, wanted, reading }) {
  const [target, found] = [largest(wanted), largest(reading)];
  if (error > Math.max(SAME, UNLIKE * spread) || (wanted[target] >= CLEAR && target !== found))
    return "other";
  return error > Math.max(SAME, LIKE * spread) ? "near" : "same";
}

/** Sentences about a finished search, for everybody. @param {Result} result */
export function resultWords(result) {
  const { error, seconds, spread, wanted, reading, isEarly } = result;
  const [target, found] = [largest(wanted), largest(reading)];
  const isClear = wanted[target] >= CLEAR;
  const readings = readingsWords(result);
  const chance = `One of its own random digits and the nearest of the other random ones differ by ${amount(spread)}.`;
  const first = {
    same: `Found in ${seconds.toFixed(1)} s with an error of ${amount(error)}.`,
    near:
      `Found something like it in ${seconds.toFixed(1)} s, but not the same: the nearest it comes differs by ` +
      `${amount(error)}.`,
    other: failureWords(result, isClear, target !== found),
  }[verdict(result)];
  const early =
    "The search stopped early, with the best so far, because this network is slow to draw here: a " +
    "longer one might come nearer.";
  return [first, readings, verdict(result) === "same" ? "" : chance, isEarly ? early : ""]
    .filter(Boolean)
    .join(" ");
}

/** Sentences about what a diffusion model found by going back from the picture. @param {Result} result */
export function backWords(result) {
  const { error, seconds } = result;
  const first = {
    same: `Found in ${seconds.toFixed(1)} s without searching: what is drawn of the noise differs by ${amount(error)}.`,
    near: `Found something like it in ${seconds.toFixed(1)} s: what is drawn of the noise differs by ${amount(error)}.`,
    other:
      `The way back led in ${seconds.toFixed(1)} s to noise of which another picture is drawn: it differs by ` +
      `${amount(error)}. More steps lead nearer.`,
  }[verdict(result)];
  return `${first} ${readingsWords(result)} ${BACK}`;
}

/** What the classifier says of both pictures. @param {Result} result */
function readingsWords({ wanted, reading }) {
  const [target, found] = [largest(wanted), largest(reading)];
  const asTarget = `${target} (${percent(wanted[target])})`;
  const asFound = `${found} (${percent(reading[found])})`;
  if (wanted[target] >= CLEAR)
    return `The classifier reads the target as ${asTarget} and what was found as ${asFound}.`;
  return (
    `The classifier sees no clear digit in the target (its best guess: ${asTarget}) and reads what was found as ` +
    `${asFound}.`
  );
}

/** @param {Result} result @param {boolean} isClear whether the target is a digit @param {boolean} isAnother whether it was found as another */
function failureWords({ error, isEarly }, isClear, isAnother) {
  const apart = amount(error);
  if (!isClear)
    return isEarly
      ? `This search did not find that picture: the nearest it comes differs by ${apart}.`
      : `This generator cannot make that picture: the nearest it comes differs by ${apart}.`;
  if (!isAnother)
    return isEarly
      ? `This search did not find that digit: the nearest it comes differs by ${apart}.`
      : `This generator cannot make that digit: the nearest it comes differs by ${apart}.`;
  return isEarly
    ? `This search did not find that digit: the nearest it comes differs by ${apart}, and reads as another digit.`
    : `This generator cannot make that digit: the nearest it comes differs by ${apart}, and reads as another digit.`;
}

/** @param {Reached} best */
export function cancelledWords({ error, seconds }) {
  return `Cancelled after ${seconds.toFixed(1)} s. The best so far is kept: it differs by ${amount(error)}.`;
}

/** Both ways to begin, on one target. @param {Record<"encoder" | "draws", Reached>} errors */
export function comparisonWords({ encoder, draws }) {
  const way = (/** @type {Reached} */ { error, seconds }) => `${error.toFixed(1)} (${seconds.toFixed(1)} s)`;
  return `Error from the encoder's guess and random draws: ${way(encoder)}; from random draws only: ${way(draws)}.`;
}

/** @param {number} error root mean square difference of pixels, 0 to 255 */
function amount(error) {
  return `${error.toFixed(1)} of 255`;
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(100 * share)}%`;
}
