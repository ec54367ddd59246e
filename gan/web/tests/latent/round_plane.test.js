import assert from "node:assert/strict";
import test from "node:test";
import { clipped, norm, normals, slerp } from "../../latent/geometry.js";
import { Degenerate } from "../../latent/plane.js";
import { RoundPlane } from "../../latent/round_plane.js";
import { assertClose } from "../closeness.js";

const [A, B, C] = [1, 2, 3].map((seed) => normals(seed, 784));
const plane = new RoundPlane(A, B, C);
const HUNDREDTH = 0.0051;

test("its corners are the three noises", () => {
  for (const [corner, x, y] of /** @type {[Float64Array, number, number][]} */ ([
    [A, 0, 0],
    [B, 1, 0],
    [C, 0, 1],
  ]))
    assertClose(plane.at(x, y), corner, HUNDREDTH);
});

test("half way between two, it is where the sphere is", () => {
  const half = slerp(A, B, 0.5, new Float64Array(784));
  assertClose(plane.at(0.5, 0), half.map(clipped), 0.06);
});

test("all of its points are as long as noise is", () => {
  for (const [x, y] of [
    [0.33, 0.33],
    [0.5, 0.5],
    [-0.4, 1.2],
  ]) {
    const length = norm(plane.at(x, y));
    assert.ok(Math.abs(length - 28) < 2, `at (${x}, ${y}) it is ${length}`);
  }
});

test("a place leads to noise, and that noise back to the place", () => {
  const { x, y, isIn, distance } = plane.locate(plane.at(0.2, 0.6));
  assertClose([x, y], [0.2, 0.6], 0.005);
  assert.ok(isIn && distance < 1);
});

test("other noise is not on it", () => {
  const { isIn, distance } = plane.locate(normals(4, 784));
  assert.ok(!isIn && distance > 20);
  assert.equal(plane.locate(A.map((value) => -value)).isIn, false);
});

test("every place of it can be gone to", () => {
  assert.deepEqual(plane.nearest(1.4, -0.44), [1.4, -0.44]);
});

test("three of one line span nothing", () => {
  const twice = A.map((value) => 2 * value);
  assert.throws(() => new RoundPlane(A, twice, A), Degenerate);
});
