// Averaged latent vectors, added and subtracted (Radford, Metz and Chintala 2016, section 6.3.2), and
// such a sum as text for an address: "0.5~s1,s2~s7,o_3.-120~s9" is half the way from the second group's
// mean to the third's, from the first's on. A conditional network's vectors carry the digit that they
// were drawn as in front: "3s1".

import { AddressError, readLatent, spellLatent } from "./address.js";
import { LIMIT, toSlider } from "./geometry.js";

/** @import { Asked, Draw, LatentVector, Numbers } from "./types" */

/**
 * A vector of a group, and the digit that it was drawn as; 0 if the network is not asked for one.
 * @typedef {Draw & { digit: number }} Item
 */

export const MOST = 20; // vectors a group
export const MOST_AMOUNT = 2;
export const SINGLES = 8; // sums of single vectors that are shown
const MOST_TEXT = 3000; // characters: longer addresses do not survive being sent around

/** The mean of vectors, exactly. @param {Numbers[]} vectors one at least @returns {LatentVector} */
export function mean(vectors) {
  const sum = new Float64Array(vectors[0].length);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i] += vector[i];
  return sum.map((value) => value / vectors.length);
}

/**
 * a + amount * (c - b), as the sliders hold it.
 * @param {LatentVector} a
 * @param {LatentVector} b
 * @param {LatentVector} c
 * @param {number} amount
 * @returns {{ z: LatentVector, clipped: number }} and how many numbers had to be clipped
 */
export function add(a, b, c, amount) {
  const exact = a.map((value, i) => value + amount * (c[i] - b[i]));
  return { z: exact.map(toSlider), clipped: exact.filter((value) => Math.abs(value) > LIMIT).length };
}

/**
 * Without the groups if that would be too long.
 * @param {Item[][]} groups
 * @param {number} amount
 * @param {boolean} isConditional whether the network is asked for digits
 * @returns {string}
 */
export function spellEquation(groups, amount, isConditional) {
  const whole = [
    amount,
    ...groups.map((group) =>
      group.map(({ z, origin, digit }) => (isConditional ? digit : "") + spellLatent(z, origin)).join(),
    ),
  ].join("~");
  return whole.length <= MOST_TEXT ? whole : String(amount);
}

/**
 * Throws AddressError.
 * @param {string} text
 * @param {Asked} network
 * @returns {{ amount: number, groups: Item[][] | null }} groups: three, or null if the text has none
 */
export function readEquation(text, network) {
  const [amount, ...groups] = text.slice(0, MOST_TEXT + 1).split("~");
  if (text.length > MOST_TEXT) throw new AddressError("This address carries a sum that is too long.");
  if (!/^\d(\.\d{1,2})?$/.test(amount) || Number(amount) > MOST_AMOUNT)
    throw new AddressError(`This address carries a sum with an amount that is not from 0 to ${MOST_AMOUNT}.`);
  if (groups.length !== 0 && groups.length !== 3)
    throw new AddressError("This address carries a sum that is not of three groups.");
  return {
    amount: Number(amount),
    groups: groups.length ? groups.map((group) => readGroup(group, network)) : null,
  };
}

/** @param {string} text @param {Asked} network @returns {Item[]} */
function readGroup(text, network) {
  const items = text === "" ? [] : text.split(",");
  if (items.length > MOST)
    throw new AddressError(
      `This address carries a group of ${items.length} vectors: there is room for ${MOST}.`,
    );
  return items.map((item) => {
    const [, digit, latent] = /^(\d?)([sov].*)$/.exec(item) ?? [];
    if (latent === undefined) throw new AddressError("A vector of the sum in this address cannot be read.");
    const known = network.classes ? network.learned.map(String) : [""];
    if (!known.includes(digit))
      throw new AddressError("This address carries a sum of digits that do not fit this network.");
    return { ...readLatent(latent, network.latentDim), digit: Number(digit) };
  });
}
