import assert from "node:assert/strict";
import test from "node:test";
import { strength, touched } from "../../latent/brush.js";
import { normals } from "../../latent/geometry.js";
import { assertClose } from "../closeness.js";

const Z = normals(1, 784);
const GRAINS = normals(2, 784);
const MIDDLE = 28 * 10 + 20; // the pixel whose middle is at (20.5, 10.5)

test("a brush adds most in its middle, and nothing far away", () => {
  const lighter = touched(Z, 20.5, 10.5, "lighter", GRAINS);
  assertClose([lighter[MIDDLE] - Z[MIDDLE]], [0.25], 1e-9);
  assertClose([lighter[MIDDLE + 2] - Z[MIDDLE + 2]], [0.25 * Math.exp(-2 / 2.2 ** 2)], 1e-9);
  assertClose([lighter[0] - Z[0]], [0], 1e-9);
});

test("darker takes away what lighter adds", () => {
  const back = touched(touched(Z, 3, 4, "lighter", GRAINS), 3, 4, "darker", GRAINS);
  assertClose(back, Z, 1e-9);
});

test("other grains leave the noise as strong as it was", () => {
  let z = Z;
  for (let x = 0; x < 28; x++)
    for (let y = 0; y < 28; y++) z = touched(z, x, y, "fresh", normals(28 * x + y, 784));
  assert.ok(Math.abs(strength(z) - 1) < 0.06, `its strength is ${strength(z)}`);
  assert.notDeepEqual(z, Z);
});
