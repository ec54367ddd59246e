// A latent vector as text that is short enough for an address, and back again.
//
// It is a seed or the origin, with the numbers that were changed since, in hundredths: "s1f3kz" is what that
// seed draws, "s1f3kz_3.-120" the same with its third number at -1.2, "o_3.-120" all zeros but that. A vector
// with other origins is "v" and two characters a number (base 64, from -3 up). gan/latent reads and writes
// the same.

import { LIMIT, normals } from "./geometry.js";

/** @import { Draw, LatentVector } from "./types" */

const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MOST_CHANGES = 16; // beyond that, the whole vector is as short
const MOST = 100 * LIMIT; // hundredths

/** An address that asks for what there is not: its message is for people. */
export class AddressError extends Error {}

/**
 * @param {LatentVector} z
 * @param {number | null} origin the seed that it was drawn from
 * @returns {string}
 */
export function spellLatent(z, origin) {
  const base = origin === null ? new Float64Array(z.length) : normals(origin, z.length);
  const changes = [];
  for (let i = 0; i < z.length; i++) if (z[i] !== base[i]) changes.push(`_${i + 1}.${levelOf(z[i])}`);
  if (changes.length > MOST_CHANGES) return spellWhole(z);
  return (origin === null ? "o" : `s${origin.toString(36)}`) + changes.join("");
}

/** @param {LatentVector} z */
function spellWhole(z) {
  const signs = Array.from(z, (value) => {
    const level = levelOf(value) + MOST;
    return SIGNS[level >> 6] + SIGNS[level & 63];
  });
  return `v${signs.join("")}`;
}

/**
 * What `spellLatent` was given. Throws AddressError.
 * @param {string} text
 * @param {number} size how many numbers the network takes
 * @returns {Draw}
 */
export function readLatent(text, size) {
  if (text.startsWith("v")) return { z: readWhole(text.slice(1), size), origin: null };
  const [start, ...changes] = text.split("_");
  const seed = readSeed(start);
  if (seed === undefined) return { z: readPlain(text, size), origin: null };
  const z = seed === null ? new Float64Array(size) : normals(seed, size);
  for (const change of changes) {
    const [place, level] = readChange(change, size);
    z[place] = fromLevel(level);
  }
  return { z, origin: seed };
}

/** @param {string} start @returns {number | null | undefined} null for the origin, undefined if it is neither */
function readSeed(start) {
  if (start === "o") return null;
  const seed = /^s[0-9a-z]{1,7}$/.test(start) ? Number.parseInt(start.slice(1), 36) : Infinity;
  return seed < 2 ** 32 ? seed : undefined;
}

/** @param {string} text @param {number} size @returns {[place: number, level: number]} */
function readChange(text, size) {
  const [, place, level] = (/^(\d{1,4})\.(-?\d{1,3})$/.exec(text) ?? []).map(Number);
  if (place === undefined) throw unreadable();
  if (place < 1 || place > size)
    throw new AddressError(
      `This address changes number ${place} of the noise vector; this network takes ${size}.`,
    );
  return [place - 1, level];
}

/** @param {string} text @param {number} size */
function readWhole(text, size) {
  if (text.length % 2 || [...text].some((sign) => !SIGNS.includes(sign))) throw unreadable();
  if (text.length !== 2 * size) throw wrongLength(text.length / 2, size);
  return Float64Array.from({ length: size }, (_, i) =>
    fromLevel(64 * SIGNS.indexOf(text[2 * i]) + SIGNS.indexOf(text[2 * i + 1]) - MOST),
  );
}

/** As addresses were before: numbers with commas between them. @param {string} text @param {number} size */
function readPlain(text, size) {
  const parts = text.split(",");
  if (!parts.every((part) => /^-?\d+(\.\d+)?$/.test(part)))
    throw new AddressError("The noise vector in this address is not one.");
  if (parts.length !== size) throw wrongLength(parts.length, size);
  return Float64Array.from(parts, (part) => {
    if (Math.abs(Number(part)) > LIMIT) throw outside();
    return fromLevel(levelOf(Number(part)));
  });
}

/** In hundredths. @param {number} value */
function levelOf(value) {
  return Math.round(100 * value) + 0;
}

/** @param {number} level */
function fromLevel(level) {
  if (Math.abs(level) > MOST) throw outside();
  return level / 100 + 0;
}

function unreadable() {
  return new AddressError("The noise vector in this address cannot be read.");
}

/** @param {number} found @param {number} size */
function wrongLength(found, size) {
  return new AddressError(
    `This address carries a noise vector of ${found} numbers; this network takes ${size}.`,
  );
}

function outside() {
  return new AddressError(`This address carries a noise vector with numbers outside -${LIMIT} to ${LIMIT}.`);
}
