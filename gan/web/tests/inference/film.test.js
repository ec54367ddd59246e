// A diffusion model at work in turns: films of its way, several drawings at once, and the way back.

import assert from "node:assert/strict";
import test from "node:test";
import { noiseLeft } from "../../inference/diffusion.js";
import { Inference, isCancelled } from "../../inference/inference.js";
import { Generator } from "../../inference/networks.js";
import { joined, normals } from "../../latent/geometry.js";
import { inked, PIXELS, pictureAt } from "../../pictures/pictures.js";
import { assertClose } from "../closeness.js";
import { bytesOf, golden } from "../golden/golden.js";
import { serve } from "../page_parts.js";
import { conv, networkFile } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

const FILE = bytesOf(golden.generators.diffusion.file);
serve("DIFFUSION", FILE);
serve("READER", bytesOf(golden.judges.classifier.file));
serve("SILENT", silent());
const inference = new Inference(workerInNode);
const Z = normals(5, PIXELS);
const args = { network: "DIFFUSION", z: Z, label: 1, classifier: "READER" };
const generator = new Generator(FILE);

/** A network that answers 0 to all: of a picture it sees as much as there is of the digit. */
function silent() {
  const header = { kind: "time", inputs: 784, outputs: 784, frequencies: 2, classes: 0, told: 3 };
  const layers = [
    { header: { ...header, activation: "linear" }, weights: 12, biases: 3 },
    conv([28, 28, 1], [28, 28, 1], 3, 1, "linear"),
  ];
  const diffusion = { schedule: "cosine", prediction: "v", sampler: "ddim", steps: 50 };
  return networkFile({ latent_dim: 784, diffusion }, layers, new Float32Array(12 + 3 + 9 + 1));
}

/** Pixels beyond paper and ink as these. @param {ArrayLike<number>} picture */
const within = (picture) => inked(Float32Array.from(picture, (one) => Math.min(1, Math.max(-1, one))));

test("a film begins with the noise and ends with the digit that is drawn of it", async () => {
  const { pictures, digits, pixels, ms } = await inference.run("film", args);
  assert.deepEqual([pictures.length, digits.length], [5 * PIXELS, 5 * PIXELS]);
  assert.deepEqual(pictureAt(pictures, 0), within(Z));
  const drawn = generator.generate(Z, 1);
  assert.deepEqual(pixels, drawn);
  for (const last of [pictures, digits]) assert.deepEqual(pictureAt(last, 4), inked(drawn));
  assert.deepEqual(pictureAt(digits, 3), inked(drawn), "what is seen at last is what is drawn");
  assert.ok(ms >= 0);
});

test("a film has as many steps as are asked for, by the sampler that is asked for", async () => {
  const films = [];
  for (const sampler of /** @type {const} */ (["ddim", "ddpm"])) {
    const film = await inference.run("film", { ...args, steps: 7, sampler });
    assert.equal(film.pictures.length, 8 * PIXELS);
    films.push(film.pixels);
  }
  assert.notDeepEqual(films[0], films[1]);
});

test("fresh noise is made of the first one: the same noise ends in the same digit", async () => {
  const how = { ...args, steps: 3, sampler: /** @type {const} */ ("ddpm") };
  const [one, other] = [await inference.run("film", how), await inference.run("film", how)];
  assert.deepEqual(one.pictures, other.pictures);
});

test("drawings that take turns do not disturb each other", async () => {
  const asked = [0, 1, 2].map((label) => inference.run("draw", { ...args, label, steps: 40 }));
  const drawn = await Promise.all(asked);
  for (const [label, { pixels }] of drawn.entries())
    assert.deepEqual(pixels, generator.generate(Z, label, 40));
});

test("a film that is no longer wanted ends between two steps", async () => {
  const ends = new AbortController();
  const asked = inference.run("film", { ...args, steps: 1000 }, { signal: ends.signal });
  ends.abort();
  await assert.rejects(asked, isCancelled);
  assert.equal((await inference.run("draw", args)).pixels.length, PIXELS);
});

test("many pictures come in as many steps as are asked for", async () => {
  /** @type {Uint8Array[]} */
  const pictures = [];
  const zs = joined([Z, normals(6, PIXELS)]);
  await inference.run(
    "drawMany",
    { network: "DIFFUSION", zs, labels: 2, steps: 2 },
    { onPart: ({ pixels }) => pictures.push(pixels) },
  );
  const all = Uint8Array.from(pictures.flatMap((part) => [...part]));
  assert.deepEqual(pictureAt(all, 0), inked(generator.generate(Z, 2, 2)));
});

test("a network that draws in one go has no film", async () => {
  serve("ONE GO", bytesOf(golden.generators.dense.file));
  await assert.rejects(
    inference.run("film", { ...args, network: "ONE GO", z: normals(1, 4) }),
    /draws in one go/,
  );
});

test("there is ever less noise, from all of it to none", () => {
  const left = noiseLeft(4);
  assertClose(left, [0.99992, 0.9215, Math.SQRT1_2, 0.38838, 0], 1e-4);
});

test("the way back leads to the noise of which the picture is drawn", async () => {
  const picture = inked(Float32Array.from({ length: PIXELS }, (_, i) => 0.6 * Math.sin(i)));
  const found = await inference.run("find", { network: "SILENT", classifier: "READER", picture });
  assert.ok(found.error < 1, `it differs by ${found.error}`);
  assert.deepEqual([found.label, found.start, found.isEarly], [0, "picture", false]);
  assert.deepEqual(inked(new Generator(silent()).generate(found.z)), found.pixels);
});
