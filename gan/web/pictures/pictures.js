// Pictures of 28 x 28 pixels as numbers, row by row.

/** @import { Digit, Picture } from "./types" */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/**
 * @param {ArrayLike<number>} pixels any number of them in [-1, 1]
 * @returns {Uint8Array} the same with ink = 255
 */
export function inked(pixels) {
  return Uint8Array.from(pixels, (value) => Math.round(127.5 * (value + 1)));
}

/**
 * @param {ArrayLike<number>} picture any number of pixels with ink = 255
 * @returns {Float32Array} the same in [-1, 1]
 */
export function uninked(picture) {
  return Float32Array.from(picture, (ink) => ink / 127.5 - 1);
}

/**
 * One of the pictures that lie one after the other in an array: a view, no copy.
 * @template {Float32Array | Uint8Array} Pictures
 * @param {Pictures} pictures [count * 784]
 * @param {number} place from 0
 * @returns {Pictures}
 */
export function pictureAt(pictures, place) {
  return /** @type {Pictures} */ (pictures.subarray(place * PIXELS, (place + 1) * PIXELS));
}

/**
 * The root mean square difference of two pictures, in the unit of their pixels.
 * @param {Digit | Picture} a
 * @param {Digit | Picture} b
 */
export function difference(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}

/**
 * How far pictures have changed since the first: differences of neighbours, added up.
 * @param {Uint8Array} pictures [count * 784]
 * @returns {number[]} `count` sums, the first of them 0
 */
export function changesOf(pictures) {
  const sums = [0];
  for (let place = 1; place * PIXELS < pictures.length; place++) {
    sums.push(sums[place - 1] + difference(pictureAt(pictures, place - 1), pictureAt(pictures, place)));
  }
  return sums;
}
