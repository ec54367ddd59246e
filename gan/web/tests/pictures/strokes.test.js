import assert from "node:assert/strict";
import test from "node:test";
import { PIXELS, SIDE } from "../../pictures/pictures.js";
import { asDigit } from "../../pictures/strokes.js";

/** @import { Picture, Stroke } from "../../pictures/types" */

/** @type {Stroke} */
const SEVEN = [
  [0.1, 0.1],
  [0.4, 0.1],
  [0.25, 0.5],
];

/** The digit of some strokes that have ink. @param {Stroke[]} strokes */
function drawn(strokes) {
  const digit = asDigit(strokes);
  assert.ok(digit);
  return digit;
}

/** Rows and columns, first and last, that have much ink. @param {Picture} digit */
function box(digit) {
  const places = Array.from(digit.keys()).filter((place) => digit[place] > 100);
  const [rows, columns] = [places.map((at) => Math.floor(at / SIDE)), places.map((at) => at % SIDE)];
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
}

/** @param {Picture} digit @returns {[x: number, y: number]} in pixels */
function centre(digit) {
  let [mass, x, y] = [0, 0, 0];
  for (const [at, ink] of digit.entries()) {
    mass += ink;
    x += ink * ((at % SIDE) + 0.5);
    y += ink * (Math.floor(at / SIDE) + 0.5);
  }
  return [x / mass, y / mass];
}

test("nothing drawn is no digit", () => {
  assert.equal(asDigit([]), null);
  assert.equal(asDigit([[]]), null);
});

test("a digit is 784 bytes, with ink and paper", () => {
  const digit = drawn([SEVEN]);
  assert.equal(digit.length, PIXELS);
  assert.equal(Math.max(...digit), 255);
  assert.equal(digit[0], 0);
});

test("it is as tall as MNIST's digits, however small it was drawn", () => {
  for (const scale of [1, 0.6, 2]) {
    const strokes = [SEVEN.map(([x, y]) => /** @type {[number, number]} */ ([scale * x, scale * y]))];
    const [top, bottom] = box(drawn(strokes));
    assert.ok(bottom - top + 1 >= 18 && bottom - top + 1 <= 21, `${top} to ${bottom}`);
  }
});

test("its mass is in the middle, wherever it was drawn", () => {
  for (const strokes of [
    [SEVEN],
    [SEVEN.map(([x, y]) => /** @type {[number, number]} */ ([x + 0.5, y + 0.4]))],
  ]) {
    for (const place of centre(drawn(strokes))) assert.ok(Math.abs(place - SIDE / 2) < 0.1);
  }
});

test("the same digit elsewhere is the same picture", () => {
  const elsewhere = SEVEN.map(([x, y]) => /** @type {[number, number]} */ ([x + 0.25, y + 0.5]));
  assert.deepEqual(drawn([elsewhere]), drawn([SEVEN]));
});

test("a dot stays a dot", () => {
  const [top, bottom, left, right] = box(drawn([[[0.3, 0.3]]]));
  assert.ok(bottom - top < 5 && right - left < 5);
});

test("a wide line is as wide as a tall one is tall", () => {
  const wide = box(
    drawn([
      [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
    ]),
  );
  const tall = box(
    drawn([
      [
        [0.5, 0.1],
        [0.5, 0.9],
      ],
    ]),
  );
  assert.deepEqual(wide, [...tall.slice(2), ...tall.slice(0, 2)]);
});

test("a mirrored drawing is a mirrored digit", () => {
  const mirrored = SEVEN.map(([x, y]) => /** @type {[number, number]} */ ([1 - x, y]));
  const [digit, other] = [drawn([SEVEN]), drawn([mirrored])];
  const far = Array.from(digit.keys()).filter((at) => {
    const [row, column] = [Math.floor(at / SIDE), at % SIDE];
    return Math.abs(digit[at] - other[row * SIDE + SIDE - 1 - column]) > 1;
  });
  assert.deepEqual(far, []);
});

test("two strokes are not joined", () => {
  const apart = drawn([
    [
      [0.2, 0.1],
      [0.2, 0.9],
    ],
    [
      [0.8, 0.1],
      [0.8, 0.9],
    ],
  ]);
  const middle = Array.from({ length: SIDE }, (_, row) => apart[row * SIDE + SIDE / 2]);
  assert.deepEqual(new Set(middle), new Set([0]));
});

test("thousands of points are no trouble", () => {
  const long = Array.from({ length: 6000 }, (_, i) => /** @type {[number, number]} */ ([i / 6000, 0.5]));
  const direct = drawn([
    [
      [0, 0.5],
      [1, 0.5],
    ],
  ]);
  const digit = drawn([long]);
  assert.ok(digit.every((ink, at) => Math.abs(ink - direct[at]) <= 1));
});
