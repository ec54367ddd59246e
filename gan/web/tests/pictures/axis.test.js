import assert from "node:assert/strict";
import test from "node:test";
import { axis, extent } from "../../pictures/axis.js";
import { assertClose } from "../closeness.js";

for (const [values, ticks] of /** @type {[number[], number[]][]} */ ([
  [
    [0, 10],
    [0, 5, 10],
  ],
  [
    [0.3, 8.7],
    [0, 5, 10],
  ],
  [
    [2, 3.9],
    [2, 2.5, 3, 3.5, 4],
  ],
  [
    [-1, 1],
    [-1, -0.5, 0, 0.5, 1],
  ],
  [
    [120, 890],
    [0, 200, 400, 600, 800, 1000],
  ],
])) {
  test(`around ${values.join(" and ")} the ticks are ${ticks.join(", ")}`, () => {
    assertClose(axis(values).ticks, ticks, 1e-9);
  });
}

test("all values lie on the axis", () => {
  const values = [3.7, -12.9, 88.1];
  const { low, high } = axis(values);
  assert.ok(low <= -12.9 && high >= 88.1);
});

test("a range that is asked for is on it", () => {
  const { low, high } = axis([40, 60], { from: 0, to: 100 });
  assert.deepEqual([low, high], [0, 100]);
});

test("values that are all the same have an axis as well", () => {
  const { low, high } = axis([2, 2], { least: 0.1 });
  assert.ok(low <= 2 && high >= 2.1);
});

test("what is not there yet does not count", () => {
  assert.deepEqual(axis([Number.NaN, 0, 10, Infinity]), axis([0, 10]));
});

test("ticks go from end to end in equal steps", () => {
  const { low, high, step, ticks } = axis([0.013, 0.071]);
  assertClose([ticks[0], ticks[ticks.length - 1], ticks[1] - ticks[0]], [low, high, step], 1e-12);
});

test("an extent is of what is finite", () => {
  assert.deepEqual(extent([3, Number.NaN, -1]), [-1, 3]);
  assert.deepEqual(extent([Number.NaN]), [Infinity, -Infinity]);
});
