// What is drawn by hand, as MNIST has its digits.

import { PIXELS, SIDE } from "./pictures.js";

/** @import { Picture, Point, Stroke } from "./types" */

export const THICK = 2.4; // pixels of 28: about as thick as MNIST's strokes
export const BLUR = 0.75; // pixels in which a stroke's edge fades
const BOX = 20; // LeCun et al. 1998, section III.A: MNIST's digits are scaled to 20 x 20 ...
const LARGEST_SCALE = 4; // so that a dot stays one, in canvases of MNIST's field

/**
 * @param {Stroke[]} strokes
 * @returns {Picture | null} null if there is no ink
 */
export function asDigit(strokes) {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const [left, right] = ends(points.map(([x]) => x));
  const [top, bottom] = ends(points.map(([, y]) => y));
  const size = Math.max(right - left, bottom - top);
  const scale = Math.min(LARGEST_SCALE * SIDE, (BOX - THICK) / Math.max(size, 1e-6));
  /** @param {number} shiftX @param {number} shiftY in pixels @returns {Stroke[]} */
  const placed = (shiftX, shiftY) =>
    strokes.map((stroke) =>
      stroke.map(([x, y]) => [
        (x - (left + right) / 2) * scale + SIDE / 2 + shiftX,
        (y - (top + bottom) / 2) * scale + SIDE / 2 + shiftY,
      ]),
    );
  const [x, y] = centreOfMass(rendered(placed(0, 0))); // ... and centred by their mass
  return Uint8Array.from(rendered(placed(SIDE / 2 - x, SIDE / 2 - y)), (ink) => Math.round(255 * ink));
}

/** @param {number[]} values thousands of them @returns {[least: number, most: number]} */
function ends(values) {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/**
 * @param {Stroke[]} strokes in pixels
 * @returns {Float64Array} ink [784] from 0 to 1, that fades at the edges
 */
function rendered(strokes) {
  const ink = new Float64Array(PIXELS);
  const reach = THICK / 2 + BLUR;
  for (const stroke of strokes) {
    for (const [i, to] of stroke.entries()) {
      const from = stroke[Math.max(0, i - 1)];
      const [firstX, lastX] = span(from[0], to[0], reach);
      const [firstY, lastY] = span(from[1], to[1], reach);
      for (let y = firstY; y <= lastY; y++) {
        for (let x = firstX; x <= lastX; x++) {
          const depth = (reach - distance([x + 0.5, y + 0.5], from, to)) / (2 * BLUR);
          const at = y * SIDE + x;
          ink[at] = Math.max(ink[at], Math.min(1, depth));
        }
      }
    }
  }
  return ink;
}

/**
 * The pixels, first and last, within reach of a stretch from a to b.
 * @param {number} a
 * @param {number} b
 * @param {number} reach
 */
function span(a, b, reach) {
  const [least, most] = [Math.floor(Math.min(a, b) - reach), Math.ceil(Math.max(a, b) + reach)];
  return [Math.max(0, least), Math.min(SIDE - 1, most)];
}

/**
 * From a point to the stretch between two others.
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function distance([x, y], [fromX, fromY], [toX, toY]) {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX ** 2 + alongY ** 2;
  const share =
    length === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / length));
  return Math.hypot(x - fromX - share * alongX, y - fromY - share * alongY);
}

/** @param {Float64Array} ink [784] @returns {Point} in pixels */
function centreOfMass(ink) {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    mass += ink[i];
    sumX += ink[i] * ((i % SIDE) + 0.5);
    sumY += ink[i] * (Math.floor(i / SIDE) + 0.5);
  }
  return [sumX / mass, sumY / mass];
}
