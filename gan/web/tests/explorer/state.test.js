// The explorer's state: what changes, who hears of it, and what people can ask for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { normals } from "../../latent/geometry.js";
import { CLASSES, opened } from "./opened.js";

/** @import { Change } from "../../explorer/types" */

test("who subscribed hears once a frame what changed, and nothing else", () => {
  const { state, frames } = opened();
  /** @type {Change[][]} */
  const heard = [];
  state.subscribe(["z", "scale"], (changed) => heard.push([...changed].sort()));
  state.setDigit(0);
  frames.pass();
  assert.deepEqual(heard, []);
  state.move(normals(5, 4));
  state.move(normals(6, 4));
  state.rescale(0.5);
  assert.deepEqual(heard, [], "not before the frame");
  frames.pass();
  assert.deepEqual(heard, [["history", "scale", "z"]]);
  frames.pass();
  assert.equal(heard.length, 1);
});

test("listeners hear in the order in which they subscribed, and none after the end", () => {
  const { state, frames } = opened();
  /** @type {string[]} */
  const heard = [];
  state.subscribe(["z"], () => heard.push("first"));
  state.subscribe(null, () => heard.push("second"));
  state.change("z");
  frames.pass();
  assert.deepEqual(heard, ["first", "second"]);
  state.change("z");
  state.close();
  frames.pass();
  assert.equal(heard.length, 2);
});

test("what a listener changes is heard in the next frame", () => {
  const { state, frames } = opened();
  let times = 0;
  state.subscribe(["scale"], () => {
    times += 1;
  });
  state.subscribe(["z"], () => state.setScale(0.5));
  state.change("z");
  frames.pass();
  assert.equal(times, 0);
  frames.pass();
  assert.equal(times, 1);
});

test("z is rounded to hundredths from -3 to 3, and remembers the seed that drew it", () => {
  const { state } = opened();
  state.move([1.2345, -7, 3.001, 0], 5);
  assert.deepEqual([...state.z], [1.23, -3, 3, 0]);
  assert.equal(state.origin, 5);
  state.move([0.1, 0, 0, 0]);
  assert.equal(state.origin, 5, "the last one counts");
});

test("a draw leaves what is locked, and so does a reset", () => {
  const { state } = opened();
  state.move([1, 1, 1, 1]);
  assert.equal(state.toggleLock(2), true);
  state.drawFrom(7);
  const drawn = normals(7, 4);
  assert.deepEqual([...state.z], [drawn[0], drawn[1], 1, drawn[3]]);
  state.reset();
  assert.deepEqual([...state.z], [0, 0, 1, 0]);
  assert.equal(state.origin, null);
  assert.equal(state.toggleLock(2), false);
});

test("undo and redo lead back and forth, with all that a picture depends on", () => {
  const { state, said } = opened({ classes: 10 });
  state.move([1, 0, 0, 0], null);
  state.choose(7);
  state.rescale(0.5);
  const there = state.place();
  state.undo();
  state.undo();
  assert.deepEqual([state.digit, state.scale], [CLASSES[0], 1]);
  state.redo();
  state.redo();
  assert.deepEqual(state.place(), there);
  state.redo();
  assert.equal(said.at(-1), "Nothing to redo");
});

test("settling writes the address and tells a screen reader, if there is anything to tell", () => {
  const { state, said, written } = opened();
  state.settle("There", "gesture");
  state.settle("", "map");
  assert.deepEqual(written, ["gesture", "map"]);
  assert.deepEqual(said, ["There"]);
});

test("a place with a digit that was not learned keeps the digit that is asked for", () => {
  const { state } = opened({ classes: 10 });
  state.goTo({ z: normals(3, 4), digit: 4, scale: 0.5, origin: 3 });
  assert.equal(state.digit, CLASSES[0]);
  state.goTo({ z: normals(3, 4), digit: 7, scale: 0.5, origin: 3 });
  assert.equal(state.digit, 7);
  assert.equal(state.scale, 0.5);
});

test("the snapshot that is looked at stays listed until people look at another", () => {
  const { state } = opened({ step: 8 });
  state.tell({ ...state.about, steps: [4, 16] });
  assert.deepEqual(state.about.steps, [4, 8, 16]);
  state.take({ ...state.network, step: 4 });
  state.tell({ ...state.about, steps: [4, 16] });
  assert.deepEqual(state.about.steps, [4, 16]);
});

test("who looks at the newest snapshot follows the run", () => {
  const { state, steps } = opened({ step: 8 });
  state.goToStep(4);
  assert.equal(state.isFollowing, false);
  state.goToStep(8);
  assert.equal(state.isFollowing, true);
  assert.deepEqual(steps, [4, 8]);
});

test("another network keeps the place, and the first one begins with a digit that it has learned", () => {
  const { state } = opened({ classes: 10 });
  assert.equal(state.digit, CLASSES[0]);
  state.move([1, 2, 3, 0]);
  state.setDigit(7);
  state.take({ ...state.network, url: "later", step: 8 });
  assert.deepEqual([...state.z], [1, 2, 3, 0]);
  assert.equal(state.digit, 7);
});

test("a digit is read as the largest of the classifier's shares", () => {
  const { state } = opened();
  assert.equal(state.reading, undefined);
  const shares = Array.from({ length: 10 }, (_, digit) => (digit === 3 ? 0.91 : 0.01));
  state.show({ pixels: new Float32Array(784), ms: 1, reading: shares }, true);
  assert.equal(state.reading, 3);
  assert.equal(state.isDrawn, true);
  state.beginPicture();
  assert.equal(state.isDrawn, false);
});
