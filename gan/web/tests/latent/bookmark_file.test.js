import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import { AddressError } from "../../latent/address.js";
import { MOST_NAME, newId, readBookmarks, spellBookmarks } from "../../latent/bookmark_file.js";
import { normals } from "../../latent/geometry.js";

const FREE = { latentDim: 4, classes: 0, learned: [0, 1, 2] };
const ASKED = { latentDim: 4, classes: 10, learned: [1, 3, 7] };
const MARKS = [
  { id: "a1", name: "a 7", z: normals(5, 4), origin: 5, digit: 0, scale: 1 },
  { id: "b2", name: "a 3, 2", z: Float64Array.of(0.5, -1, 0, 3), origin: null, digit: 0, scale: 0.25 },
];

/** What is read of one bookmark. @param {Record<string, unknown>} mark @param {typeof FREE} network */
function readOne(mark, network = FREE) {
  return readBookmarks(JSON.stringify([{ z: "s5", ...mark }]), network, 60).marks[0];
}

test("bookmarks are written and read back", () => {
  assert.deepEqual(readBookmarks(spellBookmarks(MARKS), FREE, 60), { marks: MARKS, left: 0 });
});

test("a name that the app gave is kept as a code, and read as words", () => {
  const given = { reading: 7, number: 2 };
  const text = spellBookmarks([{ ...MARKS[0], name: "a 7, 2", given }]);
  assert.deepEqual(JSON.parse(text)[0].given, given);
  assert.ok(!text.includes("a 7"));
  assert.equal(readOne({ given }).name, "a 7, 2");
  assert.equal(readOne({ given: { reading: null, number: 1 } }).name, "digit");
});

for (const given of [null, 7, { reading: 10, number: 1 }, { reading: 7 }, { reading: "7", number: 1 }]) {
  test(`${JSON.stringify(given)} is no code of a name`, () => {
    assert.equal(readOne({ given, name: "mine" }).name, "mine");
    assert.ok(!("given" in readOne({ given })));
  });
}

test("a file holds vectors as addresses do", () => {
  const [{ z }, other] = JSON.parse(spellBookmarks(MARKS));
  assert.deepEqual([z, other.z], ["s5", "o_1.50_2.-100_4.300"]);
});

test("what there is no room for is counted", () => {
  const { marks, left } = readBookmarks(spellBookmarks(MARKS), FREE, 1);
  assert.deepEqual([marks.length, left], [1, 1]);
  assert.equal(readBookmarks(spellBookmarks(MARKS), FREE, -3).left, 2);
});

test("two bookmarks with one id become two", () => {
  const { marks } = readBookmarks('[{"z": "s1", "id": "x"}, {"z": "s2", "id": "x"}]', FREE, 60);
  assert.equal(new Set(marks.map(({ id }) => id)).size, 2);
});

test("what a file leaves out is made up", () => {
  const { id, ...rest } = readOne({});
  assert.match(id, /^\w{1,16}$/);
  assert.deepEqual(rest, { name: "digit", z: normals(5, 4), origin: 5, digit: 0, scale: 1 });
});

test("a name is cut to what there is room for", () => {
  assert.equal(readOne({ name: ` ${"n".repeat(99)}` }).name, "n".repeat(MOST_NAME));
});

for (const scale of [-0.1, 1.5, "1", null]) {
  test(`a scale of ${JSON.stringify(scale)} counts as 1`, () => {
    assert.equal(readOne({ scale }).scale, 1);
  });
}

test("a scale is in hundredths", () => {
  assert.equal(readOne({ scale: 0.333 }).scale, 0.33);
});

test("a digit that a network has not learned is the first one it has", () => {
  assert.equal(readOne({ digit: 7 }, ASKED).digit, 7);
  assert.equal(readOne({ digit: 5 }, ASKED).digit, 1);
  assert.equal(readOne({ digit: 7 }, FREE).digit, 0);
});

test("an id that could be anything else than a name is another one", () => {
  assert.notEqual(readOne({ id: "<b>" }).id, "<b>");
  assert.equal(readOne({ id: "mine_1" }).id, "mine_1");
});

for (const [text, words] of [
  ["rubbish", "This is not a file of bookmarks."],
  ['{"z": 1}', "This is not a file of bookmarks."],
  ["null", "This is not a file of bookmarks."],
  ["[null]", "A bookmark has no noise vector."],
  ['[{"z": "s5"}, {"name": "x"}]', "A bookmark has no noise vector."],
  ['[{"z": "o_65.1"}]', "This address changes number 65 of the noise vector; this network takes 4."],
]) {
  test(`the file ${text} is refused in a sentence: ${words}`, () => {
    assert.throws(() => readBookmarks(text, FREE, 60), { constructor: AddressError, message: words });
  });
}

test("ids differ", () => {
  assert.equal(new Set(Array.from({ length: 50 }, newId)).size, 50);
});
