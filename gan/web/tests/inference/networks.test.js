import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import { ready } from "../../inference/kernels.js";
import {
  Classifier,
  DamagedFile,
  Discriminator,
  Encoder,
  Generator,
  hiddenClassOf,
} from "../../inference/networks.js";
import { normals } from "../../latent/geometry.js";
import { assertClose } from "../closeness.js";
import { bytesOf, golden, TOLERANCE } from "../golden/golden.js";
import { dense, networkFile, smallGenerator } from "../small_networks.js";

await ready;

/** As `TOLERANCE`, where a network sees again and again what it made of its own small errors. */
const IN_STEPS = 1e-3;

/** What the judges of golden numbers saw. */
const SEEN = golden.generators.transposed;

/** @returns {Float32Array[]} */
function seen() {
  const generator = new Generator(bytesOf(SEEN.file));
  return SEEN.z.map((z) => generator.generate(z).slice());
}

for (const [name, { file, z, labels, pictures }] of Object.entries(golden.generators)) {
  test(`the generator "${name}" draws what NumPy draws`, () => {
    const generator = new Generator(bytesOf(file));
    for (const [i, picture] of pictures.entries())
      assertClose(generator.generate(z[i], labels?.[i]), picture, generator.steps ? IN_STEPS : TOLERANCE);
  });
}

test("a generator says what it takes", () => {
  const asked = new Generator(bytesOf(golden.generators.asked.file));
  assert.deepEqual([asked.latentDim, asked.classes, asked.hiddenClasses], [4, 3, 0]);
  const hidden = new Generator(bytesOf(golden.generators.leaning.file));
  assert.deepEqual([hidden.latentDim, hidden.classes, hidden.hiddenClasses], [4, 0, 3]);
});

test("another class is another picture, if a network is asked for one", () => {
  const asked = new Generator(bytesOf(golden.generators.asked.file));
  const z = golden.generators.asked.z[0];
  assert.notDeepEqual(asked.generate(z, 0).slice(), asked.generate(z, 1).slice());
});

test("and the same one, if it is not", () => {
  const free = new Generator(bytesOf(SEEN.file));
  assert.deepEqual(free.generate(SEEN.z[0], 0).slice(), free.generate(SEEN.z[0], 1).slice());
});

test("what was drawn before does not show in a picture", () => {
  const asked = new Generator(bytesOf(golden.generators.asked.file));
  const first = asked.generate(normals(1, 4), 2).slice();
  asked.generate(normals(2, 4), 1);
  assert.deepEqual(asked.generate(normals(1, 4), 2), first);
});

test("a z leans to the class of its largest number among the first", () => {
  assert.equal(new Generator(bytesOf(golden.generators.leaning.file)).hiddenClassOf([0.1, 2, 1, 9]), 1);
  assert.equal(hiddenClassOf([3, 1, 2], 3), 0);
  assert.equal(hiddenClassOf([3, 1, 2], 3, [0, 0, 1.5]), 2);
});

for (const name of ["discriminator", "told"]) {
  const { file, labels, outputs } = golden.judges[name];

  test(`the discriminator "${name}" says of pictures what NumPy says`, () => {
    const network = new Discriminator(bytesOf(file));
    const logits = seen().map((pixels, i) => network.judge(pixels, labels?.[i]));
    assertClose(logits, outputs.flat(), 3e-4);
  });
}

test("of a discriminator with an output a class, the one that was asked for counts", () => {
  const { file, outputs } = golden.judges.projecting;
  const network = new Discriminator(bytesOf(file));
  const [first] = seen();
  const logits = [0, 1, 2].map((label) => network.judge(first, label));
  assertClose(logits, outputs[0], 3e-4);
});

test("a discriminator says whether its output is meant as a probability", () => {
  assert.equal(new Discriminator(bytesOf(golden.judges.discriminator.file)).isProbability, true);
  assert.equal(new Discriminator(bytesOf(golden.judges.told.file)).isProbability, false);
});

test("the classifier reads what NumPy reads, as shares that add up to 1", () => {
  const { file, outputs } = golden.judges.classifier;
  const network = new Classifier(bytesOf(file));
  for (const [i, pixels] of seen().entries()) {
    const powers = outputs[i].map((logit) => Math.exp(logit - Math.max(...outputs[i])));
    const total = powers.reduce((sum, power) => sum + power);
    assertClose(
      network.read(pixels),
      powers.map((power) => power / total),
      1e-4,
    );
  }
});

test("an encoder guesses z and the class", () => {
  const file = networkFile(
    { latent_dim: 3 },
    [dense(784, 5, "linear")],
    [...Array(784 * 5).fill(0), ...[1, 2, 3, 4, 5]],
  );
  const { z, classes } = new Encoder(file).guess(new Float32Array(784));
  assert.deepEqual(
    [Array.from(z), Array.from(classes)],
    [
      [1, 2, 3],
      [4, 5],
    ],
  );
});

const NO_CLASSES = "it does not say how many classes it draws";
const NO_HIDDEN_CLASSES = "it does not say which numbers lean towards classes";
const DENSE = [dense(4, 784, "tanh")];
for (const [about, words] of /** @type {[Record<string, unknown>, string][]} */ ([
  [{}, "it does not say how long z is"],
  [{ latent_dim: 0 }, "it does not say how long z is"],
  [{ latent_dim: "4" }, "it does not say how long z is"],
  [{ latent_dim: 4, classes: 0 }, NO_CLASSES],
  [{ latent_dim: 4, classes: -1 }, NO_CLASSES],
  [{ latent_dim: 4, classes: 2.5 }, NO_CLASSES],
  [{ latent_dim: 4, classes: "10" }, NO_CLASSES],
  [{ latent_dim: 4, classes: null }, NO_CLASSES],
  [{ latent_dim: 4, leaning_classes: -1 }, NO_HIDDEN_CLASSES],
  [{ latent_dim: 4, leaning_classes: 5 }, NO_HIDDEN_CLASSES],
  [{ latent_dim: 4, sharpness: null }, "it does not say how sharply classes part"],
  [{ latent_dim: 2, classes: 1, leaning_classes: 1 }, "its classes are both hidden and asked for"],
  [{ latent_dim: 3 }, "its layers do not fit together"],
  [{ latent_dim: 4, classes: 9 }, "its layers do not fit together"],
])) {
  test(`a generator whose header says ${JSON.stringify(about)} is damaged: ${words}`, () => {
    assert.throws(() => new Generator(networkFile(about, DENSE)), {
      constructor: DamagedFile,
      message: words,
    });
  });
}

test("a generator of another size draws no digits", () => {
  const file = networkFile({ latent_dim: 4 }, [dense(4, 100, "tanh")]);
  assert.throws(() => new Generator(file), { message: "it draws 100 pixels instead of 784" });
});

for (const Network of [Discriminator, Encoder, Classifier]) {
  test(`no ${Network.name.toLowerCase()} looks at what is no picture`, () => {
    const file = networkFile({ latent_dim: 3 }, [dense(100, 10, "linear")]);
    assert.throws(() => new Network(file), {
      constructor: DamagedFile,
      message: "it does not look at pictures",
    });
  });
}

test("a generator of random weights draws pictures that differ", () => {
  const generator = new Generator(smallGenerator());
  const pictures = [1, 2, 3].map((seed) => generator.generate(normals(seed, 4)).slice());
  for (const picture of pictures) assert.ok(Math.max(...picture) - Math.min(...picture) > 0.2);
  assert.notDeepEqual(pictures[0], pictures[1]);
});
