// What spans a map, and how that reads.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressed,
  axisChoices,
  axisNames,
  cornerOf,
  cornersSpan,
  DIRECTIONS,
  directionsSpan,
  isSame,
  numbersSpan,
  titleOf,
} from "../../explorer/map/plane_span.js";
import { normals } from "../../latent/geometry.js";
import { readPlane, spellPlane } from "../../latent/plane_address.js";

/** @import { Span } from "../../explorer/map/plane_span.js" */

const FOUND = {
  features: {
    directions: [
      [1, 0],
      [0, 1],
    ],
    shares: [0.4, 0.125],
  },
  weights: { directions: [], shares: [] },
};

test("two numbers of z are called as their sliders", () => {
  assert.deepEqual(axisNames(numbersSpan([2, 6])), ["z3", "z7"]);
  assert.equal(
    titleOf(numbersSpan([2, 6])),
    "Map of digits, spanned by numbers of z: z3 from left to right, z7 upwards",
  );
  assert.deepEqual(axisChoices(numbersSpan([0, 1]), 3), ["z1", "z2", "z3"]);
});

test("directions have the step that they were found at, and their shares of the variance", () => {
  const span = directionsSpan("f", [0, 1], 8, FOUND);
  assert.equal(span.step, 8);
  assert.deepEqual(span.vectors[1], Float64Array.of(0, 1));
  assert.deepEqual(axisNames(span), ["direction 1, 40.0%", "direction 2, 12.5%"]);
  assert.deepEqual(axisChoices(span, 64), ["1 (40.0% of the variance)", "2 (12.5% of the variance)"]);
});

test("only so many directions are offered", () => {
  const span = { ...directionsSpan("f", [0, 1], 8, FOUND), shares: new Array(20).fill(0.05) };
  assert.equal(axisChoices(span, 64).length, DIRECTIONS);
});

test("directions that a network does not have are refused", () => {
  assert.throws(() => directionsSpan("w", [0, 1], 8, FOUND), /Such directions of this network: 0\./);
});

test("a bookmark is a corner as it was kept: truncated", () => {
  const mark = { name: "mine", z: Float64Array.of(2, -1), origin: 5, digit: 3, scale: 0.5 };
  assert.deepEqual(cornerOf(mark), { name: "mine", z: Float64Array.of(1, -0.5), origin: null });
  assert.deepEqual(cornerOf({ ...mark, scale: 1 }), { name: "mine", z: mark.z, origin: 5 });
});

test("corners are called by their names, and are the same if their numbers are", () => {
  const corners = [1, 2, 3].map((seed) => ({ name: `number ${seed}`, z: normals(seed, 4), origin: seed }));
  assert.deepEqual(axisNames(cornersSpan(corners)), ["towards number 2", "towards number 3"]);
  assert.equal(isSame(corners[0], { z: normals(1, 4), origin: null }), true);
  assert.equal(isSame(corners[0], corners[1]), false);
});

test("an address holds what spans a map, and nothing besides", () => {
  const usual = { view: null, isTinted: false, step: null, through: null };
  const corners = [1, 2, 3].map((seed) => ({ name: `number ${seed}`, z: normals(seed, 4), origin: seed }));
  const found = directionsSpan("f", [1, 0], 8, FOUND);
  for (const [span, text] of /** @type {[Span, string][]} */ ([
    [numbersSpan([2, 0]), "n3.1"],
    [found, "f2.1"],
    [cornersSpan(corners), "p~s1~s2~s3"],
  ])) {
    assert.equal(spellPlane({ ...addressed(span), ...usual }), text);
    assert.equal(spellPlane(readPlane(text, 4, DIRECTIONS)), text);
  }
});
