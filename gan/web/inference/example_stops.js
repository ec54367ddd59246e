// The example that Between opens with: two clearly different digits, always the same of a network.

import { normals } from "../latent/geometry.js";
import { mostOf } from "./traits.js";

const EXAMPLE = [7, 0]; // the digits of the example, where the network draws them
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const EACH = 5; // of each are looked at, and the one with the most ink is taken: thin ones are broken
const MOST_DRAWS = 400;

/** Two stops, or null if the network draws no two digits that can be told apart. Throws if `signal` says so. */
export async function exampleOf({ network, studio }, signal) {
  const digits = network.classes ? network.learned : DIGITS;
  const wanted = EXAMPLE.every((digit) => digits.includes(digit)) ? EXAMPLE : [digits[0], digits.at(-1)];
  const args = {
    network: network.url,
    classifier: network.classifier,
    digits: wanted,
    enough: EACH,
    most: MOST_DRAWS,
  };
  const { found } = await studio.run("sampleDigits", args, { signal });
  return twoOf(found, wanted)?.map((one) => stopOf(one, network)) ?? null;
}

/** One of each wanted digit; or else of the two that there are most of. Null if there are no two. */
function twoOf(found, wanted) {
  const all = (digit) => found.filter((one) => one.digit === digit);
  const common = [...DIGITS].sort((a, b) => all(b).length - all(a).length).slice(0, 2);
  const [from, to] = wanted.every((digit) => all(digit).length > 0) ? wanted : common;
  if (from === to || all(to).length === 0) return null;
  return [from, to].map((digit) => mostOf(all(digit), "thick", 1)[0]);
}

function stopOf({ seed, digit }, { classes, latentDim }) {
  return {
    id: null,
    name: `a ${digit}`,
    z: normals(seed, latentDim),
    origin: seed,
    digit: classes ? digit : 0,
    scale: 1,
  };
}
