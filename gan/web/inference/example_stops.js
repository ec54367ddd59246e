// Two clearly different digits to begin a path with, always the same of a network.

import { normals } from "../latent/geometry.js";
import { mostOf } from "./traits.js";

/** @import { Stop } from "../latent/types" */
/** @import { Inference } from "./inference.js" */
/** @import { How, SampledDigit } from "./protocol" */
/** @import { Network } from "./types" */

const EXAMPLE = [7, 0]; // the digits of the example, where the network draws them
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const EACH = 5; // of each are looked at, and the one with the most ink is taken: thin ones are broken
const MOST_DRAWS = 400;

/**
 * Two stops, or null if the network draws no two digits that can be told apart. Rejected with what `isCancelled`
 * knows once the signal ends it.
 * @param {Pick<Inference, "run">} inference
 * @param {Network} network
 * @param {AbortSignal} signal
 * @param {How} how
 * @returns {Promise<Stop[] | null>}
 */
export async function exampleOf(inference, network, signal, how = {}) {
  const digits = network.classes ? network.learned : DIGITS;
  const wanted = EXAMPLE.every((digit) => digits.includes(digit))
    ? EXAMPLE
    : [digits[0], digits[digits.length - 1]];
  const { url, classifier } = network;
  const args = { network: url, classifier, digits: wanted, enough: EACH, most: MOST_DRAWS, ...how };
  const { found } = await inference.run("sampleDigits", args, { signal });
  return twoOf(found, wanted)?.map((one) => stopOf(one, network)) ?? null;
}

/**
 * One of each wanted digit; or else of the two that there are most of. Null if there are no two.
 * @param {SampledDigit[]} found
 * @param {number[]} wanted
 */
function twoOf(found, wanted) {
  /** @param {number} digit */
  const all = (digit) => found.filter((one) => one.digit === digit);
  const common = [...DIGITS].sort((a, b) => all(b).length - all(a).length).slice(0, 2);
  const [from, to] = wanted.every((digit) => all(digit).length > 0) ? wanted : common;
  if (from === to || all(to).length === 0) return null;
  return [from, to].map((digit) => mostOf(all(digit), "thick", 1)[0]);
}

/** @param {SampledDigit} sampled @param {Network} network @returns {Stop} */
function stopOf({ seed, digit }, { classes, latentDim }) {
  const asked = classes ? digit : 0;
  return { id: null, name: `a ${digit}`, z: normals(seed, latentDim), origin: seed, digit: asked, scale: 1 };
}
