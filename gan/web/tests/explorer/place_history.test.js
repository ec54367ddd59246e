// Undo and Redo, as a list of places.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaceHistory } from "../../explorer/place_history.js";

/** @import { Place } from "../../latent/types" */

/** @param {number} digit @returns {Place} */
const place = (digit) => ({ z: new Float64Array(2), digit, scale: 1, origin: null });

test("changes with one name in quick succession are one step back", () => {
  const history = new PlaceHistory();
  history.keep(place(1), "z3", 0);
  history.keep(place(2), "z3", 900);
  history.keep(place(3), "z3", 1800); // within a second of the one before
  assert.equal(history.undo(place(4))?.digit, 1);
  assert.equal(history.canUndo, false);
});

test("after a rest the same name is another step", () => {
  const history = new PlaceHistory();
  history.keep(place(1), "z3", 0);
  history.keep(place(2), "z3", 1000);
  assert.equal(history.undo(place(3))?.digit, 2);
  assert.equal(history.undo(place(2))?.digit, 1);
});

test("changes without a name, or with another one, are steps of their own", () => {
  const history = new PlaceHistory();
  history.keep(place(1), null, 0);
  history.keep(place(2), null, 1);
  history.keep(place(3), "scale", 2);
  assert.deepEqual(
    [history.undo(place(4)), history.undo(place(3)), history.undo(place(2))].map((p) => p?.digit),
    [3, 2, 1],
  );
});

test("what was taken back can be done again, until there is a new change", () => {
  const history = new PlaceHistory();
  history.keep(place(1), null, 0);
  assert.equal(history.redo(place(2)), null);
  assert.equal(history.undo(place(2))?.digit, 1);
  assert.equal(history.canRedo, true);
  assert.equal(history.redo(place(1))?.digit, 2);
  history.undo(place(2));
  history.keep(place(5), null, 1);
  assert.equal(history.canRedo, false);
});

test("a change right after Redo is a step of its own, whatever its name", () => {
  const history = new PlaceHistory();
  history.keep(place(1), "z1", 0);
  history.undo(place(2));
  history.redo(place(1));
  history.keep(place(2), "z1", 1);
  assert.equal(history.undo(place(3))?.digit, 2);
  assert.equal(history.undo(place(2))?.digit, 1);
});

test("it holds a hundred steps", () => {
  const history = new PlaceHistory();
  for (let digit = 0; digit < 150; digit++) history.keep(place(digit), null, digit);
  let oldest = null;
  for (let step = history.undo(place(150)); step; step = history.undo(step)) oldest = step.digit;
  assert.equal(oldest, 50);
});
