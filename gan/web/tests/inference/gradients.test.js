import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import { ready } from "../../inference/kernels.js";
import { readNetwork } from "../../inference/network_file.js";
import { Discriminator, Generator } from "../../inference/networks.js";
import { dot, normals } from "../../latent/geometry.js";
import { assertClose } from "../closeness.js";
import { bytesOf, golden } from "../golden/golden.js";
import { conv, dense, networkFile, plane, smallGenerator, transposed } from "../small_networks.js";

await ready;
const STEP = 2e-3; // of finite differences: float32 leaves few digits to smaller ones
const SURE = 0.004; // how far from 0 a sum has to stay, where its activation has a bend

/**
 * The slope of `value` by each number of `at`, by central differences.
 * @param {(at: Float32Array) => number} value
 * @param {Float32Array} at
 */
function differences(value, at) {
  return Array.from(at, (_, i) => {
    const [up, down] = [at.slice(), at.slice()];
    up[i] += STEP;
    down[i] -= STEP;
    return (value(up) - value(down)) / (2 * STEP);
  });
}

for (const activation of ["linear", "tanh", "relu", "leaky_relu"]) {
  const more = { negative_slope: 0.2 };
  for (const [kind, layer] of /** @type {const} */ ([
    ["dense layer", dense(6, 5, activation, more)],
    ["transposed convolution", transposed([3, 3, 2], [6, 6, 2], 5, 2, activation, more)],
    [
      "transposed convolution smaller than its stride",
      transposed([2, 2, 2], [6, 6, 1], 2, 3, activation, more),
    ],
    ["convolution", conv([5, 5, 2], [3, 3, 3], 3, 2, activation, more)],
    [
      "convolution without padding",
      conv([6, 5, 1], [4, 3, 2], 3, 1, activation, { ...more, padding: "valid" }),
    ],
  ])) {
    test(`the gradient of a ${kind} with ${activation} is that of finite differences`, () => {
      const [made] = readNetwork(networkFile({}, [layer])).layers;
      const pull = Float32Array.from(normals(5, made.output.length));
      const at = awayFromBends(made, activation);
      made.forward(at);
      const gradient = made.backward(pull).slice();
      const expected = differences((input) => dot(made.forward(input), pull), at);
      assertClose(gradient, expected, activation === "tanh" ? 2e-3 : 1e-3);
    });
  }
}

/**
 * An input at which no sum is near the bend of a ReLU.
 * @param {import("../../inference/types").Layer} layer
 * @param {string} activation
 */
function awayFromBends(layer, activation) {
  for (let seed = 1; seed < 5000; seed++) {
    const at = Float32Array.from(normals(seed, layer.inputs));
    if (!activation.endsWith("relu")) return at;
    const isSure = layer.forward(at).every((value) => isFar(value, activation));
    if (isSure) return at;
  }
  throw new Error("each input is near a bend");
}

/** @param {number} value of an output @param {string} activation */
function isFar(value, activation) {
  if (value === 0) return true; // below a ReLU, how far cannot be seen: the differences would tell
  return value > 0 ? value > SURE : activation === "leaky_relu" && value < -0.2 * SURE;
}

test("the gradient of a picture of its class goes to the pixels alone", () => {
  const [layer] = readNetwork(networkFile({}, [plane(3)])).layers;
  layer.forward(new Float32Array(784));
  const pull = Float32Array.from({ length: 1568 }, (_, i) => (i % 2 ? 99 : i));
  assert.deepEqual(
    layer.backward(pull),
    Float32Array.from({ length: 784 }, (_, i) => 2 * i),
  );
});

for (const name of ["discriminator", "told", "projecting"]) {
  test(`D "${name}" looks at pixels where finite differences say`, () => {
    const network = new Discriminator(bytesOf(golden.judges[name].file));
    const pixels = Float32Array.from(normals(9, 784), (value) => value / 3);
    network.judge(pixels, 1);
    const gradient = network.pull().slice();
    const places = [0, 27, 300, 405, 406, 783];
    const expected = places.map((place) => {
      const [up, down] = [pixels.slice(), pixels.slice()];
      up[place] += STEP;
      down[place] -= STEP;
      return (network.judge(up, 1) - network.judge(down, 1)) / (2 * STEP);
    });
    assertClose(
      places.map((place) => gradient[place]),
      expected,
      0.02,
    );
  });
}

for (const [name, file] of /** @type {[string, Uint8Array][]} */ ([
  ["of random weights", smallGenerator()],
  ["that is asked for a class", smallGenerator({ classes: 3 }, 7)],
  ["whose classes are hidden in z", smallGenerator({ leaning_classes: 3, sharpness: 1.5 }, 7)],
])) {
  test(`the gradient by z of a generator ${name} leads down`, () => {
    const generator = new Generator(file);
    const target = generator.generate(normals(7, 4), 1).slice();
    /** @param {Float32Array} z */
    const error = (z) => {
      const pixels = generator.generate(z, 1);
      return pixels.reduce((sum, value, i) => sum + (value - target[i]) ** 2, 0);
    };
    const z = Float32Array.from(normals(8, 4));
    const pixels = generator.generate(z, 1);
    const gradient = generator.pull(pixels.map((value, i) => 2 * (value - target[i]))).slice();
    const expected = differences(error, z);
    const most = Math.max(...expected.map(Math.abs));
    assert.ok(most > 0.1, "there is a slope");
    assertClose(gradient, expected, 0.05 * most);
  });
}

test("where a leaky ReLU leaks nothing, its gradient ends", () => {
  const [layer] = readNetwork(
    networkFile({}, [dense(1, 1, "leaky_relu", { negative_slope: 0 })], [1, 0]),
  ).layers;
  layer.forward(Float32Array.of(-2));
  assert.equal(layer.backward(Float32Array.of(1))[0], 0);
});

test("a gradient that is asked for twice is the same", () => {
  const generator = new Generator(smallGenerator());
  const pull = Float32Array.from(normals(4, 784));
  generator.generate(normals(1, 4));
  const first = generator.pull(pull).slice();
  assert.deepEqual(generator.pull(pull), first);
});
