// What is said of the digits that groups are filled with.

import assert from "node:assert/strict";
import { test } from "node:test";
import { foundWords, insteadWords, keptWords, tooFewWords } from "../../explorer/sum/sum_words.js";

test("what was found is counted for one digit or for two", () => {
  const threes = { digit: 3, count: 64 };
  assert.equal(foundWords(1000, [threes]), "In 1,000 draws the classifier was sure (90% or more) of 64 3s.");
  assert.equal(
    foundWords(2000, [threes, { digit: 8, count: 70 }]),
    "In 2,000 draws the classifier was sure (90% or more) of 64 3s and 70 8s.",
  );
});

test("a network that draws other digits, or only one, is told of", () => {
  assert.equal(insteadWords([3, 8]), "This network draws too few 3s or 8s: these are what it draws most.");
  assert.equal(
    tooFewWords(1000, 8),
    "In 1,000 draws the classifier was sure of hardly anything but 8s: too few other digits for a sum. " +
      "The groups are as they were.",
  );
});

test("a group says what it holds", () => {
  const wanted = { digit: 3, trait: "thick", count: 16 };
  assert.equal(keptWords("A", wanted, 16), "A: the 16 thickest 3s.");
  assert.equal(keptWords("A", { ...wanted, trait: "any" }, 16), "A: the first 16 3s.");
  assert.equal(keptWords("B", wanted, 5), "B: only 5 instead of 16.");
  assert.equal(keptWords("C", wanted, 0), "C: none, so it stays as it was.");
});
