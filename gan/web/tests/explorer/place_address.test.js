// Where people are, in an address and back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressReader, spellPlace } from "../../explorer/place_address.js";
import { normals } from "../../latent/geometry.js";
import { opened } from "./opened.js";

/** @import { State } from "../../explorer/state.js" */

/** @param {State} state @param {Record<string, string>} address */
function problemsOf(state, address) {
  const reader = new AddressReader(new Map(Object.entries(address)));
  reader.follow(state);
  return reader.problems;
}

/** @param {State} state @param {string | null} mode */
function spelled(state, mode = null) {
  return Object.fromEntries(spellPlace(state, mode).filter(([, value]) => value !== null));
}

test("what an address says is where people are then", () => {
  const { state } = opened({ classes: 10 });
  assert.deepEqual(problemsOf(state, { z: "s5_2.-120", digit: "7", scale: "0.5" }), []);
  const drawn = normals(5, 4);
  assert.deepEqual([...state.z], [drawn[0], -1.2, drawn[2], drawn[3]]);
  assert.deepEqual([state.digit, state.scale, state.origin], [7, 0.5, 5]);
  assert.deepEqual(spelled(state, "map"), {
    run: "a-run",
    step: 8,
    mode: "map",
    z: "s5_2.-120",
    digit: 7,
    scale: 0.5,
  });
});

test("what is usual is in no address", () => {
  const { state } = opened();
  state.tell({ ...state.about, steps: [8] });
  state.move([0, 0, 0, 0], null);
  assert.deepEqual(spelled(state), { run: "a-run", z: "o" });
});

test("a run that is followed has no step in its address while it learns", () => {
  const { state } = opened();
  state.isFollowing = true;
  state.tell({ ...state.about, isLive: true });
  assert.equal(spelled(state).step, undefined);
  state.tell({ ...state.about, isLive: false });
  assert.equal(spelled(state).step, 8);
});

test("an address without a scale or a step means the usual ones", () => {
  const { state, steps } = opened({ step: 4 });
  state.setScale(0.5);
  assert.deepEqual(problemsOf(state, { z: "o" }), []);
  assert.equal(state.scale, 1);
  assert.deepEqual(steps, [8], "the newest");
});

test("a step that is kept is gone to, unless it is shown", () => {
  const { state, steps } = opened();
  assert.deepEqual(problemsOf(state, { step: "4" }), []);
  assert.deepEqual(problemsOf(state, { step: "8" }), []);
  assert.deepEqual(steps, [4]);
});

for (const [address, words] of /** @type {[Record<string, string>, RegExp][]} */ ([
  [{ z: "<script>" }, /is not one/],
  [{ z: "v__" }, /1 numbers; this network takes 4/],
  [{ digit: "7" }, /chooses itself what it draws/],
  [{ scale: "7" }, /not from 0 to 1/],
  [{ scale: "1e-1" }, /not from 0 to 1/],
  [{ scale: "-0.5" }, /not from 0 to 1/],
  [{ step: "12" }, /step 12, of which nothing is kept/],
  [{ step: "8.0" }, /of which nothing is kept/],
])) {
  test(`what is damaged is said and left as it is: ${JSON.stringify(address)}`, () => {
    const { state } = opened();
    state.move(normals(3, 4), 3);
    const before = state.place();
    const problems = problemsOf(state, { step: "8", ...address });
    assert.equal(problems.length, 1);
    assert.match(problems[0], words);
    assert.deepEqual(state.place(), before);
  });
}

test("a digit that was not learned is said, with those that were", () => {
  const { state } = opened({ classes: 10 });
  assert.match(problemsOf(state, { digit: "5", step: "8" })[0], /it knows 1, 7/);
  assert.equal(state.digit, 1);
});

test("one damaged part does not keep the others from being read", () => {
  const { state } = opened({ classes: 10 });
  const problems = problemsOf(state, { z: "nonsense", digit: "7", scale: "2", step: "8" });
  assert.equal(problems.length, 2);
  assert.equal(state.digit, 7);
});

test("what is no damaged address is nobody's to hide", () => {
  const reader = new AddressReader(new Map([["map", "n1.2"]]));
  assert.throws(() =>
    reader.attempt("map", () => {
      throw new TypeError("a mistake");
    }),
  );
});

// ---- a diffusion model

const STEPWISE = { steps: 20, sampler: /** @type {const} */ ("ddim") };

test("an address says in how many steps a diffusion model draws, and how", () => {
  const { state } = opened(STEPWISE);
  assert.deepEqual(problemsOf(state, { steps: "50", sampler: "ddpm" }), []);
  assert.deepEqual(state.sampling.full, { steps: 50, sampler: "ddpm" });
  const { steps, sampler } = spelled(state);
  assert.deepEqual([steps, sampler], [50, "ddpm"]);
  assert.deepEqual(problemsOf(state, {}), []);
  assert.deepEqual(state.sampling.full, { steps: 20, sampler: "ddim" }, "as its file says");
  assert.deepEqual(spelled(opened(STEPWISE).state).steps, undefined);
});

for (const [name, text] of [
  ["steps", "0"],
  ["steps", "1001"],
  ["steps", "2.5"],
  ["steps", "-5"],
  ["sampler", "heun"],
  ["sampler", ""],
]) {
  test(`a diffusion model does not draw by ${name} of "${text}"`, () => {
    const { state } = opened(STEPWISE);
    assert.equal(problemsOf(state, { [name]: text }).length, 1);
    assert.deepEqual(state.sampling.full, STEPWISE);
  });
}

test("another network takes no notice of steps", () => {
  const { state } = opened();
  assert.deepEqual(problemsOf(state, { steps: "50", sampler: "heun" }), []);
  assert.deepEqual(state.sampling.full, {});
});
