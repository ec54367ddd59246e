import assert from "node:assert/strict";
import test from "node:test";
import { Inference, isCancelled } from "../../inference/inference.js";
import { Classifier, Generator } from "../../inference/networks.js";
import { measure } from "../../inference/traits.js";
import { normals } from "../../latent/geometry.js";
import { serve } from "../page_parts.js";
import { dense, networkFile } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

/** Draws the first number of z as shade of the upper half, and the class that is asked for as that of the lower. */
function shades(about = {}, inputs = 2) {
  const kernel = Array.from({ length: inputs * 784 }, (_, i) => {
    const [input, pixel] = [Math.floor(i / 784), i % 784];
    if (input === 0) return pixel < 392 ? 1 : 0;
    return input >= 2 && pixel >= 392 ? (input - 2) / 2 : 0;
  });
  return networkFile(
    { latent_dim: 2, ...about },
    [dense(inputs, 784, "tanh")],
    [...kernel, ...Array(784).fill(0)],
  );
}

/** Reads a picture as 1 where its upper half has ink, else as 0; it is sure where there is much or little of it. */
function reader() {
  const kernel = Array.from({ length: 784 * 10 }, (_, i) => {
    const [pixel, digit] = [Math.floor(i / 10), i % 10];
    return pixel < 392 && digit < 2 ? [-0.02, 0.02][digit] : 0;
  });
  return networkFile({}, [dense(784, 10, "linear")], [...kernel, ...[0, 0], ...Array(8).fill(-20)]);
}

serve("FREE", shades());
serve("ASKED", shades({ classes: 3 }, 5));
serve("READER", reader());
const inference = new Inference(workerInNode);
const args = { network: "FREE", classifier: "READER", digits: [0, 1], enough: 3, most: 100 };

test("digits are drawn until there are enough of each", async () => {
  const { draws, found } = await inference.run("sampleDigits", args);
  const count = (/** @type {number} */ digit) => found.filter((one) => one.digit === digit).length;
  assert.equal(Math.min(count(0), count(1)), 3);
  assert.ok(draws < 100);
});

test("each is what its seed draws, and the classifier is sure of it", async () => {
  const { found } = await inference.run("sampleDigits", args);
  const [generator, classifier] = [new Generator(shades()), new Classifier(reader())];
  for (const { seed, digit, ...traits } of found) {
    const pixels = generator.generate(normals(seed, 2));
    assert.ok(classifier.read(pixels)[digit] >= 0.9);
    assert.deepEqual(traits, measure(pixels));
  }
});

test("seeds come in order, from the one that is asked for", async () => {
  const { draws, found } = await inference.run("sampleDigits", { ...args, seed: 50 });
  const seeds = found.map(({ seed }) => seed);
  assert.deepEqual(
    seeds,
    [...seeds].sort((a, b) => a - b),
  );
  assert.ok(seeds[0] >= 50 && seeds[seeds.length - 1] === 50 + draws - 1);
});

test("what the network never draws ends the search", async () => {
  const { draws, found } = await inference.run("sampleDigits", { ...args, digits: [1, 7], most: 20 });
  assert.equal(draws, 20);
  assert.ok(found.every(({ digit }) => digit !== 7));
});

test("the same digits are found each time", async () => {
  const [one, other] = [0, 1].map(() => inference.run("sampleDigits", args));
  assert.deepEqual(await one, await other);
});

test("a conditional network keeps what is read as what it was asked for", async () => {
  const { found } = await inference.run("sampleDigits", { ...args, network: "ASKED", digits: [0, 1] });
  for (const { seed, digit } of found) assert.equal(digit, [0, 1][(seed - 1) % 2]);
});

test("it tells on the way how many there are of the rarest", async () => {
  /** @type {{ draws: number, least: number }[]} */
  const parts = [];
  await inference.run("sampleDigits", args, { onPart: (part) => parts.push(part) });
  assert.deepEqual(parts[0].draws, 1);
});

test("collecting can be cancelled", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const run = inference.run("sampleDigits", { ...args, digits: [7], most: 1e7 }, { signal });
  controller.abort();
  await assert.rejects(run, isCancelled);
});
