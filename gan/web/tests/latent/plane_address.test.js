import assert from "node:assert/strict";
import test from "node:test";
import { AddressError } from "../../latent/address.js";
import { normals } from "../../latent/geometry.js";
import { readPlane, spellPlane } from "../../latent/plane_address.js";

/** @import { PlaneAddress } from "../../latent/types" */

const SIZE = 16;
const DIRECTIONS = 8;
/** @type {PlaneAddress} */
const PLAIN = {
  kind: "n",
  pick: [2, 6],
  points: null,
  view: null,
  isTinted: false,
  step: null,
  through: null,
};
/** @param {number} seed */
const draw = (seed) => ({ z: normals(seed, SIZE), origin: seed });

/** @type {[text: string, plane: PlaneAddress][]} */
const FORMS = [
  ["n3.7", PLAIN],
  ["n16.1", { ...PLAIN, pick: [15, 0] }],
  ["f1.2", { ...PLAIN, kind: "f", pick: [0, 1] }],
  ["w8.4", { ...PLAIN, kind: "w", pick: [7, 3] }],
  ["p~s1~s2~s3", { ...PLAIN, kind: "p", pick: null, points: [draw(1), draw(2), draw(3)] }],
  ["n3.7~c50.-120.3", { ...PLAIN, view: { x: 0.5, y: -1.2, level: 3 } }],
  ["n3.7~c-4000.4000.-4", { ...PLAIN, view: { x: -40, y: 40, level: -4 } }],
  ["n3.7~t", { ...PLAIN, isTinted: true }],
  ["f1.2~d3000", { ...PLAIN, kind: "f", pick: [0, 1], step: 3000 }],
  ["w1.2~s9", { ...PLAIN, kind: "w", pick: [0, 1], through: draw(9) }],
  [
    "f1.2~c1.2.0~t~d40~s9",
    {
      ...PLAIN,
      kind: "f",
      pick: [0, 1],
      view: { x: 0.01, y: 0.02, level: 0 },
      isTinted: true,
      step: 40,
      through: draw(9),
    },
  ],
];

for (const [text, plane] of FORMS) {
  test(`"${text}" is read`, () => {
    assert.deepEqual(readPlane(text, SIZE, DIRECTIONS), plane);
  });

  test(`and spelled: "${text}"`, () => {
    assert.equal(spellPlane(plane), text);
  });
}

test("parts may come in any order", () => {
  assert.deepEqual(
    readPlane("n3.7~t~c1.2.0", SIZE, DIRECTIONS),
    readPlane("n3.7~c1.2.0~t", SIZE, DIRECTIONS),
  );
});

test("a plane of numbers goes through z, whatever an address says", () => {
  assert.equal(readPlane("n3.7~s9", SIZE, DIRECTIONS).through, null);
});

const UNREADABLE = "The map in this address cannot be read.";
for (const [text, words] of [
  ["", UNREADABLE],
  ["n3", UNREADABLE],
  ["x3.7", UNREADABLE],
  ["px~s1~s2~s3", UNREADABLE],
  ["p~s1~s2", UNREADABLE],
  ["f1.2~s1~s2", UNREADABLE],
  ["n3.7~c1.2", UNREADABLE],
  ["n3.7~c1.2.21", UNREADABLE],
  ["n3.7~c4001.0.0", UNREADABLE],
  ["n3.7~d1234567890", UNREADABLE],
  ["n3.7~t~t~t~t~t~t~t", UNREADABLE],
  ["n3.7~<script>", UNREADABLE],
  ["n0.7", "This address spans the map by numbers of z of which there are 16."],
  ["n3.17", "This address spans the map by numbers of z of which there are 16."],
  ["f1.9", "This address spans the map by directions of which there are 8."],
  ["w2.2", "This address spans the map twice by the same."],
  ["p~s1~s2~s1_99.1", "This address changes number 99 of the noise vector; this network takes 16."],
]) {
  test(`the map "${text}" is refused in a sentence: ${words}`, () => {
    assert.throws(() => readPlane(text, SIZE, DIRECTIONS), { constructor: AddressError, message: words });
  });
}
