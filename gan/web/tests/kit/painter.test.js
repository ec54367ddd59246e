import assert from "node:assert/strict";
import { test } from "node:test";
import { PALETTES, paint, palette, RAMPS } from "../../kit/painter.js";

/** @param {number} word */
const bytes = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24];

for (const origin of /** @type {const} */ (["generated", "real"])) {
  test(`no ink is paper, full ink is white: ${origin}`, () => {
    const [paper, tint, ink] = RAMPS[origin];
    assert.equal(PALETTES[origin].length, 256);
    assert.deepEqual(bytes(PALETTES[origin][0]), [...paper, 255]);
    assert.deepEqual(bytes(PALETTES[origin][255]), [...ink, 255]);
    for (const [i, value] of bytes(PALETTES[origin][128]).slice(0, 3).entries())
      assert.ok(Math.abs(value - tint[i]) <= 1, "half of the ink is the tint");
  });
}

test("a palette goes evenly from colour to colour", () => {
  const colours = palette([
    [0, 0, 0],
    [255, 0, 51],
  ]);
  assert.deepEqual(bytes(colours[100]), [100, 0, 20, 255]);
});

test("bytes and floats of the same ink have the same colour", () => {
  const [fromBytes, fromFloats] = [new Uint32Array(3), new Uint32Array(3)];
  paint(fromBytes, Uint8Array.of(0, 51, 255), PALETTES.generated);
  paint(fromFloats, Float32Array.of(-1, -0.6, 1), PALETTES.generated);
  assert.deepEqual(fromFloats, fromBytes);
  assert.deepEqual(
    [...fromBytes],
    [0, 51, 255].map((level) => PALETTES.generated[level]),
  );
});
