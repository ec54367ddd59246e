// What people see, as an address that is short enough to send, and back again.
//
// A latent vector is a seed or the origin, with the numbers that were changed since, in hundredths:
// "s1f3kz" is what that seed draws, "s1f3kz_3.-120" the same with its third number at -1.2, "o_3.-120"
// all zeros but that. A vector with other origins is "v" and two characters a number (base 64, from -3 up).
// gan/latent reads and writes the same.

import { LIMIT, normals } from "./geometry.js";

const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MOST_CHANGES = 16; // beyond that, the whole vector is as short

/** An address that asks for what there is not: its message is for people. */
export class AddressError extends Error {}

/** z as text. origin: the seed that it was drawn from, or null. */
export function spellLatent(z, origin) {
  const base = origin === null ? new Float64Array(z.length) : normals(origin, z.length);
  const changes = [];
  for (let i = 0; i < z.length; i++) if (z[i] !== base[i]) changes.push(`_${i + 1}.${hundredths(z[i])}`);
  if (changes.length <= MOST_CHANGES)
    return (origin === null ? "o" : `s${origin.toString(36)}`) + changes.join("");
  return (
    "v" +
    Array.from(z, (value) => {
      const level = hundredths(value) + 100 * LIMIT;
      return SIGNS[level >> 6] + SIGNS[level & 63];
    }).join("")
  );
}

/** { z, origin } of a text for a network of `size` numbers. Throws AddressError. */
export function readLatent(text, size) {
  if (text.startsWith("v")) return { z: readWhole(text.slice(1), size), origin: null };
  const [start, ...changes] = text.split("_");
  const seed = /^s[0-9a-z]{1,7}$/.test(start) ? parseInt(start.slice(1), 36) : start === "o" ? null : NaN;
  if (Number.isNaN(seed) || seed >= 2 ** 32) return { z: readPlain(text, size), origin: null };
  const z = seed === null ? new Float64Array(size) : normals(seed, size);
  for (const change of changes) {
    const [, place, value] = /^(\d{1,4})\.(-?\d{1,3})$/.exec(change) ?? [];
    if (place === undefined) throw new AddressError("The noise vector in this address cannot be read.");
    if (place < 1 || place > size)
      throw new AddressError(
        `This address changes number ${place} of the noise vector; this network takes ${size}.`,
      );
    if (Math.abs(value) > 100 * LIMIT) throw outside();
    z[place - 1] = value / 100 + 0;
  }
  return { z, origin: seed };
}

function readWhole(text, size) {
  if (text.length % 2 || [...text].some((sign) => !SIGNS.includes(sign)))
    throw new AddressError("The noise vector in this address cannot be read.");
  if (text.length !== 2 * size) throw wrongLength(text.length / 2, size);
  return Float64Array.from({ length: size }, (_, i) => {
    const level = 64 * SIGNS.indexOf(text[2 * i]) + SIGNS.indexOf(text[2 * i + 1]) - 100 * LIMIT;
    if (Math.abs(level) > 100 * LIMIT) throw outside();
    return level / 100 + 0;
  });
}

/** As addresses were before: numbers with commas between them. */
function readPlain(text, size) {
  const parts = text.split(",");
  if (!parts.every((part) => /^-?\d+(\.\d+)?$/.test(part)))
    throw new AddressError("The noise vector in this address is not one.");
  if (parts.length !== size) throw wrongLength(parts.length, size);
  return Float64Array.from(parts, (part) => {
    if (Math.abs(part) > LIMIT) throw outside();
    return Math.round(100 * part) / 100 + 0;
  });
}

function hundredths(value) {
  return Math.round(100 * value) + 0;
}

function wrongLength(found, size) {
  return new AddressError(
    `This address carries a noise vector of ${found} numbers; this network takes ${size}.`,
  );
}

function outside() {
  return new AddressError(`This address carries a noise vector with numbers outside -${LIMIT} to ${LIMIT}.`);
}
