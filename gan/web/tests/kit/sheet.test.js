import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf, tiling, wholeTiling } from "../../kit/sheet.js";

test("tiles fill a width exactly, with a gap between them and none around", () => {
  const { step, gap, width, height } = tiling(8, 64, 400);
  assert.ok(Math.abs(8 * step - gap - 400) < 1e-9);
  assert.ok(Math.abs(gap / step - 0.09) < 1e-12);
  assert.deepEqual([width, height], [400, 400]);
});

test("a last row may be short", () => {
  const { step, gap, height } = tiling(8, 17, 400);
  assert.equal(height, Math.round(3 * step - gap));
});

test("tiles on whole pixels stay within the width", () => {
  for (const room of [397, 400, 411.5]) {
    const { step, gap, width, height } = wholeTiling(8, 64, room);
    assert.ok(Number.isInteger(step) && Number.isInteger(gap) && gap >= 1);
    assert.ok(width <= room && width > room - 9);
    assert.equal(height, width);
  }
});

test("a hidden sheet has no room for a tile", () => {
  assert.equal(wholeTiling(8, 64, 0).step, 0);
});

test("tiles lie row by row", () => {
  const tiles = wholeTiling(3, 5, 300);
  const { step } = tiles;
  assert.deepEqual(placesOf(tiles), [
    { x: 0, y: 0, column: 0, row: 0 },
    { x: step, y: 0, column: 1, row: 0 },
    { x: 2 * step, y: 0, column: 2, row: 0 },
    { x: 0, y: step, column: 0, row: 1 },
    { x: step, y: step, column: 1, row: 1 },
  ]);
});
