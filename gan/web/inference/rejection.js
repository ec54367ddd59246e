// Rejection sampling: random vectors whose pictures are surely the digits that are wanted.

import { normals } from "../latent/geometry.js";
import { take } from "./cache.js";
import { drawn } from "./drawn.js";
import { measure } from "./traits.js";

/** @import { SampledDigit, Task } from "./protocol" */

const SURE = 0.9; // the classifier's share from which on a picture counts as a digit
const TELL_EVERY = 60; // ms

/**
 * Draws from `seed` on, in turn, until there are `enough` of each digit. A conditional network is asked for
 * the digits in turn, and keeps what is read as what it was asked for; others keep all digits that they meet.
 *
 * @type {Task<"sampleDigits">}
 */
export async function sampleDigits({ network, classifier, digits, enough, most, seed = 1, ...how }, turn) {
  const generator = await take("generator", network);
  const reader = await take("classifier", classifier);
  const counts = new Array(10).fill(0);
  /** @type {SampledDigit[]} */
  const found = [];
  const least = () => Math.min(...digits.map((digit) => counts[digit]));
  let draws = 0;
  for (let told = -Infinity; draws < most && least() < enough; draws++) {
    const asked = digits[draws % digits.length];
    const z = normals(seed + draws, generator.latentDim);
    const pixels = await drawn(generator, z, asked, how, turn);
    const digit = reader.read(pixels).findIndex((share) => share >= SURE);
    if (digit >= 0 && (digit === asked || generator.classes === 0)) {
      counts[digit]++;
      found.push({ seed: seed + draws, digit, ...measure(pixels) });
    }
    if (performance.now() - told > TELL_EVERY) {
      turn.tell({ draws: draws + 1, least: least() });
      told = performance.now();
    }
    await turn.rest();
  }
  return { draws, found };
}
