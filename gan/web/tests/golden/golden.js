// The numbers that Python made: tests/web_golden.py, beside the Python tests, says how.

import { readFileSync } from "node:fs";

/** @typedef {{ file: string, z: number[][], labels: number[] | null, pictures: number[][] }} GoldenGenerator */
/** @typedef {{ file: string, labels: number[] | null, outputs: number[][] }} GoldenJudge */

/**
 * A draw of which some numbers were changed to others, in hundredths.
 * @typedef {object} Spelled
 * @property {number} seed
 * @property {number} size
 * @property {[place: number, hundredths: number][]} changes
 * @property {string} text with the seed
 * @property {string} without_seed
 */

/**
 * @typedef {object} Golden
 * @property {{ seed: number, size: number, hundredths: number[] }[]} normals
 * @property {Spelled[]} spelled
 * @property {Record<string, { hundredths: number[], seed: number | null } | null>} read null: Python refuses the text
 * @property {{ start: number[], end: number[], fractions: number[], slerp: number[][], lerp: number[][] }[]} between
 * @property {{ b: number[], u: number[], v: number[], z: number[], place: [number, number], distance: number }[]} planes
 * @property {{ features: number[][], weights: number[][] }} directions
 * @property {Record<string, GoldenGenerator>} generators
 * @property {Record<string, GoldenJudge>} judges their outputs for the pictures of the generator "transposed"
 */

/** @type {Golden} */
export const golden = JSON.parse(readFileSync(new URL("./numbers.json", import.meta.url), "utf8"));

/** How far what is computed may be from what Python rounded to five digits. */
export const TOLERANCE = 3e-5;

/** @param {string} base64 @returns {Uint8Array} */
export function bytesOf(base64) {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** @param {number[]} hundredths @returns {number[]} */
export function fromHundredths(hundredths) {
  return hundredths.map((level) => level / 100);
}
