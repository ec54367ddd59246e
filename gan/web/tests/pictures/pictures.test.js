import assert from "node:assert/strict";
import test from "node:test";
import { changesOf, difference, inked, PIXELS, pictureAt, SIDE, uninked } from "../../pictures/pictures.js";

/** @param {number[]} inks one for each picture */
const pictures = (...inks) =>
  Uint8Array.from({ length: inks.length * PIXELS }, (_, i) => inks[Math.floor(i / PIXELS)]);

test("a picture has 28 by 28 pixels", () => {
  assert.equal(PIXELS, SIDE ** 2);
});

test("ink goes from 0 to 255, in steps of a 255th", () => {
  assert.deepEqual(inked([-1, 0, 1, 2 / 255 - 1]), Uint8Array.of(0, 128, 255, 1));
});

test("and back to -1 to 1", () => {
  assert.deepEqual(uninked([0, 255]), Float32Array.of(-1, 1));
});

test("no ink is lost on the way there and back", () => {
  const all = Uint8Array.from({ length: 256 }, (_, ink) => ink);
  assert.deepEqual(inked(uninked(all)), all);
});

test("one of many pictures is a view of them", () => {
  const all = pictures(1, 2, 3);
  const second = pictureAt(all, 1);
  assert.equal(second.length, PIXELS);
  assert.ok(second.every((ink) => ink === 2));
  second[0] = 9;
  assert.equal(all[PIXELS], 9);
});

test("the difference of two pictures is the root mean square of that of their pixels", () => {
  assert.equal(difference(Uint8Array.of(0, 0), Uint8Array.of(6, 8)), Math.sqrt(50));
  assert.equal(difference(Float32Array.of(-1, 1), Float32Array.of(-1, 1)), 0);
});

test("a difference is the same both ways", () => {
  const [a, b] = [Uint8Array.of(3, 200), Uint8Array.of(90, 7)];
  assert.equal(difference(a, b), difference(b, a));
});

test("changes along pictures add up", () => {
  assert.deepEqual(changesOf(pictures(0, 10, 10, 250, 0)), [0, 10, 10, 250, 500]);
});

test("one picture has not changed", () => {
  assert.deepEqual(changesOf(pictures(7)), [0]);
});
