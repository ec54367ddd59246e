import assert from "node:assert/strict";
import test from "node:test";
import { normals } from "../../latent/geometry.js";
import { Plane } from "../../latent/plane.js";
import { CELLS, View } from "../../latent/plane_view.js";
import { assertClose } from "../closeness.js";

const PLANE = Plane.ofNumbers(normals(1, 16), 0, 1);
const SIDE = 28;

test("at first a map shows the whole plane", () => {
  const view = new View(PLANE);
  assert.ok(view.isWhole);
  assert.deepEqual([view.x, view.y, view.level], [0, 0, 0]);
  assert.equal(view.span, CELLS * 0.4);
});

test("two levels in, everything is twice as large", () => {
  assertClose([new View(PLANE, 0, 0, 2).span], [CELLS * 0.2], 1e-12);
});

test("shares of the map begin at its top left corner", () => {
  const view = new View(PLANE);
  assert.deepEqual(view.share(0, 0), [0.5, 0.5]);
  assert.deepEqual(view.share(3, 3), [1, 0]);
  assert.deepEqual(view.point(1, 0), [3, 3]);
});

test("shares and points belong to each other", () => {
  const view = new View(PLANE, 0.4, -1.1, 3);
  assertClose(view.point(...view.share(0.7, -0.9)), [0.7, -0.9], 1e-12);
});

test("zooming leaves what is under the pointer under it", () => {
  const view = new View(PLANE);
  const before = view.point(0.2, 0.7);
  assertClose(view.zoomed(3, 0.2, 0.7).point(0.2, 0.7), before, 1e-12);
});

test("zooming ends where cells are a hundredth apart", () => {
  const view = new View(PLANE).zoomed(50);
  assert.equal(view.level, 10);
  assert.ok(view.step > 0.01);
});

test("and four levels out", () => {
  assert.equal(new View(PLANE).zoomed(-50).level, -4);
});

test("panning by a share of the map moves its middle", () => {
  const { x, y } = new View(PLANE).panned(0.5, 0.25);
  assert.deepEqual([x, y], [3, -1.5]);
});

test("nobody gets lost far outside", () => {
  const { x, y } = new View(PLANE, 1e6, -1e6);
  assert.deepEqual([x, y], [40, -40]);
});

test("rounded, it is as an address holds it", () => {
  const { x, y, level } = new View(PLANE, 0.123, -0.456, 1.4).rounded();
  assert.deepEqual([x, y, level], [0.12, -0.46, 1]);
});

test("it moves as little as shows a point, or not at all", () => {
  const view = new View(PLANE, 0, 0, 2);
  assert.equal(view.revealing(1, -1), view);
  const { x, y } = view.revealing(2, 0);
  assertClose([x, y], [0.5, 0], 1e-6);
});

test("about another middle, and on another plane, it keeps its level", () => {
  const view = new View(PLANE, 1, 2, 3);
  assert.deepEqual([view.about(0, 0).level, view.on(Plane.ofNumbers(normals(1, 16), 2, 3)).level], [3, 3]);
});

test("a whole map has a cell for each place, the middle one first", () => {
  const cells = new View(PLANE).cells(SIDE);
  assert.equal(cells.length, CELLS ** 2);
  assert.deepEqual(cells[0], { i: 0, j: 0, left: 196, top: 196 });
});

test("cells cover the map once", () => {
  const covered = new Set(new View(PLANE).cells(SIDE).map(({ left, top }) => `${left},${top}`));
  assert.equal(covered.size, CELLS ** 2);
  for (let row = 0; row < CELLS; row++) assert.ok(covered.has(`${row * SIDE},${(CELLS - 1 - row) * SIDE}`));
});

test("a map that was moved shows a part of the cells at its edge", () => {
  const cells = new View(PLANE, 0.13, 0, 0).cells(SIDE);
  assert.equal(cells.length, CELLS * (CELLS + 1));
  assert.ok(cells.every(({ left, top }) => left > -SIDE && left < 420 && top > -SIDE && top < 420));
});

test("there is a rough map after a sixteenth, and a better one after a quarter", () => {
  const order = new View(PLANE)
    .cells(SIDE)
    .map(({ i, j }) => (((i | j) & 3) === 0 ? 0 : ((i | j) & 1) === 0 ? 1 : 2));
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.equal(order.filter((turn) => turn === 0).length, 9);
});

test("a cell is where its digit is on the plane", () => {
  const view = new View(PLANE, 0.4, -0.8, 2);
  const [{ i, j, left, top }] = view.cells(SIDE);
  const [right, down] = view.share(i * view.step, j * view.step);
  assertClose([left + SIDE / 2, top + SIDE / 2], [right * 420, down * 420], 0.5);
});
