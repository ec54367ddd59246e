import "../page_parts.js";
import assert from "node:assert/strict";
import test from "node:test";
import { DamagedFile } from "../../inference/damage.js";
import { readNetwork } from "../../inference/network_file.js";
import { conv, dense, fileOf, networkFile, plane, transposed } from "../small_networks.js";

const ONE = [dense(2, 3, "linear")];
const GOOD = networkFile({ latent_dim: 2 }, ONE);

/** A file of one layer whose header says otherwise. @param {Record<string, unknown>} header */
function otherwise(header, layer = ONE[0]) {
  const layers = [{ ...layer.header, ...header }];
  return fileOf(JSON.stringify({ layers }), new Float32Array(layer.weights + layer.biases));
}

const CONV = conv([8, 8, 1], [4, 4, 2], 3, 2, "relu");
const UP = transposed([2, 2, 3], [4, 4, 1], 3, 2, "tanh");

test("a file is read: its layers, and what its header says besides", () => {
  const { about, layers } = readNetwork(GOOD);
  assert.equal(about.latent_dim, 2);
  assert.deepEqual([layers.length, layers[0].inputs, layers[0].output.length], [1, 2, 3]);
});

test("its bytes may lie anywhere in a larger array", () => {
  const larger = new Uint8Array(GOOD.length + 3);
  larger.set(GOOD, 3);
  assert.equal(readNetwork(larger.subarray(3)).layers.length, 1);
});

test("reading leaves the bytes as they are, and keeps none of them", () => {
  const bytes = Uint8Array.from(GOOD);
  const { layers } = readNetwork(bytes);
  assert.deepEqual(bytes, GOOD);
  const before = layers[0].forward(Float32Array.of(1, 1)).slice();
  bytes.fill(0);
  assert.deepEqual(layers[0].forward(Float32Array.of(1, 1)), before);
});

test("only what follows a ReLU leaves its zeros out of gradients", () => {
  const { layers } = readNetwork(
    networkFile({}, [dense(2, 3, "relu"), dense(3, 3, "tanh"), dense(3, 1, "linear")]),
  );
  assert.deepEqual(
    layers.map((layer) => layer.isSparse),
    [false, true, false],
  );
});

for (const [kind, layer, inputs, outputs] of /** @type {const} */ ([
  ["dense", ONE[0], 2, 3],
  ["conv_transpose", UP, 12, 16],
  ["conv", CONV, 64, 32],
  ["conv that pools", conv([9, 9, 1], [7, 7, 2], 3, 1, "relu", { padding: "valid", pool: 2 }), 81, 18],
  ["plane", plane(3), 784, 1568],
])) {
  test(`a layer of the kind ${kind} has its sizes`, () => {
    const [read] = readNetwork(networkFile({}, [layer])).layers;
    assert.deepEqual([read.inputs, read.output.length], [inputs, outputs]);
  });
}

const NO_SLOPE = "it has a leaky ReLU without a slope";
const NO_SIZE = "a layer has no proper size";
const WRONG_SIZE = "a layer has the wrong size";
for (const [name, bytes, words] of /** @type {[string, Uint8Array, string | RegExp][]} */ ([
  ["nothing", new Uint8Array(0), "it is empty"],
  ["another kind of file", fileOf("{}", new Float32Array(1), "GIF89a.."), "it is not a network"],
  ["a header without its end", GOOD.subarray(0, 20), "it ends too early"],
  ["a header that is no JSON", fileOf("{layers", new Float32Array(1)), "its header cannot be read"],
  ["no layers", fileOf('{"layers":[]}', new Float32Array(1)), "it has no layers"],
  ["null", fileOf("null", new Float32Array(1)), "it has no layers"],
  ["half a number", GOOD.subarray(0, GOOD.length - 2), "it ends in the middle of a number"],
  ["a number too few", GOOD.subarray(0, GOOD.length - 4), "it ends too early"],
  ["a number too many", Uint8Array.from([...GOOD, 0, 0, 0, 0]), "it is longer than its layers"],
  [
    "what is no number",
    networkFile({}, ONE, [...Array(8).fill(0), Number.NaN]),
    "it contains values that are not numbers",
  ],
  [
    "layers that do not fit",
    networkFile({}, [dense(2, 3, "relu"), dense(4, 1, "linear")]),
    "its layers do not fit together",
  ],
  ["an unknown kind", otherwise({ kind: "attention" }), "it has a layer of an unknown kind, attention"],
  ["the name of something that all objects have", otherwise({ kind: "constructor" }), /of an unknown kind/],
  ["no layer at all", fileOf('{"layers":[null]}', new Float32Array(1)), /of an unknown kind/],
  ["an unknown activation", otherwise({ activation: "cosine" }), "it has an unknown activation, cosine"],
  ["an activation that all objects have", otherwise({ activation: "toString" }), /unknown activation/],
  ["a slope that is none", otherwise({ activation: "leaky_relu", negative_slope: "0.2" }), NO_SLOPE],
  ["a leaky ReLU that does not say how leaky", otherwise({ activation: "leaky_relu" }), NO_SLOPE],
  ["no inputs", otherwise({ inputs: 0 }), NO_SIZE],
  ["half an input", otherwise({ inputs: 1.5 }), NO_SIZE],
  ["a text for a size", otherwise({ outputs: "3" }), NO_SIZE],
  ["sides that are none", otherwise({ inputs: 5 }, CONV), NO_SIZE],
  ["two sides", otherwise({ inputs: [8, 8] }, CONV), NO_SIZE],
  ["a stride of 0", otherwise({ stride: 0 }, CONV), NO_SIZE],
  [
    "a padding that is unknown",
    otherwise({ padding: "reflect" }, CONV),
    "a layer has an unknown padding, reflect",
  ],
  ["a pooling that is unknown", otherwise({ pool: 3 }, CONV), "a layer has an unknown pooling"],
  ["a convolution that does not fit", otherwise({ outputs: [5, 4, 2] }, CONV), WRONG_SIZE],
  ["a transposed one that does not fit", otherwise({ outputs: [4, 5, 1] }, UP), WRONG_SIZE],
  ["sizes beyond all memory", otherwise({ inputs: 2 ** 40 }), "it ends too early"],
])) {
  test(`a file with ${name} is damaged: ${words}`, () => {
    assert.throws(() => readNetwork(bytes), { constructor: DamagedFile, message: words });
  });
}
