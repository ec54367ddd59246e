import assert from "node:assert/strict";
import test from "node:test";
import { quantile, quartiles } from "../../inference/quantiles.js";

test("quartiles lie between values where no value is one (numpy.quantile says the same)", () => {
  assert.deepEqual(quartiles([1, 2, 3, 4]), [1.75, 2.5, 3.25]);
});

test("and are values where they can be", () => {
  assert.deepEqual(quartiles([1, 2, 3, 4, 5]), [2, 3, 4]);
});

test("of 64 values, a quarter lies below the first quartile", () => {
  const sorted = Float32Array.from({ length: 64 }, (_, i) => i);
  assert.equal(quantile(sorted, 0.25), 15.75);
});

test("the ends are the smallest and the largest", () => {
  assert.equal(quantile([-3, 0, 9], 0), -3);
  assert.equal(quantile([-3, 0, 9], 1), 9);
});

test("one value is all its quantiles", () => {
  assert.deepEqual(quartiles([7]), [7, 7, 7]);
});
