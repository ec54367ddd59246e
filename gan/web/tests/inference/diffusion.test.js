import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import { movesOf, shuffleOf } from "../../inference/diffusion.js";
import { ready } from "../../inference/kernels.js";
import { DamagedFile, Generator } from "../../inference/networks.js";
import { dot, normals } from "../../latent/geometry.js";
import { assertClose } from "../closeness.js";
import { bytesOf, golden } from "../golden/golden.js";
import { conv, dense, networkFile } from "../small_networks.js";

await ready;
const Z = normals(5, 784);
const SAMPLING = { schedule: "cosine", prediction: "v", sampler: "ddim", steps: 4 };
const leaky = { activation: "leaky_relu", negative_slope: 0.2 };

/** @param {string} name of a golden generator */
const named = (name) => new Generator(bytesOf(golden.generators[name].file));

/** @param {Record<string, unknown>} [more] */
function time(more = {}) {
  const told = { frequencies: 2, classes: 0, told: 3 };
  const header = { kind: "time", inputs: 784, outputs: 784, ...told, ...leaky, ...more };
  return { header, weights: 12, biases: 3 };
}

/** @param {Record<string, unknown>} [more] */
function film(more = {}) {
  const sides = { inputs: [28, 28, 1], outputs: [28, 28, 1] };
  return { header: { kind: "film", ...sides, told: 3, ...leaky, ...more }, weights: 6, biases: 2 };
}

/** @param {Record<string, unknown>} [more] */
const same = (more) => conv([28, 28, 1], [28, 28, 1], 3, 1, "linear", more);

/** @param {Record<string, unknown>} sampling @param {ReturnType<typeof conv>[]} layers */
function opened(sampling, ...layers) {
  const about = { latent_dim: 784, diffusion: { ...SAMPLING, ...sampling } };
  return new Generator(networkFile(about, layers));
}

test("a diffusion model says in how many steps it draws, and for which classes", () => {
  const generator = named("diffusion");
  assert.deepEqual([generator.latentDim, generator.classes, generator.steps], [784, 3, 4]);
  assert.equal(named("dense").steps, 0);
});

for (const [name, steps] of /** @type {const} */ ([
  ["diffusion", 2],
  ["ancestral", 4],
])) {
  test(`the generator "${name}" draws the same of the same noise, whatever it drew before`, () => {
    const generator = named(name);
    const first = generator.generate(Z, 1).slice();
    const shorter = generator.generate(Z, 1, 2).slice();
    assert.notDeepEqual(shorter, first);
    assert.deepEqual(generator.generate(Z, 1), first);
    assert.deepEqual(generator.generate(Z, 1, 2), shorter);
    assert.notDeepEqual(generator.generate(Z, 2), first);
  });

  test(`the gradient by the noise of the generator "${name}" is that of finite differences`, () => {
    const generator = named(name);
    const [pull, along] = [6, 8].map((seed) => Float32Array.from(normals(seed, 784)));
    generator.generate(Z, 1, steps);
    const gradient = generator.pull(pull).slice();
    const far = 1e-4; // further on are bends and ends of pixels
    const [up, down] = [far, -far].map((way) => {
      const z = Z.map((value, i) => value + way * along[i]);
      return dot(generator.generate(z, 1, steps), pull);
    });
    const expected = (up - down) / (2 * far);
    assert.ok(Math.abs(expected) > 10, "there is a slope");
    assertClose([dot(gradient, along)], [expected], 0.03 * Math.abs(expected));
  });
}

test("one step of v takes the picture for noise, and shows what the network sees in it", () => {
  const [only] = movesOf({ prediction: "v", sampler: "ddim", steps: 1 });
  const nearlyRight = (1.008 / 1.016) * (Math.PI / 2);
  assert.equal(only.time, 1);
  assertClose(
    [only.ofPicture, only.ofAnswer, only.ofDigit, only.ofNow, only.ofFresh],
    [Math.cos(nearlyRight), -Math.sin(nearlyRight), 1, 0, 0],
    1e-12,
  );
});

test("the fresh noise of a step is all of the first noise, once", () => {
  const { order, signs } = shuffleOf(3, 784);
  assert.deepEqual(
    Array.from(order).sort((a, b) => a - b),
    Array.from({ length: 784 }, (_, i) => i),
  );
  assert.deepEqual([...new Set(signs)].sort(), [-1, 1]);
  assert.notDeepEqual(shuffleOf(4, 784).order, order);
});

test("a picture is not drawn in no steps, nor in more than a thousand", () => {
  for (const steps of [0, -1, 1.5, 1001, Infinity, Number.NaN])
    assert.throws(() => named("diffusion").generate(Z, 0, steps), RangeError);
});

/** What sees a whole picture at once. @param {Record<string, unknown>} [first] @param {Record<string, unknown>} [last] */
function middle(first = {}, last = {}) {
  const within = { inputs: [1, 1, 2], outputs: [1, 1, 2] };
  return [
    dense(784, 2, "linear", { outputs: [1, 1, 2], ...first }),
    { ...film(within), weights: 12, biases: 4 },
    dense(2, 784, "linear", { outputs: [28, 28, 1], adds: 1, ...last }),
  ];
}

test("a whole file of this kind is read", () => {
  const generator = opened({}, time(), same(), film(), same({ adds: 1 }), ...middle(), same());
  assert.equal(generator.generate(Z).length, 784);
});

for (const [problem, sampling, layers] of /** @type {[string, object, ReturnType<typeof conv>[]][]} */ ([
  ["an endless way", { steps: 1e9 }, [time(), same()]],
  ["no way at all", { steps: 0 }, [time(), same()]],
  ["a way of half a step", { steps: 2.5 }, [time(), same()]],
  ["an unknown schedule", { schedule: "linear" }, [time(), same()]],
  ["an unknown sampler", { sampler: "heun" }, [time(), same()]],
  ["an unknown prediction", { prediction: "x0" }, [time(), same()]],
  ["no time", {}, [same()]],
  ["a layer that nobody tells the time", {}, [same(), film()]],
  ["a layer that is told too few numbers", {}, [time({ told: 4 }), film()]],
  ["too much to tell", {}, [time({ frequencies: 5000 }), same()]],
  ["a layer that adds itself", {}, [time(), same({ adds: 1 })]],
  ["a layer that adds a later one", {}, [time(), same({ adds: 2 }), same()]],
  ["a layer that adds what is no place", {}, [time(), same({ adds: -1 })]],
  [
    "a layer that adds another shape",
    {},
    [
      time(),
      conv([28, 28, 1], [28, 28, 2], 1, 1, "linear"),
      conv([28, 28, 2], [28, 28, 1], 1, 1, "linear", { adds: 1 }),
    ],
  ],
  ["a dense layer that makes no picture", {}, [time(), ...middle({ outputs: [1, 2] })]],
  ["a dense layer with too small a picture", {}, [time(), same(), ...middle({}, { outputs: [28, 27, 1] })]],
  ["a dense layer with a picture of nothing", {}, [time(), same(), ...middle({}, { outputs: [28, 28, 0] })]],
  ["a layer that adds behind its bend", {}, [time(), same(), film({ adds: 1 })]],
])) {
  test(`a file with ${problem} is damaged`, () => {
    assert.throws(() => opened(/** @type {Record<string, unknown>} */ (sampling), ...layers), DamagedFile);
  });
}
