import assert from "node:assert/strict";
import test from "node:test";
import { AddressError, readLatent, spellLatent } from "../../latent/address.js";
import { normals } from "../../latent/geometry.js";
import { fromHundredths, golden } from "../golden/golden.js";

const SIZE = 16;

/** z of a draw that was changed since. @param {import("../golden/golden.js").Spelled} spelled */
function changed({ seed, size, changes }) {
  const z = normals(seed, size);
  for (const [place, level] of changes) z[place] = level / 100;
  return z;
}

for (const size of [16, 64, 100]) {
  const cases = golden.spelled.filter((one) => one.size === size);

  test(`${cases.length} vectors of ${size} numbers are spelled as Python spells them`, () => {
    for (const one of cases) {
      assert.equal(spellLatent(changed(one), one.seed), one.text);
      assert.equal(spellLatent(changed(one), null), one.without_seed);
    }
  });

  test(`${cases.length} vectors of ${size} numbers are read back from both texts`, () => {
    for (const one of cases) {
      for (const text of [one.text, one.without_seed])
        assert.deepEqual(readLatent(text, size).z, changed(one));
    }
  });
}

test("both ways of spelling are among what Python spelled", () => {
  const whole = golden.spelled.filter(({ text }) => text.startsWith("v")).length;
  assert.ok(whole > 10 && whole < 100);
});

for (const [text, expected] of Object.entries(golden.read)) {
  if (expected) {
    test(`the text ${text.slice(0, 24)} is read as Python reads it`, () => {
      const { z, origin } = readLatent(text, SIZE);
      assert.deepEqual(Array.from(z), fromHundredths(expected.hundredths));
      assert.equal(origin, expected.seed);
    });
  } else {
    test(`the text "${text.slice(0, 24)}" is refused, as Python refuses it`, () => {
      assert.throws(() => readLatent(text, SIZE), AddressError);
    });
  }
}

const NOT_ONE = "The noise vector in this address is not one.";
const UNREADABLE = "The noise vector in this address cannot be read.";
const OUTSIDE = "This address carries a noise vector with numbers outside -3 to 3.";
/** @param {number} found */
const wrongLength = (found) =>
  `This address carries a noise vector of ${found} numbers; this network takes ${SIZE}.`;
/** @param {number} place */
const wrongPlace = (place) =>
  `This address changes number ${place} of the noise vector; this network takes ${SIZE}.`;

for (const [text, words] of [
  ["", NOT_ONE],
  ["szzzzzzz", NOT_ONE],
  [Array(SIZE).fill("NaN").join(), NOT_ONE],
  ["1,2", wrongLength(2)],
  ["1", wrongLength(1)],
  ["vAA", wrongLength(1)],
  [Array(SIZE).fill("9").join(), OUTSIDE],
  ["s1_1.301", OUTSIDE],
  [`v${"__".repeat(SIZE)}`, OUTSIDE],
  ["s1_17.10", wrongPlace(17)],
  ["s1_0.10", wrongPlace(0)],
  ["s1_1.1e3", UNREADABLE],
  ["s1_", UNREADABLE],
  ["o_1.1_", UNREADABLE],
  ["vA", UNREADABLE],
  [`v${"A=".repeat(SIZE)}`, UNREADABLE],
]) {
  test(`"${text.slice(0, 24)}" is refused in a sentence: ${words}`, () => {
    assert.throws(() => readLatent(text, SIZE), { constructor: AddressError, message: words });
  });
}

test("a change at the end of the range is taken", () => {
  assert.equal(readLatent("o_1.300", SIZE).z[0], 3);
  assert.equal(readLatent("o_1.-300", SIZE).z[0], -3);
});

test("a number that is changed to 0 is no -0", () => {
  assert.ok(Object.is(readLatent("o_1.-0", SIZE).z[0], 0));
});

test("sixteen changes are spelled one by one, seventeen as a whole", () => {
  const z = normals(5, 64).map((value, i) => (i < 16 ? 1.23 : value));
  assert.match(spellLatent(z, 5), /^s5(_\d+\.123){16}$/);
  z[16] = 1.23;
  assert.match(spellLatent(z, 5), /^v[\w-]{128}$/);
});

test("a spelled vector is made of signs that addresses leave alone", () => {
  const texts = golden.spelled.flatMap(({ text, without_seed: whole }) => [text, whole]);
  for (const text of texts) assert.equal(encodeURIComponent(text), text);
});

test("the longest address of 100 numbers is short enough to send", () => {
  assert.equal(spellLatent(normals(1, 100), null).length, 201);
});
