import assert from "node:assert/strict";
import { test } from "node:test";
import { domainOf, linear, logarithmic, thinned } from "../../kit/scale.js";

/** @import { Point } from "../../kit/scale.js" */

test("a domain is of what is finite", () => {
  assert.deepEqual(domainOf([3, Number.NaN, -1, Infinity]), { low: -1, high: 3 });
  assert.equal(domainOf([]), undefined);
  assert.equal(domainOf([Number.NaN, -Infinity]), undefined);
});

test("a linear scale runs from end to end, upwards or downwards", () => {
  const up = linear({ low: 10, high: 20 }, 0, 100);
  assert.deepEqual([10, 15, 20].map(up), [0, 50, 100]);
  const down = linear({ low: 10, high: 20 }, 118, 32);
  assert.deepEqual([10, 15, 20].map(down), [118, 75, 32]);
});

test("where all values are the same, they lie where the scale begins", () => {
  assert.equal(linear({ low: 5, high: 5 }, 118, 32)(5), 118);
  assert.equal(logarithmic({ low: 5, high: 5 }, 118, 32)(5), 118);
});

test("on a logarithmic scale equal ratios are equally far apart", () => {
  const scale = logarithmic({ low: 1, high: 1000 }, 0, 3);
  for (const [value, place] of [
    [1, 0],
    [10, 1],
    [100, 2],
    [1000, 3],
  ])
    assert.ok(Math.abs(scale(value) - place) < 1e-12);
});

test("what has no logarithm lies below, at a finite place", () => {
  const place = logarithmic({ low: 1, high: 10 }, 0, 1)(0);
  assert.ok(Number.isFinite(place) && place < 0);
});

test("few points stay as they are", () => {
  /** @type {Point[]} */
  const points = [
    [0, 1],
    [0.2, 5],
    [7, 2],
    [7.9, 2],
  ];
  assert.deepEqual(thinned(points), points);
  assert.deepEqual(thinned([]), []);
});

test("of many points in a column of pixels the first, lowest, highest and last stay, in order", () => {
  const ys = [4, 9, 5, 1, 6, 5];
  const column = ys.map((y, i) => /** @type {Point} */ ([3 + i / 10, y]));
  assert.deepEqual(
    thinned([...column, [4, 7]]).map(([, y]) => y),
    [4, 9, 1, 5, 7],
  );
});

test("ten thousand points become a few for each pixel, and cover what they covered", () => {
  const points = Array.from({ length: 10_000 }, (_, i) => /** @type {Point} */ ([i / 50, Math.sin(i) * i]));
  const kept = thinned(points);
  assert.ok(kept.length <= 4 * 200);
  for (const column of [0, 57, 199]) {
    /** @param {Point[]} of */
    const range = (of) => domainOf(of.filter(([x]) => Math.floor(x) === column).map(([, y]) => y));
    assert.deepEqual(range(kept), range(points));
  }
});
