import assert from "node:assert/strict";
import test from "node:test";
import { Inference } from "../../inference/inference.js";
import { Frames } from "../../inference/journey_frames.js";
import { Discriminator, Generator } from "../../inference/networks.js";
import { scoreRandomDigits } from "../../inference/random_scores.js";
import { norm, normals } from "../../latent/geometry.js";
import { Journey, KINDS } from "../../latent/journey.js";
import { changesOf, inked, PIXELS, pictureAt, uninked } from "../../pictures/pictures.js";
import { bytesOf, golden } from "../golden/golden.js";
import { serve } from "../page_parts.js";
import { smallGenerator } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

const ASKED = smallGenerator({ classes: 3 }, 7);
const JUDGE = bytesOf(golden.judges.told.file);
serve("ASKED", ASKED);
serve("JUDGE", JUDGE);
serve("DIFFUSION", bytesOf(golden.generators.diffusion.file));

const NETWORK = {
  ...{ url: "ASKED", discriminator: "JUDGE", classifier: "READER" },
  ...{ latentDim: 4, classes: 3, hiddenClasses: 0, learned: [0, 1, 2] },
};
const JOURNEY = new Journey(
  [1, 2].map((seed) => ({ name: `${seed}`, z: normals(seed, 4), origin: seed, digit: seed, scale: 1 })),
);
const inference = new Inference(workerInNode);

/** Frames that fail the test if they fail. */
function begun() {
  let news = 0;
  const frames = new Frames(inference, {
    onProgress: () => {
      news++;
    },
    onError: (error) => {
      throw error;
    },
  });
  return { frames, news: () => news };
}

const { frames, news } = begun();
await frames.draw(JOURNEY, NETWORK);

test("a journey is drawn whole, and said to be", () => {
  assert.equal(frames.share, 1);
  assert.ok(frames.isComplete);
  assert.ok(news() > 1);
});

for (const kind of KINDS) {
  test(`each frame of the ${kind} way is what the generator draws there`, () => {
    const generator = new Generator(ASKED);
    for (const frame of [0, 5, 16, 17, 32]) {
      const position = JOURNEY.positionOf(frame);
      const pixels = generator.generate(JOURNEY.at(kind, position), JOURNEY.digitAt(position));
      assert.deepEqual(pictureAt(frames.pictures[kind], frame), inked(pixels));
    }
  });

  test(`D has judged each frame of the ${kind} way, as the class that was asked for`, () => {
    const judge = new Discriminator(JUDGE);
    for (const frame of [0, 9, 32]) {
      const label = JOURNEY.digitAt(JOURNEY.positionOf(frame));
      const pixels = uninked(pictureAt(frames.pictures[kind], frame));
      assert.equal(frames.logits[kind][frame], Math.fround(judge.judge(pixels, label)));
    }
  });

  test(`the changes along the ${kind} way are those of its pictures`, () => {
    assert.deepEqual(frames.changes?.[kind], changesOf(frames.pictures[kind]));
  });

  test(`the lengths of z along the ${kind} way are known`, () => {
    assert.deepEqual(frames.norms(kind)[16], norm(JOURNEY.at(kind, 0.5)));
  });
}

test("what random digits score is what every panel hears", async () => {
  const scores = await scoreRandomDigits(inference, NETWORK, new AbortController().signal);
  assert.deepEqual(frames.usual.get("ASKED"), scores);
});

test("both pictures at one position are drawn exactly", async () => {
  const found = await frames.exact(JOURNEY, NETWORK, 0.37);
  const generator = new Generator(ASKED);
  for (const kind of KINDS)
    assert.deepEqual(found?.[kind], inked(generator.generate(JOURNEY.at(kind, 0.37), 1)));
});

test("of two positions that are asked for, the last one counts", async () => {
  const [first, last] = [frames.exact(JOURNEY, NETWORK, 0.1), frames.exact(JOURNEY, NETWORK, 0.9)];
  assert.equal(await first, null);
  assert.notEqual(await last, null);
});

test("before anything is drawn there is no nearest picture", () => {
  const { frames: fresh } = begun();
  assert.equal(fresh.nearest("great", 0), null);
  fresh.begin(JOURNEY);
  assert.equal(fresh.nearest("great", 0), null);
  assert.equal(fresh.share, 0);
});

test("the nearest picture is that of the nearest frame that is there", () => {
  const { frames: few } = begun();
  few.begin(JOURNEY);
  few.keep(["great", 0], new Uint8Array(PIXELS).fill(1));
  few.keep(["great", 20], new Uint8Array(PIXELS).fill(2));
  assert.equal(few.nearest("great", 9 / 32)?.[0], 1);
  assert.equal(few.nearest("great", 11 / 32)?.[0], 2);
  assert.equal(few.nearest("straight", 0), null);
});

test("another journey gives up the one before", async () => {
  const { frames: other } = begun();
  const first = other.draw(JOURNEY, NETWORK);
  const second = other.draw(JOURNEY, { ...NETWORK, discriminator: null });
  await Promise.all([first, second]);
  assert.ok(other.isComplete);
  assert.equal(other.isProbability, null);
});

test("an error is told", async () => {
  serve("BROKEN", 503);
  /** @type {unknown[]} */
  const errors = [];
  const broken = new Frames(inference, { onProgress() {}, onError: (error) => errors.push(error) });
  await broken.draw(JOURNEY, { ...NETWORK, url: "BROKEN" });
  assert.match(String(errors[0]), /the server answered 503/);
});

test("a diffusion model's frames come twice, roughly and then as they are", async () => {
  const network = { ...NETWORK, url: "DIFFUSION", discriminator: null, latentDim: PIXELS };
  const stops = [1, 2].map((seed) => ({ z: normals(seed, PIXELS), origin: seed, digit: seed, scale: 1 }));
  const journey = new Journey(stops.map((stop) => ({ ...stop, name: "" })));
  /** @type {number[]} */
  const shares = [];
  const { frames: made } = begun();
  made.onProgress = () => void shares.push(made.share);
  await made.draw(journey, network, [{ steps: 1 }, { steps: 3 }]);
  assert.ok(shares.some((share) => share > 0 && share <= 0.5) && made.isComplete);
  const generator = new Generator(bytesOf(golden.generators.diffusion.file));
  assert.deepEqual(pictureAt(made.pictures.great, 0), inked(generator.generate(stops[0].z, 1, 3)));
  const there = await made.exact(journey, network, 1);
  assert.deepEqual(there?.great, inked(generator.generate(stops[1].z, 2, 3)));
});
