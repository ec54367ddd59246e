// Painting on noise: a soft brush that changes the numbers about a place of it.

import { norm } from "./geometry.js";

/** @import { LatentVector } from "./types" */

/** What a brush does: more ink or less in the noise, or other grains of the same strength. */
/** @typedef {"lighter" | "darker" | "fresh"} Brush */

export const RADIUS = 2.2; // pixels in which its strength falls to 60%
const AMOUNT = 0.25; // that a touch adds in its middle
const FRESH = 0.6; // how much of a grain a touch replaces in its middle
const SIDE = 28;
const FAR_MEAN = 4 / SIDE; // four standard deviations of a draw's mean
const FAR_SPOT = 5; // standard deviations: the largest spot of a draw has some 3
const REACH = 6; // pixels
const WEIGHTS = Array.from({ length: 2 * REACH + 1 }, (_, i) =>
  Math.exp(-((i - REACH) ** 2) / (2 * RADIUS ** 2)),
);

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

/** What noise has that a draw has not: a light or a dark spot, or a mean far from 0. */
/** @typedef {"spot" | "lighter" | "darker"} Lean */

/** What `z`, [784], is unlike a draw of normal numbers in, if anything. @param {LatentVector} z @returns {Lean | null} */
export function leaning(z) {
  if (spots(z).some((sum) => Math.abs(sum) > FAR_SPOT)) return "spot";
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  if (Math.abs(mean) > FAR_MEAN) return mean > 0 ? "lighter" : "darker";
  return null;
}

/** The numbers about each place, added up as a brush weighs them: of a draw, normal again. @param {LatentVector} z */
function spots(z) {
  const rows = blurred(z, 1, (i) => i % SIDE);
  return blurred(rows, SIDE, (i) => Math.floor(i / SIDE));
}

/**
 * @param {LatentVector} values
 * @param {number} stride from each to the next
 * @param {(i: number) => number} placeOf where it stands among the 28 of them
 */
function blurred(values, stride, placeOf) {
  return values.map((_, i) => {
    let [sum, squares] = [0, 0];
    for (let by = -REACH; by <= REACH; by++) {
      if (placeOf(i) + by < 0 || placeOf(i) + by >= SIDE) continue;
      const weight = WEIGHTS[by + REACH];
      sum += weight * values[i + by * stride];
      squares += weight ** 2;
    }
    return sum / Math.sqrt(squares);
  });
}

/** How long noise is as compared with what a network is trained on: near 1 for a draw. @param {LatentVector} z */
export function strength(z) {
  return norm(z) / Math.sqrt(z.length);
}
