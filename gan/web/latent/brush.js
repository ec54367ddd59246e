// Painting on noise: a soft brush that changes the numbers about a place of it.

import { norm } from "./geometry.js";

/** @import { LatentVector } from "./types" */

/** What a brush does: more ink or less in the noise, or other grains of the same strength. */
/** @typedef {"lighter" | "darker" | "fresh"} Brush */

export const RADIUS = 2.2; // pixels in which its strength falls to 60%
const AMOUNT = 0.25; // that a touch adds in its middle
const FRESH = 0.6; // how much of a grain a touch replaces in its middle
const SIDE = 28;
// Four standard deviations of what draws have: 1 / 28 of their mean, and of 1,512 products 1 / 39.
const FAR_MEAN = 4 / 28;
const FAR_ALIKE = 4 / 39;

/**
 * The noise after one touch.
 * @param {LatentVector} z [784]
 * @param {number} x of the brush's middle, in pixels
 * @param {number} y
 * @param {Brush} brush
 * @param {LatentVector} grains normal numbers, [784], that "fresh" mixes in: others with each touch
 * @returns {LatentVector}
 */
export function touched(z, x, y, brush, grains) {
  return z.map((value, i) => {
    const far = ((i % SIDE) + 0.5 - x) ** 2 + (Math.floor(i / SIDE) + 0.5 - y) ** 2;
    const near = Math.exp(-far / (2 * RADIUS ** 2));
    if (brush === "fresh") return mixed(value, grains[i], FRESH * near);
    return value + (brush === "lighter" ? AMOUNT : -AMOUNT) * near;
  });
}

/** Two normal numbers as one: what the share of the second adds to the variance, that of the first gives up. */
/** @param {number} first @param {number} second @param {number} share */
function mixed(first, second, share) {
  return Math.sqrt(1 - share ** 2) * first + share * second;
}

/** What noise has that a draw has not: a mean far from 0, or grains that are alike side by side. */
/** @typedef {"lighter" | "darker" | "patchy"} Lean */

/** What `z`, [784], is unlike a draw of normal numbers in, if anything. @param {LatentVector} z @returns {Lean | null} */
export function leaning(z) {
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  if (Math.abs(mean) > FAR_MEAN) return mean > 0 ? "lighter" : "darker";
  return besides(z) > FAR_ALIKE ? "patchy" : null;
}

/** The mean product of two grains side by side or one above the other: about 0 for a draw. @param {LatentVector} z */
function besides(z) {
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < z.length; i++) {
    for (const other of [i % SIDE < SIDE - 1 ? i + 1 : z.length, i + SIDE]) {
      if (other >= z.length) continue;
      sum += z[i] * z[other];
      pairs++;
    }
  }
  return sum / pairs;
}

/** How long noise is as compared with what a network is trained on: near 1 for a draw. @param {LatentVector} z */
export function strength(z) {
  return norm(z) / Math.sqrt(z.length);
}
