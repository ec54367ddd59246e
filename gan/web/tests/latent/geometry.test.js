import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import {
  clipped,
  dot,
  hundredths,
  joined,
  LIMIT,
  largest,
  lerp,
  newSeed,
  norm,
  normals,
  randomLatent,
  roomySeed,
  slerp,
  toSlider,
} from "../../latent/geometry.js";
import { assertClose } from "../closeness.js";
import { fromHundredths, golden, TOLERANCE } from "../golden/golden.js";

for (const { seed, size, hundredths: levels } of golden.normals) {
  test(`seed ${seed} draws the ${size} numbers that Python draws`, () => {
    assert.deepEqual(Array.from(normals(seed, size)), fromHundredths(levels));
  });
}

test("a longer draw begins with the shorter one", () => {
  assert.deepEqual(normals(99, 64).slice(0, 10), normals(99, 10));
});

test("draws are standard normal", () => {
  const all = Array.from({ length: 200 }, (_, seed) => Array.from(normals(seed, 100))).flat();
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + value ** 2, 0) / all.length;
  assert.ok(Math.abs(mean) < 0.03);
  assert.ok(Math.abs(variance - 1) < 0.04);
});

test("draws keep within the sliders' range, in hundredths", () => {
  const all = Array.from({ length: 300 }, (_, seed) => Array.from(normals(seed, 100))).flat();
  assert.equal(Math.max(...all), LIMIT);
  assert.equal(Math.min(...all), -LIMIT);
  assert.ok(all.every((value) => value === Math.round(100 * value) / 100));
});

for (const [place, { start, end, fractions, slerp: great, lerp: straight }] of golden.between.entries()) {
  test(`the great circle of pair ${place} is Python's`, () => {
    for (const [i, share] of fractions.entries())
      assertClose(slerp(start, end, share, new Float64Array(8)), great[i], TOLERANCE);
  });

  test(`the straight line of pair ${place} is Python's`, () => {
    for (const [i, share] of fractions.entries())
      assertClose(lerp(start, end, share, new Float64Array(8)), straight[i], TOLERANCE);
  });
}

test("on the great circle, length changes evenly and direction turns at constant speed", () => {
  const [a, b] = [Float64Array.of(2, 0, 0), Float64Array.of(0, 1, 0)];
  const third = slerp(a, b, 1 / 3, new Float64Array(3));
  assert.ok(Math.abs(norm(third) - (2 - 1 / 3)) < 1e-12);
  assert.ok(Math.abs(Math.atan2(third[1], third[0]) - Math.PI / 6) < 1e-12);
});

test("half way on the straight line between draws, the norm is too small", () => {
  const [a, b] = [normals(1, 100), normals(2, 100)];
  const out = new Float64Array(100);
  assert.ok(norm(lerp(a, b, 0.5, out)) < 0.8 * norm(a));
  assert.ok(norm(slerp(a, b, 0.5, out)) > 0.9 * norm(a));
});

test("between opposite ends the great circle is the straight line, through the middle", () => {
  const a = Float64Array.of(1, 2);
  assert.deepEqual(Array.from(slerp(a, [-1, -2], 0.5, new Float64Array(2))), [0, 0]);
});

test("both ways write where they are told", () => {
  const out = new Float64Array(2);
  assert.equal(lerp([0, 0], [1, 1], 0.5, out), out);
  assert.equal(slerp([1, 0], [0, 1], 0.5, out), out);
});

test("a slider holds hundredths from -3 to 3, and no -0", () => {
  assert.deepEqual([3.2, -7, 1.004, 1.005, -0.001].map(toSlider), [3, -3, 1, 1, 0]);
  assert.ok(Object.is(toSlider(-0.001), 0));
});

test("hundredths are not kept within the range", () => {
  assert.deepEqual([12.345, -4.001].map(hundredths), [12.35, -4]);
});

test("clipping keeps what is between two hundredths", () => {
  assert.deepEqual([-3.5, 0.123, 9].map(clipped), [-3, 0.123, 3]);
});

test("norm and dot product", () => {
  assert.equal(norm([3, 4]), 5);
  assert.equal(dot([1, 2, 3], [4, 5, 6]), 32);
});

test("the largest of several is the first of them", () => {
  assert.equal(largest([1, 5, 5, 2]), 1);
  assert.equal(largest([-2]), 0);
});

test("vectors are joined one after the other", () => {
  assert.deepEqual(joined([Float64Array.of(1, 2), Float64Array.of(3, 4)]), Float64Array.of(1, 2, 3, 4));
});

test("a new seed has 32 bits", () => {
  const seeds = new Set(Array.from({ length: 20 }, newSeed));
  assert.ok(seeds.size > 15);
  for (const seed of seeds) assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
});

test("a roomy seed leaves room on both sides of each slider", () => {
  assert.ok(normals(roomySeed(16), 16).every((value) => Math.abs(value) <= 2.2));
});

test("a random latent vector has the length that is asked for", () => {
  assert.equal(randomLatent(7).length, 7);
});
