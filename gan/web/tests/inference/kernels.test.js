import "../page_parts.js";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { Heap, ready } from "../../inference/kernels.js";
import { normals } from "../../latent/geometry.js";
import { assertClose } from "../closeness.js";

/** @import { LoopName } from "../../inference/types" */

const assembled = await WebAssembly.compile(
  await readFile(new URL("../../inference/kernels.wasm", import.meta.url)),
);
const WIDTH = 100; // numbers of a row

/**
 * What a loop makes of a run, `count` rows and amounts: { run, amounts }, both new arrays.
 * @param {WebAssembly.Module | null} module
 * @param {LoopName} loop
 * @param {{ length: number, from: number, count: number }} size in numbers
 */
function looped(module, loop, { length, from, count }) {
  const heap = new Heap([length, count * WIDTH, count, count], module);
  const run = heap.takeNumbers(length);
  const weights = heap.takeNumbers(count * WIDTH);
  const rows = heap.takeAddresses(count);
  const amounts = heap.takeNumbers(count);
  run.set(normals(1, length));
  weights.set(normals(2, weights.length));
  amounts.set(normals(3, count));
  for (let k = 0; k < count; k++) rows[k] = weights.byteOffset + 4 * WIDTH * (count - 1 - k);
  heap.loops[loop](run.byteOffset, 4 * length, 4 * from, rows.byteOffset, amounts.byteOffset, count);
  return { run: run.slice(), amounts: amounts.slice() };
}

/** The same by the definition alone. @param {LoopName} loop @param {{ length: number, from: number, count: number }} size */
function defined(loop, { length, from, count }) {
  const [run, weights, amounts] = [normals(1, length), normals(2, count * WIDTH), normals(3, count)];
  for (let k = 0; k < count; k++) {
    const row = weights.subarray(WIDTH * (count - 1 - k) + from);
    if (loop === "addRows") for (let i = 0; i < length; i++) run[i] += amounts[k] * row[i];
    else for (let i = 0; i < length; i++) amounts[k] += run[i] * row[i];
  }
  return { run, amounts };
}

for (const loop of /** @type {const} */ (["addRows", "dotRows"])) {
  for (const size of [
    { length: 1, from: 0, count: 1 },
    { length: 3, from: 1, count: 5 },
    { length: 4, from: 0, count: 2 },
    { length: 16, from: 2, count: 3 },
    { length: 23, from: 7, count: 9 },
    { length: 90, from: 10, count: 4 },
    { length: 8, from: 0, count: 0 },
  ]) {
    const words = `${loop} over ${size.count} rows, ${size.length} numbers of each`;

    test(`${words}, assembled`, () => {
      const [found, expected] = [looped(assembled, loop, size), defined(loop, size)];
      assertClose(found.run, expected.run, 1e-4);
      assertClose(found.amounts, expected.amounts, 1e-4);
    });

    test(`${words}, in JavaScript, is the same`, () => {
      const [found, expected] = [looped(null, loop, size), looped(assembled, loop, size)];
      assertClose(found.run, expected.run, 1e-4);
      assertClose(found.amounts, expected.amounts, 1e-4);
    });
  }
}

test("arrays of a heap begin at multiples of sixteen bytes and do not overlap", () => {
  const heap = new Heap([3, 5, 1], null);
  const [a, b, c] = [heap.takeNumbers(3), heap.takeAddresses(5), heap.takeNumbers(1)];
  assert.deepEqual([a.byteOffset, b.byteOffset, c.byteOffset], [0, 16, 48]);
  assert.equal(heap.buffer.byteLength, 64);
});

test("a heap of WebAssembly is as large as it has to be", () => {
  const heap = new Heap([40_000], assembled);
  assert.equal(heap.takeNumbers(40_000).length, 40_000);
});

test("where WebAssembly loads, heaps run it", async () => {
  await ready;
  assert.ok(!(new Heap([4]).buffer instanceof ArrayBuffer) || new Heap([4]).buffer.byteLength === 1 << 16);
});
