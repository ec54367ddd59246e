import assert from "node:assert/strict";
import { before, test } from "node:test";
import { withOther, withPinned } from "../../timeline/comparison.js";
import { between, Timeline } from "../../timeline/timeline.js";
import { allWords, placeWords, readingWords, secondsWords, short, stepWords } from "../../timeline/words.js";
import { OTHER, RUN } from "./sample.js";

/** @type {Timeline} */
let timeline;
/** @type {Timeline} */
let other;

before(() => {
  globalThis.fetch = () => new Promise(() => {}); // no sheet ever comes
  timeline = new Timeline(RUN, () => {});
  other = new Timeline(OTHER, () => {});
});

test("a step has a nearest sheet, and a first one after it", () => {
  assert.deepEqual(
    [0, 4, 6, 29, 31, 999].map((step) => timeline.nearest(step)),
    [0, 0, 1, 2, 3, 3],
  );
  assert.deepEqual(
    [0, 1, 10, 11, 41].map((step) => timeline.after(step)),
    [0, 1, 1, 2, 3],
  );
});

test("steps and seconds follow the clock, level beyond its ends", () => {
  assert.deepEqual(
    [0, 10, 20, 30, 40, 50].map((step) => timeline.secondsAt(step)),
    [0, 3, 6, 8, 10, 10],
  );
  assert.deepEqual(
    [-1, 3, 8, 99].map((seconds) => timeline.stepAt(seconds)),
    [0, 10, 30, 40],
  );
  assert.equal(between([], [], 5), 0, "no clock yet");
});

test("a step branches from the last snapshot before it, else from the first", () => {
  assert.deepEqual(
    [0, 10, 29, 40].map((step) => timeline.snapshot(step)),
    [10, 10, 10, 30],
  );
  assert.equal(new Timeline({ ...RUN, snapshots: [] }, () => {}).snapshot(5), undefined);
});

test("curves are read at the last step that they know", () => {
  const [loss, distance] = timeline.readings(25);
  assert.deepEqual(loss, [
    "Loss",
    [
      ["D", 1],
      ["G", null],
    ],
  ]);
  assert.deepEqual(distance, ["Frechet distance", [["generated", 123.456]]]);
  assert.deepEqual(timeline.readings(5)[0][1][0], ["D", undefined]);
});

test("numbers are as long as people can read", () => {
  assert.deepEqual([short(1234567, 9), short(0.012345, 2)], ["1,234,567", "0.012"]);
  assert.equal(stepWords(12000), "step 12,000");
  assert.deepEqual([0.25, 9.96, 99, 1234.5].map(secondsWords), ["0.25 s", "10 s", "99 s", "1,235 s"]);
});

test("alone, it says the step and what the curves stood at", () => {
  assert.equal(placeWords(timeline, 12, false), "Step 12");
  assert.equal(readingWords(timeline, 12), "Loss: D 1.25, G 0.700");
  assert.equal(
    allWords(timeline, 40, false),
    "Step 40 · Loss: D 0.500, G 2.00 · Frechet distance: generated 123",
  );
});

test("nothing is said of curves that have not begun", () => {
  assert.equal(readingWords(timeline, 5), "");
});

test("beside a pinned step, both steps and both numbers are said", () => {
  const beside = withPinned(timeline, 40);
  assert.equal(placeWords(timeline, 20, false, beside), "Step 20, pinned step 40");
  assert.equal(
    readingWords(timeline, 20, beside),
    "Loss: D 1.00 (pinned 0.500), G not yet (pinned 2.00) · Frechet distance: generated 123 (pinned 123)",
  );
});

test("two runs are compared after the same training time", () => {
  const beside = withOther(timeline, 20, other, true, ["Loss"]);
  assert.deepEqual([beside.step, beside.isOver], [15, false], "6 s");
  assert.equal(placeWords(timeline, 20, true, beside), "A at step 20, B at step 15, after 6 s of training");
});

test("or after the same step; one that has ended stands at its end", () => {
  const beside = withOther(timeline, 40, other, false, ["Loss"]);
  assert.deepEqual([beside.step, beside.isOver], [20, true]);
  assert.equal(placeWords(timeline, 40, false, beside), "A at step 40, B over step 20");
  const late = withOther(timeline, 40, other, true, []);
  assert.deepEqual([late.step, late.isOver], [20, true], "10 s are more than its 8");
});

test("only curves that compare have numbers in brackets", () => {
  const beside = withOther(timeline, 40, other, false, ["Loss"]);
  assert.equal(
    readingWords(timeline, 40, beside),
    "Loss: D 0.500 (B 1.00), G 2.00 · Frechet distance: generated 123",
  );
});
