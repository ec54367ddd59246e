import assert from "node:assert/strict";
import test from "node:test";
import { Inference, isCancelled } from "../../inference/inference.js";
import { Discriminator, Generator } from "../../inference/networks.js";
import { quartiles } from "../../inference/quantiles.js";
import { RANDOM_DRAWS, scoreRandomDigits } from "../../inference/random_scores.js";
import { normals } from "../../latent/geometry.js";
import { inked, uninked } from "../../pictures/pictures.js";
import { bytesOf, golden } from "../golden/golden.js";
import { serve } from "../page_parts.js";
import { smallGenerator } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

const ASKED = smallGenerator({ classes: 3 }, 7);
const JUDGE = bytesOf(golden.judges.told.file);
serve("ASKED", ASKED);
serve("JUDGE", JUDGE);

const NETWORK = {
  ...{ url: "ASKED", discriminator: "JUDGE", classifier: "READER" },
  ...{ latentDim: 4, classes: 3, hiddenClasses: 0, learned: [0, 2] },
};
const inference = new Inference(workerInNode);
const { signal } = new AbortController();

test("D scores the digits of the first seeds, each as the class that it was asked for", async () => {
  const { sorted, count } = await scoreRandomDigits(inference, NETWORK, signal);
  const [generator, judge] = [new Generator(ASKED), new Discriminator(JUDGE)];
  const logits = Float32Array.from({ length: RANDOM_DRAWS }, (_, i) => {
    const label = [0, 2][i % 2];
    return judge.judge(uninked(inked(generator.generate(normals(i + 1, 4), label))), label);
  });
  assert.equal(count, RANDOM_DRAWS);
  assert.deepEqual(sorted, logits.sort());
});

test("its quartiles are those of the scores", async () => {
  const { sorted, low, middle, high, isProbability } = await scoreRandomDigits(inference, NETWORK, signal);
  assert.deepEqual([low, middle, high], quartiles(sorted));
  assert.ok(low < middle && middle < high);
  assert.equal(isProbability, false);
});

test("whoever asks hears the same", async () => {
  const [one, other] = [0, 1].map(() => scoreRandomDigits(inference, NETWORK, signal));
  assert.deepEqual(await one, await other);
});

test("who no longer wants to know is told nothing", async () => {
  await assert.rejects(scoreRandomDigits(inference, NETWORK, AbortSignal.abort()), isCancelled);
});
