import assert from "node:assert/strict";
import test from "node:test";
import { dot, LIMIT, norm, normals } from "../../latent/geometry.js";
import { Degenerate, drawnAt, Plane, planeOf } from "../../latent/plane.js";
import { assertClose } from "../closeness.js";
import { golden, TOLERANCE } from "../golden/golden.js";

const Z = normals(1, 16);
const U = normals(2, 16);
const V = normals(3, 16);

for (const [i, { b, u, v, z, place, distance }] of golden.planes.entries()) {
  test(`the point of plane ${i} that is nearest to z is NumPy's`, () => {
    const plane = new Plane(Float64Array.from(b), Float64Array.from(u), Float64Array.from(v));
    const found = plane.locate(z);
    assertClose([found.x, found.y], place, TOLERANCE);
    assert.ok(Math.abs(found.distance - distance) < TOLERANCE);
    assert.equal(found.isIn, false);
  });
}

test("on a plane of two numbers, those are x and y, and the others z's", () => {
  const plane = Plane.ofNumbers(Z, 3, 7);
  const there = plane.at(1.25, -0.5);
  assert.equal(there[3], 1.25);
  assert.equal(there[7], -0.5);
  assert.deepEqual(there.slice(8), Z.slice(8));
  const { x, y, isIn } = plane.placeOf(Z);
  assert.deepEqual([x, y, isIn], [Z[3], Z[7], true]);
});

test("another z is not in a plane of two numbers", () => {
  const other = Z.slice();
  other[0] += 0.01;
  assert.equal(Plane.ofNumbers(Z, 3, 7).placeOf(other).isIn, false);
});

test("a plane along directions goes through z", () => {
  const { isIn } = Plane.ofDirections(Z, U, V).placeOf(Z);
  assert.equal(isIn, true);
});

test("its middle is next to the origin of latent space", () => {
  const { base, u, v } = Plane.ofDirections(Z, U, V);
  assert.ok(Math.abs(dot(base, u)) < 1e-9);
  assert.ok(Math.abs(dot(base, v)) < 1e-9);
});

test("a plane along the directions that Python found is at right angles to itself", () => {
  const [u, v] = golden.directions.weights.map((one) => Float64Array.from(one));
  const { gram } = Plane.ofDirections(normals(1, 4), u, v);
  assertClose(gram, [1, 0, 1], 1e-4);
});

test("three points are at (0, 0), (1, 0) and (0, 1)", () => {
  const plane = Plane.ofPoints(Z, U, V);
  for (const [point, place] of /** @type {const} */ ([
    [Z, [0, 0]],
    [U, [1, 0]],
    [V, [0, 1]],
  ])) {
    const { x, y, isIn } = plane.placeOf(point);
    assert.deepEqual([x, y, isIn], [...place, true]);
    assert.deepEqual(plane.at(place[0], place[1]), point);
  }
});

test("three points are centres of cells", () => {
  const { middle, step } = Plane.ofPoints(Z, U, V);
  assert.equal((middle[0] / step) % 1, 0);
});

test("the cursor's place leads back to its very z", () => {
  const plane = Plane.ofDirections(Z, U, V);
  for (const [x, y] of [
    [0.37, -0.81],
    [1.02, 0.4],
    [-0.66, 0.09],
  ]) {
    const z = plane.at(x, y);
    const place = plane.placeOf(z);
    assert.deepEqual(plane.at(place.x, place.y), z);
    assert.equal(place.isIn, true);
  }
});

test("all that is drawn is in hundredths", () => {
  const z = Plane.ofDirections(Z, U, V).at(0.123, 0.456);
  assert.ok(z.every((value) => value === Math.round(100 * value) / 100));
});

for (const [name, u, v] of /** @type {const} */ ([
  ["the same direction twice", U, U],
  ["a direction and its opposite", U, U.map((value) => -value)],
  ["no direction", U, new Float64Array(16)],
])) {
  test(`${name} spans no plane`, () => {
    assert.throws(() => new Plane(Z, u, v), Degenerate);
  });
}

test("a plane of two numbers reaches to the ends of their sliders", () => {
  const plane = Plane.ofNumbers(Z, 0, 1);
  assert.ok(plane.reaches(LIMIT, -LIMIT));
  assert.ok(!plane.reaches(LIMIT + 0.02, 0));
  const [xs, ys] = [0, 1].map((axis) => plane.reach.map((corner) => corner[axis]));
  assertClose([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)], [-3, 3, -3, 3], 0.006);
});

test("inside of its reach every number stays within the sliders' range, outside not", () => {
  const plane = Plane.ofDirections(Z, U, V);
  const [x, y] = plane.reach[0];
  assert.ok(plane.reaches(0.99 * x, 0.99 * y));
  assert.ok(!plane.reaches(1.01 * x, 1.01 * y));
});

test("the nearest place to one that can be reached is in hundredths", () => {
  assert.deepEqual(Plane.ofNumbers(Z, 0, 1).nearest(0.123, -2.987), [0.12, -2.99]);
});

test("the nearest place to one beyond is at the edge", () => {
  const plane = Plane.ofNumbers(Z, 0, 1);
  assert.deepEqual(plane.nearest(9, 0.5), [3, 0.5]);
  assert.deepEqual(plane.nearest(9, -9), [3, -3]);
});

test("no place that can be reached is nearer than the nearest", () => {
  const plane = Plane.ofDirections(Z, U, V);
  const [wantedX, wantedY] = [3, 2.5];
  const [x, y] = plane.nearest(wantedX, wantedY);
  assert.ok(plane.reaches(x, y));
  const distance = Math.hypot(x - wantedX, y - wantedY);
  for (let angle = 0; angle < 2 * Math.PI; angle += 0.05) {
    const near = 0.97 * distance;
    assert.ok(!plane.reaches(wantedX + near * Math.cos(angle), wantedY + near * Math.sin(angle)));
  }
});

test("a plane is spanned as people chose it", () => {
  assert.equal(planeOf({ kind: "n", pick: [3, 7] }, Z).id, Plane.ofNumbers(Z, 3, 7).id);
  const vectors = [U, V, Z];
  assert.equal(planeOf({ kind: "f", pick: [0, 1], vectors }, Z).id, Plane.ofDirections(Z, U, V).id);
  const points = [Z, U, V].map((z) => ({ z }));
  assert.equal(planeOf({ kind: "p", points }, Z).id, Plane.ofPoints(Z, U, V).id);
});

test("planes have different names, and the same plane the same", () => {
  assert.notEqual(Plane.ofNumbers(Z, 0, 1).id, Plane.ofNumbers(Z, 0, 2).id);
  assert.equal(Plane.ofNumbers(Z, 0, 1).id, Plane.ofNumbers(Z, 0, 1).id);
});

for (const [scale, expected] of /** @type {const} */ ([
  [1, [0.9, -0.6]],
  [0.6, [1.5, -1]],
  [0.3, [3, -2]],
  [0.2, null],
  [0, null],
])) {
  test(`a map whose digits are scaled by ${scale} marks a bookmark where it draws its digit`, () => {
    const mark = { z: new Float64Array(16), scale: 0.6 };
    mark.z.set([1.5, -1]);
    const drawn = drawnAt(mark, scale);
    if (!expected) return assert.equal(drawn, null);
    const { x, y, isIn } = Plane.ofNumbers(mark.z, 0, 1).locate(drawn ?? []);
    assertClose([x, y], expected, 1e-12);
    assert.ok(isIn);
  });
}

test("a distance is the length of what is left", () => {
  const plane = new Plane(new Float64Array(3), Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0));
  const found = plane.locate([4, 5, 2]);
  assert.deepEqual(found, { x: 4, y: 5, distance: norm([2]), isIn: false });
});
