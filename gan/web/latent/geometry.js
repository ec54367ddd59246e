// Latent vectors: drawn from a seed, measured, moved between.

/** @import { LatentVector, Numbers } from "./types" */

export const LIMIT = 3; // sliders run from -3 to 3; a standard normal number leaves that range 3 times in 1000
const ROOMY = 2.2; // of 64 draws of 64 numbers, 10 keep within it
const MOST_TRIES = 500;

/**
 * To hundredths inside the sliders' range, so that an address gives the picture back exactly.
 * @param {number} value
 */
export function toSlider(value) {
  return hundredths(clipped(value));
}

/** To hundredths, as an address holds it. @param {number} value */
export function hundredths(value) {
  return Math.round(100 * value) / 100 + 0; // + 0 turns -0 into 0
}

/** Into the sliders' range. @param {number} value */
export function clipped(value) {
  return Math.min(LIMIT, Math.max(-LIMIT, value));
}

/** 32 random bits, to draw from again. */
export function newSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/**
 * As `newSeed`, but none of its numbers is near the end of its slider: there is room to all sides of it.
 * @param {number} size how many numbers are drawn from it
 */
export function roomySeed(size) {
  let seed = newSeed();
  for (let tries = 1; tries < MOST_TRIES && !isRoomy(normals(seed, size)); tries++) seed = newSeed();
  return seed;
}

/** @param {LatentVector} z */
function isRoomy(z) {
  return z.every((value) => Math.abs(value) <= ROOMY);
}

/**
 * `size` normal numbers in hundredths from -3 to 3, fixed by `seed` (32 bits): gan/latent draws the
 * same. Salmon et al. 2011 call it a counter-based generator: a number is a hash of its place. The hash
 * is the finaliser of MurmurHash3 (Appleby 2011), the numbers come by Box and Muller 1958.
 * @param {number} seed
 * @param {number} size
 * @returns {LatentVector}
 */
export function normals(seed, size) {
  return Float64Array.from({ length: size }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((mixed(seed, 2 * i) + 1) / 2 ** 32));
    return toSlider(radius * Math.cos((2 * Math.PI * mixed(seed, 2 * i + 1)) / 2 ** 32));
  });
}

/** The hash of a place that stands for chance. @param {number} seed @param {number} place @returns {number} 32 bits */
export function mixed(seed, place) {
  return hash((hash(seed >>> 0) + Math.imul(place, 0x9e3779b9)) >>> 0);
}

/** @param {number} bits 32 of them @returns {number} 32 bits */
function hash(bits) {
  const once = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** @param {number} size @returns {LatentVector} */
export function randomLatent(size) {
  return normals(newSeed(), size);
}

/** Latent vectors of one length, one after the other. @param {LatentVector[]} zs one at least */
export function joined(zs) {
  const whole = new Float64Array(zs.length * zs[0].length);
  for (const [i, z] of zs.entries()) whole.set(z, i * z.length);
  return whole;
}

/** @param {Numbers} a @param {Numbers} b */
export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** @param {Numbers} z */
export function norm(z) {
  return Math.sqrt(dot(z, z));
}

/** The index of the largest of some values, the first of them if there are several. @param {Numbers} values */
export function largest(values) {
  let found = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[found]) found = i;
  return found;
}

/**
 * The straight line from a to b: half way, the norm is too small.
 * @param {Numbers} a
 * @param {Numbers} b
 * @param {number} share 0 to 1
 * @param {LatentVector} out where it goes
 */
export function lerp(a, b, share, out) {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + share * (b[i] - a[i]);
  return out;
}

/**
 * Spherical interpolation from a to b (Shoemake 1985): direction turns at constant speed and length
 * changes evenly. As gan/latent's, it is the straight line where no single great circle is defined.
 * @param {Numbers} a
 * @param {Numbers} b
 * @param {number} share 0 to 1
 * @param {LatentVector} out where it goes
 */
export function slerp(a, b, share, out) {
  const [ofA, ofB] = [norm(a), norm(b)];
  const cosine = dot(a, b) / (ofA * ofB || 1);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (ofA === 0 || ofB === 0 || sine < 1e-6) return lerp(a, b, share, out);
  const length = (1 - share) * ofA + share * ofB;
  const fromA = (length * Math.sin((1 - share) * angle)) / (sine * ofA);
  const fromB = (length * Math.sin(share * angle)) / (sine * ofB);
  for (let i = 0; i < out.length; i++) out[i] = fromA * a[i] + fromB * b[i];
  return out;
}
