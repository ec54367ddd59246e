import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import { dot, norm, normals } from "../../latent/geometry.js";
import { Walk } from "../../latent/walk.js";

const SIZE = 64;

/** The walk after some seconds, in steps of a frame. @param {Walk} walk @param {number} seconds */
function walked(walk, seconds) {
  for (let step = 0; step < 60 * seconds; step++) walk.step(1 / 60);
  return walk.z;
}

test("a walk begins where it is put, and leaves that as it is", () => {
  const z = normals(1, SIZE);
  const walk = new Walk(z);
  assert.deepEqual(walk.z, z);
  walk.step(0.1);
  assert.deepEqual(z, normals(1, SIZE));
});

test("it turns by half a radian a second", () => {
  const z = normals(1, SIZE);
  const next = new Walk(z).step(0.1);
  const angle = Math.acos(dot(z, next) / norm(z) / norm(next));
  assert.ok(Math.abs(angle - 0.05) < 1e-6);
});

test("from afar it drifts to where random draws live", () => {
  const far = normals(1, SIZE).map((value) => 2 * value);
  assert.ok(Math.abs(norm(walked(new Walk(far), 12)) - Math.sqrt(SIZE)) < 0.05);
});

test("from the origin it finds a direction", () => {
  const walk = new Walk(new Float64Array(SIZE));
  assert.ok(norm(walked(walk, 12)) > 0.9 * Math.sqrt(SIZE));
});

test("each step changes the digit a little", () => {
  const walk = new Walk(normals(3, SIZE));
  const before = walk.z.slice();
  const after = walk.step(1 / 60);
  const moved = norm(after.map((value, i) => value - before[i]));
  assert.ok(moved > 0.01 && moved < 0.3, `${moved}`);
});

test("its heading stays a unit vector at right angles to z", () => {
  const walk = new Walk(normals(3, SIZE));
  walked(walk, 2);
  walk.turn(1 / 60, norm(walk.z));
  assert.ok(Math.abs(norm(walk.heading) - 1) < 1e-9);
  assert.ok(Math.abs(dot(walk.heading, walk.z)) < 1e-9);
});

test("it never stands still and stays finite", () => {
  const z = walked(new Walk(normals(3, SIZE)), 30);
  assert.ok(z.every(Number.isFinite));
});

test("it comes to places far from where it began", () => {
  const start = normals(4, SIZE);
  const walk = new Walk(start);
  const cosines = Array.from({ length: 30 }, () => {
    const z = walked(walk, 0.5);
    return dot(z, start) / norm(z) / norm(start);
  });
  assert.ok(Math.min(...cosines) < 0);
});
