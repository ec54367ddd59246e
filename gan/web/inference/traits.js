// What of a digit can be measured on its pixels alone.

import { SIDE } from "../pictures/pictures.js";

/** @import { Digit } from "../pictures/types" */

/**
 * @typedef {object} Traits
 * @property {number} ink its mean, 0 to 1
 * @property {number} width the standard deviation of the ink across, in pixels
 * @property {number} slant by how many pixels strokes go to the right for each that they rise, from the second
 *   moments of the ink
 */

/**
 * How a trait reads, how the digits that show it most do, and by what those come first.
 * @typedef {{ words: string, most?: string, by?: (traits: Traits) => number }} Trait
 */

/** @type {ReadonlyMap<string, Trait>} */
export const TRAITS = new Map(
  /** @type {[string, Trait][]} */ ([
    ["any", { words: "any" }],
    ["thick", { words: "thick", most: "thickest", by: ({ ink }) => ink }],
    ["thin", { words: "thin", most: "thinnest", by: ({ ink }) => -ink }],
    ["wide", { words: "wide", most: "widest", by: ({ width }) => width }],
    ["narrow", { words: "narrow", most: "narrowest", by: ({ width }) => -width }],
    ["left", { words: "slanted left", most: "most slanted to the left", by: ({ slant }) => -slant }],
    ["right", { words: "slanted right", most: "most slanted to the right", by: ({ slant }) => slant }],
  ]),
);

/** @param {Digit} pixels with some ink @returns {Traits} */
export function measure(pixels) {
  let [mass, x, y] = [0, 0, 0];
  each(pixels, (ink, column, row) => {
    mass += ink;
    x += ink * column;
    y += ink * row;
  });
  let [across, down, both] = [0, 0, 0];
  each(pixels, (ink, column, row) => {
    across += ink * (column - x / mass) ** 2;
    down += ink * (row - y / mass) ** 2;
    both += ink * (column - x / mass) * (row - y / mass);
  });
  return { ink: mass / pixels.length, width: Math.sqrt(across / mass), slant: down > 0 ? -both / down : 0 };
}

/**
 * Those that show a trait most.
 * @template {Traits} T
 * @param {T[]} found
 * @param {string} trait a key of TRAITS
 * @param {number} count
 * @returns {T[]}
 */
export function mostOf(found, trait, count) {
  const by = TRAITS.get(trait)?.by;
  return (by ? [...found].sort((a, b) => by(b) - by(a)) : found).slice(0, count);
}

/**
 * Goes through the pixels with ink.
 * @param {Digit} pixels
 * @param {(ink: number, column: number, row: number) => void} action told the ink from 0 to 1
 */
function each(pixels, action) {
  for (let i = 0; i < pixels.length; i++) {
    const ink = (pixels[i] + 1) / 2;
    if (ink > 0) action(ink, i % SIDE, Math.floor(i / SIDE));
  }
}
