import assert from "node:assert/strict";
import test from "node:test";
import { Descent, rateOf } from "../../inference/descent.js";
import { Inference, isCancelled } from "../../inference/inference.js";
import { Classifier, Generator } from "../../inference/networks.js";
import { norm, normals } from "../../latent/geometry.js";
import { difference, inked, uninked } from "../../pictures/pictures.js";
import { bytesOf, golden } from "../golden/golden.js";
import { serve } from "../page_parts.js";
import { dense, networkFile, smallGenerator } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

/** @import { Found, Tasks } from "../../inference/protocol" */

const FREE = smallGenerator();
const ASKED = smallGenerator({ classes: 3 }, 7);
const HIDDEN = smallGenerator({ leaning_classes: 3, sharpness: 2 }, 7);
const READER = bytesOf(golden.judges.classifier.file);
for (const [address, file] of Object.entries({ FREE, ASKED, HIDDEN, READER })) serve(address, file);

const PLANTED = Float64Array.of(0.4, -1.1, 0.3, 0.9);
const inference = new Inference(workerInNode);

/** A search for what a generator draws from the planted z. @param {Partial<Tasks["find"]["args"]>} more */
function search(file = FREE, label = 0, more = {}) {
  const picture = inked(new Generator(file).generate(PLANTED, label));
  return inference.run("find", { network: "FREE", picture, classifier: "READER", ...more });
}

test("a planted digit of a generator's own is found again", async () => {
  const found = await search();
  assert.ok(found.error < 0.1 * found.spread, `${found.error} of ${found.spread}`);
  assert.equal(found.start, "draw");
  assert.equal(found.isEarly, false);
  assert.equal(found.share, 1);
});

test("what is found is in hundredths within the sliders' range, and drawn from its z", async () => {
  const { z, pixels, error } = await search();
  assert.ok(z.every((value) => Math.abs(value) <= 3 && value === Math.round(100 * value) / 100));
  const drawn = new Generator(FREE).generate(z);
  assert.deepEqual(pixels, inked(drawn));
  const target = uninked(inked(new Generator(FREE).generate(PLANTED).slice()));
  assert.ok(Math.abs(error - 127.5 * difference(new Generator(FREE).generate(z), target)) < 1e-3);
});

test("the classifier reads both, the picture and what was found", async () => {
  const { wanted, reading, pixels } = await search();
  const classifier = new Classifier(READER);
  assert.deepEqual(reading, classifier.read(uninked(pixels)));
  assert.equal(wanted.length, 10);
});

test("a conditional network is searched with the classes that it can be asked for", async () => {
  const found = await search(ASKED, 2, { network: "ASKED", labels: [2] });
  assert.equal(found.label, 2);
  assert.ok(found.error < 0.15 * found.spread, `${found.error} of ${found.spread}`);
});

test("a network whose classes are hidden in z is searched as well", async () => {
  const found = await search(HIDDEN, 0, { network: "HIDDEN" });
  assert.ok(found.error < 0.15 * found.spread, `${found.error} of ${found.spread}`);
});

test("an encoder's guess is where it begins, if that is nearer", async () => {
  const guess = [...Array(784 * 4).fill(0), ...PLANTED];
  serve("ENCODER", networkFile({ latent_dim: 4 }, [dense(784, 4, "linear")], guess));
  const found = await search(FREE, 0, { encoder: "ENCODER", draws: 8 });
  assert.equal(found.start, "encoder");
  assert.ok(found.error < 1);
});

test("the best so far is told on the way, and never gets worse", async () => {
  const picture = inked(new Generator(FREE).generate(PLANTED));
  /** @type {Found[]} */
  const parts = [];
  await inference.run(
    "find",
    { network: "FREE", picture, classifier: "READER" },
    { onPart: (part) => parts.push(part) },
  );
  const errors = parts.map(({ error }) => error);
  assert.deepEqual(
    errors,
    [...errors].sort((a, b) => b - a),
  );
  assert.ok(parts.every(({ share }) => share >= 0 && share <= 1));
});

test("a search can be cancelled", async () => {
  const controller = new AbortController();
  const picture = new Uint8Array(784);
  const run = inference.run(
    "find",
    { network: "FREE", picture, classifier: "READER" },
    { signal: controller.signal, onPart: () => controller.abort() },
  );
  await assert.rejects(run, isCancelled);
});

test("a descent goes down, and stays within the sliders' range", () => {
  const descent = new Descent(normals(1, 8), 0, "draw");
  const before = norm(descent.z);
  for (let step = 0; step < 100; step++) descent.go(descent.z, 0.1);
  assert.ok(norm(descent.z) < 0.2 * before);
  for (let step = 0; step < 200; step++) descent.go(Array(8).fill(-1), 0.1);
  assert.ok(descent.z.every((value) => value === 3));
});

test("the first step of a descent is as long as the rate says, in each number", () => {
  const descent = new Descent(Float64Array.of(0, 0), 0, "draw");
  descent.go([5, -0.01], 0.1);
  assert.ok(Math.abs(descent.z[0] + 0.1) < 1e-6 && Math.abs(descent.z[1] - 0.1) < 1e-6);
});

test("the rate falls from its whole to a tenth, and no further", () => {
  assert.equal(rateOf(0), 0.15);
  assert.ok(Math.abs(rateOf(0.5) - 0.0825) < 1e-12);
  assert.ok(Math.abs(rateOf(1) - 0.015) < 1e-12);
  assert.equal(rateOf(2), rateOf(1));
});
