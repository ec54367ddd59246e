import assert from "node:assert/strict";
import test from "node:test";
import { measure, mostOf, TRAITS } from "../../inference/traits.js";
import { SIDE, uninked } from "../../pictures/pictures.js";
import { asDigit } from "../../pictures/strokes.js";

/** @import { Stroke } from "../../pictures/types" */

/** The traits of a line from one point to another. @param {[number, number]} from @param {[number, number]} to */
function line(from, to) {
  const digit = asDigit(/** @type {Stroke[]} */ ([[from, to]]));
  assert.ok(digit);
  return measure(uninked(digit));
}

const upright = line([0.5, 0.1], [0.5, 0.9]);
const flat = line([0.1, 0.5], [0.9, 0.5]);
const rising = line([0.2, 0.9], [0.8, 0.1]);

test("ink is the mean of a picture", () => {
  const half = Float32Array.from({ length: 784 }, (_, i) => (i % 2 ? 1 : -1));
  assert.equal(measure(half).ink, 0.5);
});

test("a wide digit is wider than a narrow one", () => {
  assert.ok(flat.width > 4 * upright.width);
});

test("the width of a bar is its standard deviation", () => {
  const bar = Float32Array.from({ length: 784 }, (_, i) => (i % SIDE >= 10 && i % SIDE < 20 ? 1 : -1));
  assert.ok(Math.abs(measure(bar).width - Math.sqrt(99 / 12)) < 1e-9);
});

test("an upright line has no slant, one to the right some", () => {
  assert.ok(Math.abs(upright.slant) < 1e-9);
  assert.ok(rising.slant > 0.5);
  assert.ok(line([0.8, 0.9], [0.2, 0.1]).slant < -0.5);
});

test("a single pixel is measured as well", () => {
  const pixels = new Float32Array(784).fill(-1);
  pixels[400] = 1;
  assert.deepEqual(measure(pixels), { ink: 1 / 784, width: 0, slant: 0 });
});

test("those that show a trait most come first", () => {
  const found = [upright, flat, rising];
  assert.deepEqual(mostOf(found, "wide", 1), [flat]);
  assert.deepEqual(mostOf(found, "narrow", 1), [upright]);
  assert.deepEqual(mostOf(found, "right", 1), [rising]);
});

test("of any, the first are taken, and all are left as they were", () => {
  const found = [upright, flat, rising];
  assert.deepEqual(mostOf(found, "any", 2), [upright, flat]);
  mostOf(found, "wide", 3);
  assert.deepEqual(found, [upright, flat, rising]);
});

for (const [name, { words, most, by }] of TRAITS) {
  test(`the trait ${name} reads "${words}"`, () => {
    assert.ok(words.length > 2);
    assert.equal(by === undefined, most === undefined);
  });
}
