// What the explorer says of its numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { backWords, cancelledWords, comparisonWords, resultWords } from "../../explorer/find/find_words.js";
import { verdict } from "../../explorer/neighbours.js";
import { notesOf, scoreFormat, scoreOf, summary } from "../../explorer/path/path_words.js";
import { pythonLines } from "../../explorer/python_lines.js";
import { judgedWords, readingWords, shareWords } from "../../explorer/words/judged.js";
import { normals } from "../../latent/geometry.js";
import { byKind, Journey } from "../../latent/journey.js";
import { network } from "./opened.js";

/** @param {number} digit @param {number} share */
const shares = (digit, share) =>
  Array.from({ length: 10 }, (_, i) => (i === digit ? share : (1 - share) / 9));

test("a digit is read with how surely", () => {
  assert.equal(readingWords(shares(7, 0.984)), "7 (98%)");
});

test("probabilities are told apart near their ends", () => {
  assert.equal(shareWords(0), "50%");
  assert.equal(shareWords(Math.log(0.004 / 0.996)), "0.4%");
  assert.equal(shareWords(Math.log(0.996 / 0.004)), "99.6%");
  assert.equal(judgedWords(0, true), "50% real");
});

test("a number that is no probability has its sign", () => {
  assert.equal(judgedWords(1.234, false), "+1.23");
  assert.equal(judgedWords(-0.5, false), "−0.50");
});

for (const [distance, words] of /** @type {[number, RegExp][]} */ ([
  [20, /^Close to a copy\./],
  [35, /^No copy, but nearer to a real digit than most/],
  [50, /^No copy: as different from the real digits as they are/],
  [80, /^No copy: more different from all real digits/],
])) {
  test(`a nearest digit at ${distance} where 50 is usual`, () => {
    assert.match(verdict(distance, 50, true), words);
    assert.match(verdict(distance, 50, true), new RegExp(`differs from it by ${distance}; .* by 50`));
  });
}

test("where not all was searched, no copy was found in what was", () => {
  assert.match(verdict(80, 50, false), /^No copy of any that was searched: more different/);
});

test("lines of Python name what is not usual, and only that", () => {
  const place = { z: normals(5, 4), origin: 5, digit: 7, scale: 1 };
  assert.deepEqual(pythonLines({ run: "digits", place, asks: false, step: null, steps: null, zoom: 20 }), {
    python: 'from gan.drawing import picture; picture("digits", "s5").save("digit.png")',
    command: "python -m gan sample digits --z s5 --out digit.png",
  });
  const unusual = { run: "r", place: { ...place, scale: 0.5 }, asks: true, step: 8, steps: 50, zoom: 3 };
  assert.deepEqual(pythonLines(unusual), {
    python:
      'from gan.drawing import picture; picture("r", "s5", digit=7, scale=0.5, step=8, sampling_steps=50, zoom=3).save("digit.png")',
    command:
      "python -m gan sample r --z s5 --digit 7 --scale 0.5 --step 8 --sampling-steps 50 --zoom 3 --out digit.png",
  });
});

// ---- a search

const FOUND = {
  z: normals(5, 4),
  label: 0,
  error: 5,
  pixels: new Uint8Array(784),
  start: /** @type {const} */ ("draw"),
  share: 1,
  seconds: 1.25,
  wanted: shares(3, 0.97),
  reading: shares(3, 0.99),
  spread: 60,
  isEarly: false,
};

test("a digit that was found is said so, with what it is read as", () => {
  assert.equal(
    resultWords(FOUND),
    "Found in 1.3 s with an error of 5.0 of 255. The classifier reads the target as 3 (97%) and what was found as " +
      "3 (99%).",
  );
});

test("noise that was found by going back is said to be found without searching", () => {
  const back = { ...FOUND, start: /** @type {const} */ ("picture") };
  assert.match(
    backWords(back),
    /^Found in 1\.3 s without searching: what is drawn of the noise differs by 5\.0 of 255\. The classifier reads/,
  );
  assert.match(backWords({ ...back, error: 40 }), /^Found something like it in 1\.3 s/);
  assert.match(backWords({ ...back, error: 100 }), /of which another picture is drawn: it differs by 100\.0/);
});

test("something like it is not the same", () => {
  assert.match(
    resultWords({ ...FOUND, error: 40 }),
    /^Found something like it .* but not the same: .* 40\.0 of 255\./,
  );
});

test("what reads as another digit cannot be made, or was not found if the search ended early", () => {
  const other = { ...FOUND, error: 20, reading: shares(8, 0.9) };
  assert.match(
    resultWords(other),
    /^This generator cannot make that digit: .*, and reads as another digit\./,
  );
  assert.match(
    resultWords({ ...other, isEarly: true }),
    /^This search did not find that digit: .*stopped early/,
  );
});

test("a picture that is no digit is called a picture", () => {
  const picture = { ...FOUND, wanted: shares(3, 0.3), error: 150 };
  assert.match(
    resultWords(picture),
    /^This generator cannot make that picture: .* sees no clear digit in the target/,
  );
});

test("a cancelled search and a comparison say errors and seconds", () => {
  assert.match(
    cancelledWords({ error: 12.34, seconds: 2 }),
    /^Cancelled after 2\.0 s\. .* kept: it differs by 12\.3/,
  );
  const ways = { encoder: { error: 1, seconds: 2 }, draws: { error: 3, seconds: 4 } };
  assert.match(comparisonWords(ways), /1\.0 \(2\.0 s\); from random draws only: 3\.0 \(4\.0 s\)\.$/);
});

// ---- a path

/** @param {string} name @param {number} seed @param {number} digit */
const stop = (name, seed, digit) => ({ name, z: normals(seed, 4), origin: seed, digit, scale: 1 });
const JOURNEY = new Journey([stop("one", 1, 1), stop("two", 2, 7)]);

test("scores are percents where a logit stands for a probability", () => {
  assert.equal(scoreOf(0, true), 50);
  assert.equal(scoreOf(1.5, false), 1.5);
  assert.equal(scoreFormat(true)(0.35), "0.3%");
  assert.equal(scoreFormat(true)(35.4), "35%");
  assert.equal(scoreFormat(false)(1.234), "1.2");
  assert.equal(scoreFormat(false)(1.234, 0.05), "1.23");
});

test("a path is summed up where its straight line is shortest", () => {
  const norms = byKind((kind) =>
    Array.from({ length: 33 }, (_, i) => (kind === "straight" && i === 16 ? 1 : 2)),
  );
  const bare = {
    journey: JOURNEY,
    norms,
    typical: 2,
    changes: null,
    scores: null,
    usual: null,
    format: scoreFormat(true),
  };
  assert.equal(
    summary(bare),
    "Half way from one to two, the straight line's z is at its shortest, 1.0 long, where the great circle's is 2.0 " +
      "and random draws have about 2.0.",
  );
  const scores = byKind((kind) => new Float32Array(33).fill(kind === "straight" ? 20 : 40));
  const changes = byKind((kind) => (kind === "straight" ? [0, 100] : [0, 150]));
  const whole = summary({ ...bare, scores, changes, usual: { middle: 30, count: 64 } });
  assert.match(
    whole,
    /gives the straight line's picture 20% and the great circle's 40%; half of 64 .* more than 30%\./,
  );
  assert.match(whole, /add up to 150 on the great circle and 100 on the straight line\.$/);
});

test("notes say what people might not expect", () => {
  const zs = JOURNEY.frames("great");
  assert.deepEqual(notesOf(JOURNEY, network(), 1, zs), []);
  assert.match(notesOf(JOURNEY, network({ classes: 10 }), 1, zs)[0], /switches at once, half way/);
  assert.match(notesOf(JOURNEY, network(), 0.6, zs)[0], /The truncation of 0\.60 is the large digit's alone/);
  assert.match(
    notesOf(JOURNEY, network(), 1, [Float64Array.of(0, 3.5, 0, 0)])[0],
    /leave −3 to 3 on the way/,
  );
});
