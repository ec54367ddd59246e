// How near two rows of numbers are.

import assert from "node:assert/strict";

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} expected of the same length
 * @param {number} tolerance the largest difference
 */
export function assertClose(found, expected, tolerance) {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++) {
    const apart = Math.abs(found[i] - expected[i]);
    assert.ok(apart <= tolerance, `number ${i} is ${found[i]} instead of ${expected[i]}`);
  }
}
