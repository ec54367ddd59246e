import assert from "node:assert/strict";
import test from "node:test";
import { animationOf, filmAnimation } from "../../pictures/animation.js";
import { PIXELS } from "../../pictures/pictures.js";

/** Pictures, each all of one ink. @param {number[]} inks */
const column = (...inks) =>
  Uint8Array.from({ length: inks.length * PIXELS }, (_, i) => inks[Math.floor(i / PIXELS)]);
/** The ink of each picture of a body. @param {Uint8Array} body */
const inksOf = (body) => Array.from({ length: body.length / PIXELS }, (_, place) => body[place * PIXELS]);

test("at the usual pace all frames are there, 20 a second", () => {
  const { body, count, columns, fps } = animationOf([column(1, 2, 3)], 1);
  assert.deepEqual(inksOf(body), [1, 2, 3]);
  assert.deepEqual([count, columns, fps], [3, 1, 20]);
});

test("two columns are side by side in each frame", () => {
  const { body, count, columns } = animationOf([column(1, 2), column(11, 12)], 1);
  assert.deepEqual(inksOf(body), [1, 11, 2, 12]);
  assert.deepEqual([count, columns], [2, 2]);
});

test("a fast one skips frames, as browsers show no GIF faster", () => {
  const { body, fps } = animationOf([column(1, 2, 3, 4, 5)], 2);
  assert.deepEqual(inksOf(body), [1, 3, 5]);
  assert.equal(fps, 20);
});

test("a slow one shows frames longer", () => {
  const { count, fps } = animationOf([column(1, 2, 3)], 0.5);
  assert.deepEqual([count, fps], [3, 10]);
});

test("each frame is whole: all of its pixels, as the server takes them", () => {
  const ramp = Uint8Array.from({ length: 2 * PIXELS }, (_, i) => i % 251);
  const { body } = animationOf([ramp, ramp], 1);
  assert.equal(body.length, 4 * PIXELS);
  assert.deepEqual(body.slice(0, PIXELS), ramp.slice(0, PIXELS));
  assert.deepEqual(body.slice(3 * PIXELS), ramp.slice(PIXELS));
});

test("the pictures are left as they are", () => {
  const pictures = column(5);
  animationOf([pictures], 1).body.fill(0);
  assert.equal(pictures[0], 5);
});

test("a film has its pictures beside what is seen in them, and stays at its end", () => {
  const { body, count, columns, fps } = filmAnimation(column(1, 2, 3), column(11, 12, 13));
  assert.deepEqual([columns, fps, count], [2, 2, 6]);
  assert.deepEqual(inksOf(body), [1, 11, 2, 12, 3, 13, 3, 13, 3, 13, 3, 13]);
});

test("a film of many pictures is no faster than browsers show it", () => {
  const many = new Uint8Array(251 * PIXELS);
  const { count, fps } = filmAnimation(many, many);
  assert.deepEqual([count, fps], [281, 20]);
});
