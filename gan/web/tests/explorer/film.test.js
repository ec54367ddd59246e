// How a diffusion model's way is shown: its film, in how many steps, and what is said about it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { showing } from "../../explorer/film/film_player.js";
import { positionsShown } from "../../explorer/film/film_strip.js";
import {
  aboutWords,
  choiceWords,
  placeWords,
  stageWords,
  timeWords,
} from "../../explorer/film/film_words.js";
import { leanWords, strengthWords } from "../../explorer/noise/noise.js";
import { leaning, strength, touched } from "../../latent/brush.js";
import { normals } from "../../latent/geometry.js";
import { opened } from "./opened.js";

test("a strip shows the first and the last picture, and some between them", () => {
  assert.deepEqual(positionsShown(20), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  assert.deepEqual(positionsShown(3), [0, 1, 2, 3]);
  assert.deepEqual(positionsShown(1), [0, 1]);
  assert.equal(positionsShown(250).length, 11);
});

test("a film plays to its end, whatever its length, in about the same time", () => {
  for (const steps of [10, 20, 100, 250, 1000]) {
    const { positions, pause } = showing(0, steps, false);
    assert.equal(positions.at(-1), steps);
    assert.ok(positions.length <= 101);
    assert.ok(Math.abs(positions.length * pause - 4000) < 600, `${steps} steps`);
  }
});

test("a film goes on where it was paused", () => {
  assert.deepEqual(showing(17, 20, false).positions, [18, 19, 20]);
});

test("who wants less movement sees a few pictures, a second each", () => {
  const { positions, pause } = showing(0, 20, true);
  assert.deepEqual([positions, pause], [[4, 8, 12, 16, 20], 1000]);
});

test("words say where a film is and how much noise is left", () => {
  assert.equal(placeWords(0, 20, 1), "Before the first of 20 steps: all of the noise is left");
  assert.equal(placeWords(7, 20, 0.853), "After step 7 of 20: 85% of the noise is left");
  assert.equal(placeWords(0, 1, 1), "Before the only step: all of the noise is left");
  assert.equal(placeWords(1, 1, 0), "After the only step: no noise is left");
  assert.equal(placeWords(20, 20, 0), "After the last of 20 steps: no noise is left");
});

test("words say what there is to see: first nothing, then the form, then strokes, then the digit", () => {
  const seen = [0.99, 0.8, 0.3, 0].map(stageWords);
  for (const [i, words] of [/blur/, /coarse form/, /strokes/, /is there/].entries())
    assert.match(seen[i], words);
});

test("words say how long it takes on this computer", () => {
  assert.equal(timeWords({ steps: 20, ms: 140 }), "20 steps took 0.14 s on this computer.");
  assert.equal(timeWords({ steps: 1, ms: 12 }), "1 step took 0.01 s on this computer.");
  assert.equal(choiceWords(50, null), "50");
  assert.equal(choiceWords(50, 0.354), "50 (about 0.35 s)");
  assert.equal(choiceWords(1000, 12.3), "1000 (about 12 s)");
});

test("words say what is left to chance, and what a class does", () => {
  assert.match(aboutWords("ddim", false), /^Nothing is left to chance/);
  assert.match(aboutWords("ddpm", false), /fresh noise is added/);
  assert.doesNotMatch(aboutWords("ddim", false), /Digit to draw/);
  assert.match(aboutWords("ddim", true), /Digit to draw/);
});

test("words say what weak and strong noise does", () => {
  assert.match(strengthWords(1.004), /about as strong .* \(100% of its length\)/);
  assert.match(strengthWords(0.5), /weaker .* \(50% of its length\): digits become plainer/);
  assert.match(strengthWords(1.3), /stronger/);
});

test("words say what noise of the usual strength is unlike what the network learned with", () => {
  const drawn = normals(3, 784);
  assert.equal(leaning(drawn), null);
  assert.equal(leanWords(null), "");
  assert.equal(leaning(drawn.map((value) => value + 0.3)), "lighter");
  assert.equal(leaning(drawn.map((value) => value - 0.3)), "darker");
  let z = drawn;
  for (let i = 0; i < 8; i++) z = touched(z, 8, 8, "lighter", drawn);
  for (let i = 0; i < 8; i++) z = touched(z, 20, 20, "darker", drawn);
  assert.ok(Math.abs(strength(z) - 1) < 0.15, "about as strong as a draw");
  assert.equal(leaning(z), "patchy");
  assert.match(leanWords("patchy"), /side by side/);
});

// ---- how it draws

const DIFFUSION = { steps: 20, sampler: /** @type {const} */ ("ddim") };

test("what follows the hand is drawn in few steps, and then all as they are", () => {
  const { sampling } = opened(DIFFUSION).state;
  assert.deepEqual(sampling.full, { steps: 20, sampler: "ddim" });
  assert.deepEqual(sampling.quick, { steps: 5, sampler: "ddim" });
  assert.deepEqual(sampling.passes, [sampling.quick, sampling.full]);
  sampling.setSteps(3);
  assert.deepEqual(sampling.passes, [{ steps: 3, sampler: "ddim" }]);
});

test("with fresh noise, fewer steps would lead to another digit", () => {
  const { sampling } = opened({ ...DIFFUSION, sampler: "ddpm" }).state;
  assert.deepEqual(sampling.passes, [{ steps: 20, sampler: "ddpm" }]);
});

test("a network that draws in one go is asked for no steps", () => {
  const { state } = opened();
  assert.deepEqual(state.drawing(), { network: "networks/8/generator.bin", scale: 1, label: 0 });
  assert.deepEqual([state.sampling.isStepwise, state.sampling.passes], [false, [{}]]);
});

test("the steps of the file are among those that are offered, and those of an address", () => {
  const { sampling } = opened({ ...DIFFUSION, steps: 30 }).state;
  sampling.setSteps(7);
  assert.deepEqual(sampling.offered, [1, 2, 5, 7, 10, 20, 30, 50, 100, 250]);
});

test("a film says how long each number of steps takes", () => {
  const { state, frames } = opened(DIFFUSION);
  assert.equal(state.sampling.seconds(50), null);
  const picture = new Uint8Array(0);
  const made = { pictures: picture, digits: picture, pixels: new Float32Array(0), reading: [] };
  let heard = 0;
  state.subscribe(["film"], () => heard++);
  state.sampling.take({ ...made, ms: 200, steps: 20 });
  frames.pass();
  assert.equal(state.sampling.seconds(50), 0.5);
  assert.equal(heard, 1);
});
