import assert from "node:assert/strict";
import test from "node:test";
import { AddressError } from "../../latent/address.js";
import { add, MOST, mean, readEquation, spellEquation } from "../../latent/equation.js";
import { normals } from "../../latent/geometry.js";

const FREE = { latentDim: 4, classes: 0, learned: [0, 1, 2] };
const ASKED = { latentDim: 4, classes: 10, learned: [1, 3, 7] };
/** @param {number} seed @param {number} digit */
const item = (seed, digit = 0) => ({ z: normals(seed, 4), origin: seed, digit });

test("a mean is exact", () => {
  assert.deepEqual(
    mean([Float64Array.of(1, 2), Float64Array.of(2, 4), Float64Array.of(6, 0)]),
    Float64Array.of(3, 2),
  );
});

test("the mean of one vector is itself", () => {
  assert.deepEqual(mean([normals(1, 8)]), normals(1, 8));
});

test("a sum goes from the second group towards the third", () => {
  const [a, b, c] = [Float64Array.of(1, 0), Float64Array.of(0, 1), Float64Array.of(0, 2)];
  assert.deepEqual(add(a, b, c, 1), { z: Float64Array.of(1, 1), clipped: 0 });
  assert.deepEqual(add(a, b, c, 0.5).z, Float64Array.of(1, 0.5));
  assert.deepEqual(add(a, b, c, 0).z, a);
});

test("numbers beyond the sliders are clipped and counted", () => {
  const zero = new Float64Array(3);
  assert.deepEqual(add(zero, zero, Float64Array.of(2, -2, 1), 2), {
    z: Float64Array.of(3, -3, 2),
    clipped: 2,
  });
});

test("a sum is in hundredths", () => {
  const zero = new Float64Array(1);
  assert.deepEqual(add(zero, zero, Float64Array.of(1 / 3), 1).z, Float64Array.of(0.33));
});

test("an equation is spelled and read back", () => {
  const groups = [
    [item(1), item(2)],
    [item(7)],
    [item(9), { ...item(9), z: Float64Array.of(1, 2, 3, -1), origin: null }],
  ];
  const text = spellEquation(groups, 0.5, false);
  assert.match(text, /^0\.5~s1,s2~s7~s9,o_1\.100_2\.200_3\.300_4\.-100$/);
  assert.deepEqual(readEquation(text, FREE), { amount: 0.5, groups });
});

test("a conditional network's vectors carry their digits", () => {
  const groups = [[item(1, 3)], [item(2, 7)], []];
  const text = spellEquation(groups, 1, true);
  assert.equal(text, "1~3s1~7s2~");
  assert.deepEqual(readEquation(text, ASKED), { amount: 1, groups });
});

test("what is too long for an address is its amount alone", () => {
  const long = Array.from({ length: MOST }, (_, seed) => ({ z: normals(seed, 100), origin: null, digit: 0 }));
  assert.equal(spellEquation([long, long, long], 1.25, false), "1.25");
});

test("an amount alone has no groups", () => {
  assert.deepEqual(readEquation("1.25", FREE), { amount: 1.25, groups: null });
});

const NO_AMOUNT = "This address carries a sum with an amount that is not from 0 to 2.";
const NO_FIT = "This address carries a sum of digits that do not fit this network.";
for (const [text, network, words] of /** @type {const} */ ([
  ["2.01", FREE, NO_AMOUNT],
  ["-1", FREE, NO_AMOUNT],
  ["1.234", FREE, NO_AMOUNT],
  ["", FREE, NO_AMOUNT],
  ["1~s1", FREE, "This address carries a sum that is not of three groups."],
  ["1~s1~s2~s3~s4", FREE, "This address carries a sum that is not of three groups."],
  ["1~x~s2~s3", FREE, "A vector of the sum in this address cannot be read."],
  ["1~3s1~s2~s3", FREE, NO_FIT],
  ["1~s1~3s2~3s3", ASKED, NO_FIT],
  ["1~5s1~3s2~3s3", ASKED, NO_FIT],
  ["1~s1_9.1~s2~s3", FREE, "This address changes number 9 of the noise vector; this network takes 4."],
  [
    `1~${Array(21).fill("s1").join()}~s2~s3`,
    FREE,
    "This address carries a group of 21 vectors: there is room for 20.",
  ],
  ["1~".repeat(2000), FREE, "This address carries a sum that is too long."],
])) {
  test(`the sum "${text.slice(0, 24)}" is refused in a sentence: ${words}`, () => {
    assert.throws(() => readEquation(text, network), { constructor: AddressError, message: words });
  });
}
