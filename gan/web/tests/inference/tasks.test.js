import assert from "node:assert/strict";
import test from "node:test";
import { Inference } from "../../inference/inference.js";
import { Classifier, Discriminator, Generator } from "../../inference/networks.js";
import { joined, largest, normals } from "../../latent/geometry.js";
import { inked, PIXELS, pictureAt, uninked } from "../../pictures/pictures.js";
import { assertClose } from "../closeness.js";
import { bytesOf, golden } from "../golden/golden.js";
import { serve } from "../page_parts.js";
import { dense, networkFile, smallGenerator } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

const FREE = smallGenerator();
const ASKED = smallGenerator({ classes: 3 }, 7);
const HIDDEN = smallGenerator({ leaning_classes: 3, sharpness: 2 }, 7);
const JUDGE = bytesOf(golden.judges.told.file);
const READER = bytesOf(golden.judges.classifier.file);
for (const [address, file] of Object.entries({ FREE, ASKED, HIDDEN, JUDGE, READER })) serve(address, file);

const inference = new Inference(workerInNode);
const Z = normals(1, 4);

/** What "drawMany" tells, put together. @param {import("../../inference/protocol").Tasks["drawMany"]["args"]} args */
async function many(args) {
  const pictures = new Uint8Array((args.zs.length / 4) * PIXELS);
  /** @type {number[]} */
  const readings = [];
  await inference.run("drawMany", args, {
    onPart(part) {
      pictures.set(part.pixels, part.from * PIXELS);
      for (const [i, reading] of (part.readings ?? []).entries()) readings[part.from + i] = reading;
    },
  });
  return { pictures, readings };
}

test("opening says what a generator takes", async () => {
  assert.deepEqual(await inference.run("open", { network: "FREE" }), {
    latentDim: 4,
    classes: 0,
    hiddenClasses: 0,
    steps: 0,
    sampler: null,
  });
  assert.deepEqual(await inference.run("open", { network: "ASKED" }), {
    latentDim: 4,
    classes: 3,
    hiddenClasses: 0,
    steps: 0,
    sampler: null,
  });
  assert.deepEqual(await inference.run("open", { network: "HIDDEN" }), {
    latentDim: 4,
    classes: 0,
    hiddenClasses: 3,
    steps: 0,
    sampler: null,
  });
});

test("a picture is drawn, and how long it took", async () => {
  const { pixels, ms, ...rest } = await inference.run("draw", { network: "FREE", z: Z, label: 0 });
  assert.deepEqual(pixels, new Generator(FREE).generate(Z));
  assert.ok(ms >= 0);
  assert.deepEqual(rest, {});
});

test("a picture is drawn of the class that is asked for", async () => {
  const { pixels } = await inference.run("draw", { network: "ASKED", z: Z, label: 2 });
  assert.deepEqual(pixels, new Generator(ASKED).generate(Z, 2));
});

test("truncation scales z", async () => {
  const { pixels } = await inference.run("draw", { network: "FREE", z: Z, label: 0, scale: 0.5 });
  assert.deepEqual(pixels, new Generator(FREE).generate(Z.map((value) => value / 2)));
});

test("on request, D judges it and says where it looks", async () => {
  const told = await inference.run("draw", { network: "ASKED", z: Z, label: 2, discriminator: "JUDGE" });
  const judge = new Discriminator(JUDGE);
  assert.equal(told.logit, judge.judge(told.pixels, 2));
  assert.deepEqual(told.slope, judge.pull());
  assert.equal(told.isProbability, false);
});

test("D is told the class that z leans to, where classes are hidden", async () => {
  const z = Float64Array.of(0, 0.1, 2, 0);
  const told = await inference.run("draw", { network: "HIDDEN", z, label: 0, discriminator: "JUDGE" });
  assert.equal(told.logit, new Discriminator(JUDGE).judge(told.pixels, 2));
});

test("on request, the classifier reads it", async () => {
  const { pixels, reading } = await inference.run("draw", {
    network: "FREE",
    z: Z,
    label: 0,
    classifier: "READER",
  });
  assert.deepEqual(reading, new Classifier(READER).read(pixels));
});

test("many pictures are drawn, in parts", async () => {
  const zs = [1, 2, 3].map((seed) => normals(seed, 4));
  const { pictures } = await many({ network: "FREE", zs: joined(zs), labels: 0 });
  const generator = new Generator(FREE);
  for (const [i, z] of zs.entries()) assert.deepEqual(pictureAt(pictures, i), inked(generator.generate(z)));
});

test("each of them may be asked for a class of its own", async () => {
  const { pictures } = await many({ network: "ASKED", zs: joined([Z, Z, Z]), labels: [2, 0, 1] });
  const generator = new Generator(ASKED);
  for (const [i, label] of [2, 0, 1].entries())
    assert.deepEqual(pictureAt(pictures, i), inked(generator.generate(Z, label)));
});

test("many pictures are read on request", async () => {
  const zs = Array.from({ length: 6 }, (_, seed) => normals(seed, 4));
  const { readings } = await many({ network: "FREE", zs: joined(zs), labels: 0, classifier: "READER" });
  const [generator, classifier] = [new Generator(FREE), new Classifier(READER)];
  assert.deepEqual(
    readings,
    zs.map((z) => largest(classifier.read(generator.generate(z)))),
  );
});

test("no pictures are no trouble", async () => {
  assert.deepEqual((await many({ network: "FREE", zs: new Float64Array(0), labels: [] })).readings, []);
});

test("D judges many pictures, bytes or numbers, each of its class", async () => {
  const picture = inked(new Generator(FREE).generate(Z));
  const pictures = Uint8Array.from([...picture, ...picture]);
  const args = { discriminator: "JUDGE", labels: [0, 2], zs: joined([Z, Z]), hiddenClasses: 0 };
  const bytes = await inference.run("judge", { ...args, pictures });
  const numbers = await inference.run("judge", { ...args, pictures: uninked(pictures) });
  const judge = new Discriminator(JUDGE);
  assert.deepEqual(
    Array.from(bytes.logits),
    [0, 2].map((label) => judge.judge(uninked(picture), label)),
  );
  assert.deepEqual(numbers, bytes);
});

test("where classes are hidden, D judges each picture of the one in its z, with its head start", async () => {
  const about = { sees: "picture", classes: 3, head_starts: [0, 0.5, 0] };
  const biases = [10, 20, 30];
  const projecting = [...Array(3 * PIXELS).fill(0), ...biases];
  serve("PROJECTING", networkFile(about, [dense(PIXELS, 3, "linear")], projecting));
  const zs = new Float64Array([...[0, 1, 2, 9], ...[1, 0.6, 0, 9], ...[1, 0.4, 0, 9]]);
  const pictures = new Uint8Array(3 * PIXELS);
  const args = { discriminator: "PROJECTING", pictures, labels: 0, zs, hiddenClasses: 3 };
  assert.deepEqual(Array.from((await inference.run("judge", args)).logits), [30, 20, 10]);
});

test("the effect of a number of z is how much it changes the picture", async () => {
  const kernel = Array.from({ length: 4 * PIXELS }, (_, i) => [0.5, 0.1, 0, 0.2][Math.floor(i / PIXELS)]);
  const file = networkFile(
    { latent_dim: 4 },
    [dense(4, PIXELS, "linear")],
    [...kernel, ...Array(PIXELS).fill(0)],
  );
  serve("LINEAR", file);
  assertClose(await inference.run("effects", { network: "LINEAR", count: 2 }), [1, 0.2, 0, 0.4], 1e-6);
});

test("effects are measured once at least, whatever the time", async () => {
  assert.equal((await inference.run("effects", { network: "FREE", budget: 0 })).length, 4);
});

test("a strip shows a number of z from -3 to 3", async () => {
  /** @type {Map<number, Uint8Array>} */
  const strips = new Map();
  await inference.run(
    "strips",
    { network: "FREE", z: Z, label: 0, which: [2, 0], steps: 3 },
    { onPart: ({ index, pixels }) => strips.set(index, pixels) },
  );
  assert.deepEqual([...strips.keys()], [2, 0]);
  const generator = new Generator(FREE);
  for (const [k, value] of [-3, 0, 3].entries()) {
    const moved = Z.slice();
    moved[2] = value;
    assert.deepEqual(pictureAt(strips.get(2) ?? new Uint8Array(0), k), inked(generator.generate(moved)));
  }
});
