// A walk: z wanders from frame to frame until somebody stops it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { opened } from "./opened.js";

/** @param {ArrayLike<number>} z @param {ArrayLike<number>} other */
const distance = (z, other) => Math.hypot(...Array.from(z, (value, i) => value - other[i]));

test("each frame is a stretch of the way, and asks for the next one", () => {
  const { state, frames, said } = opened();
  state.move([1, 1, -1, 1]);
  frames.pass();
  state.wander.toggle();
  state.wander.movedAt = frames.now;
  assert.equal(said.at(-1), "Walking");
  for (let i = 0; i < 20; i++) {
    assert.equal(frames.waiting.length, 1);
    frames.pass(40);
  }
  assert.ok(distance(state.z, [1, 1, -1, 1]) > 0.1);
  state.wander.toggle();
  assert.equal(said.at(-1), "Walk stopped");
  frames.pass();
  const stopped = [...state.z];
  assert.equal(frames.waiting.length, 0);
  assert.deepEqual([...state.z], stopped);
});

test("after a stall it does not jump", () => {
  const { state, frames } = opened();
  state.move([1, 1, -1, 1]);
  state.wander.toggle();
  state.wander.movedAt = frames.now;
  frames.pass(60_000);
  assert.ok(distance(state.z, [1, 1, -1, 1]) < 0.15, "half a radian a second, for a twentieth of one");
});

test("numbers that are locked stay", () => {
  const { state, frames } = opened();
  state.move([1, 1, -1, 1]);
  state.toggleLock(1);
  state.wander.toggle();
  state.wander.movedAt = frames.now;
  for (let i = 0; i < 10; i++) frames.pass(40);
  assert.equal(state.z[1], 1);
  assert.notEqual(state.z[0], 1);
});

test("who wants less movement sees a digit a second", () => {
  const { state, frames } = opened({}, { isStill: true });
  state.move([1, 1, -1, 1]);
  state.wander.toggle();
  state.wander.movedAt = frames.now;
  frames.pass(500);
  assert.deepEqual([...state.z], [1, 1, -1, 1]);
  frames.pass(500);
  assert.notDeepEqual([...state.z], [1, 1, -1, 1]);
});

test("one step of Undo leads back to where the walk began", () => {
  const { state, frames } = opened();
  state.move([1, 1, -1, 1]);
  state.wander.toggle();
  state.wander.movedAt = frames.now;
  for (let i = 0; i < 10; i++) frames.pass(40);
  state.undo();
  assert.equal(state.wander.isOn, false);
  assert.deepEqual([...state.z], [1, 1, -1, 1]);
});
