import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Sheets } from "../../timeline/sheets.js";

const ADDRESSES = Array.from({ length: 10 }, (_, i) => `/sheets/${i}.png`);

/** @type {string[]} */
let asked = [];
/** @type {Map<string, () => void>} lets what was asked for arrive */
let arrivals = new Map();
let closed = 0;

beforeEach(() => {
  asked = [];
  arrivals = new Map();
  closed = 0;
  globalThis.fetch = (address) => {
    asked.push(String(address));
    return new Promise((resolve) => arrivals.set(String(address), () => resolve(new Response("png"))));
  };
  globalThis.createImageBitmap = async () =>
    /** @type {ImageBitmap} */ ({ width: 28, height: 28, close: () => closed++ });
});

/**
 * Sheets, and what waits until so many more have arrived.
 */
function made() {
  /** @type {(() => void)[]} */
  const waiting = [];
  const sheets = new Sheets(() => waiting.shift()?.());
  /** @param {string} address */
  const arrive = (address) =>
    new Promise((resolve) => {
      waiting.push(() => resolve(undefined));
      arrivals.get(address)?.();
    });
  return { sheets, arrive };
}

test("the sheets nearest to the cursor are asked for first, four at once", () => {
  const { sheets } = made();
  sheets.aimAt(5);
  sheets.take(ADDRESSES);
  assert.deepEqual(
    asked,
    [5, 4, 6, 3].map((i) => ADDRESSES[i]),
  );
});

test("each that arrives makes room for another, near where the cursor is by then", async () => {
  const { sheets, arrive } = made();
  sheets.take(ADDRESSES);
  sheets.aimAt(9);
  await arrive(ADDRESSES[0]);
  assert.deepEqual(
    asked,
    [0, 1, 2, 3, 9].map((i) => ADDRESSES[i]),
  );
});

test("the nearest that is there is shown", async () => {
  const { sheets, arrive } = made();
  sheets.take(ADDRESSES);
  assert.equal(sheets.nearest(2), undefined);
  await arrive(ADDRESSES[3]);
  assert.equal(sheets.nearest(9)?.place, 3);
  await arrive(ADDRESSES[0]);
  assert.equal(sheets.nearest(1)?.place, 0);
});

test("a growing run keeps what is loaded and gives back what is no longer shown", async () => {
  const { sheets, arrive } = made();
  sheets.take(ADDRESSES.slice(0, 3));
  for (const address of ADDRESSES.slice(0, 3)) await arrive(address);
  assert.ok(sheets.isComplete);
  sheets.take([ADDRESSES[0], ADDRESSES[2], ADDRESSES[4]]);
  assert.equal(closed, 1);
  assert.ok(!sheets.isComplete);
  assert.deepEqual(asked.slice(3), [ADDRESSES[4]], "nothing is asked for twice");
  assert.equal(sheets.nearest(1)?.place, 1);
});

test("what arrives when it is no longer wanted is given back", async () => {
  const { sheets, arrive } = made();
  sheets.take(ADDRESSES.slice(0, 1));
  sheets.close();
  await arrive(ADDRESSES[0]);
  assert.equal(closed, 1);
  assert.equal(sheets.nearest(0), undefined);
});
