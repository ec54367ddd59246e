// Classes behind the noise: layers of today's files, and what the headers of older files said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DamagedFile } from "../../inference/damage.js";
import { Generator } from "../../inference/networks.js";

const [LATENT_DIM, CLASSES, PIXELS] = [4, 3, 784];
const Z = [0.5, -0.25, 1.5, -1];
const SHARPNESS = 2.5;

/** @param {number} inputs @param {number} output */
function weight(inputs, output) {
  return Math.sin(inputs * 7 + output) / 4;
}

/**
 * A file with one dense layer, which takes z and a number for each class.
 * @param {Record<string, unknown>} about
 * @param {Record<string, unknown>[]} before layers in front of it
 */
function file(about, before = []) {
  const inputs = LATENT_DIM + CLASSES;
  const dense = { kind: "dense", inputs, outputs: PIXELS, activation: "tanh" };
  let header = JSON.stringify({ latent_dim: LATENT_DIM, ...about, layers: [...before, dense] });
  header = header.padEnd(header.length + ((4 - ((12 + header.length) % 4)) % 4));
  const numbers = new Float32Array((inputs + 1) * PIXELS);
  for (let i = 0; i < inputs; i++) for (let k = 0; k < PIXELS; k++) numbers[i * PIXELS + k] = weight(i, k);
  const bytes = new Uint8Array(12 + header.length + numbers.byteLength);
  bytes.set(new TextEncoder().encode(`DFGEN001\0\0\0\0${header}`));
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(new Uint8Array(numbers.buffer), 12 + header.length);
  return bytes;
}

/** @param {string} kind @param {Record<string, unknown>} more */
function behind(kind, more = {}) {
  const sizes = { inputs: LATENT_DIM, outputs: LATENT_DIM + CLASSES, classes: CLASSES };
  return { kind, ...sizes, activation: "linear", ...more };
}

const ASKED = [
  ["today", file({}, [behind("class_one_hot")])],
  ["before", file({ classes: CLASSES })],
];
const HIDDEN = [
  ["today", file({}, [behind("class_softmax", { inverse_temperature: SHARPNESS })])],
  ["before", file({ leaning_classes: CLASSES, sharpness: SHARPNESS })],
];

/** @param {number[]} inputs */
function expected(inputs) {
  return Array.from({ length: PIXELS }, (_, k) =>
    Math.tanh(inputs.reduce((sum, value, i) => sum + value * weight(i, k), 0)),
  );
}

/** @param {ArrayLike<number>} found @param {number[]} wanted */
function assertClose(found, wanted) {
  assert.equal(found.length, wanted.length);
  for (const [i, value] of wanted.entries()) assert.ok(Math.abs(found[i] - value) < 1e-5, `at ${i}`);
}

for (const [when, bytes] of /** @type {[string, Uint8Array][]} */ (ASKED)) {
  test(`a class that is asked for is a 1 behind the noise, ${when}`, () => {
    const generator = new Generator(bytes);
    assert.deepEqual([generator.classes, generator.hiddenClasses], [CLASSES, 0]);
    for (const label of [2, 0]) {
      const asked = [0, 1, 2].map((each) => Number(each === label));
      assertClose(generator.generate(Z, label), expected([...Z, ...asked]));
    }
  });
}

for (const [when, bytes] of /** @type {[string, Uint8Array][]} */ (HIDDEN)) {
  test(`a hidden class is a softmax behind the noise, ${when}`, () => {
    const generator = new Generator(bytes);
    assert.deepEqual([generator.classes, generator.hiddenClasses], [0, CLASSES]);
    const powers = Z.slice(0, CLASSES).map((value) => Math.exp(SHARPNESS * value));
    const total = powers.reduce((sum, power) => sum + power, 0);
    assertClose(generator.generate(Z), expected([...Z, ...powers.map((power) => power / total)]));
    assert.equal(generator.hiddenClassOf(Z), 2);
  });
}

for (const [what, [, bytes]] of [
  ["asked for", ASKED[0]],
  ["hidden", HIDDEN[0]],
]) {
  test(`the gradient of the noise is that of differences, of a class that is ${what}`, () => {
    const generator = new Generator(/** @type {Uint8Array} */ (bytes));
    const slope = Float32Array.from({ length: PIXELS }, (_, k) => Math.cos(k));
    const value = (/** @type {number[]} */ z) =>
      Array.from(generator.generate(z, 1)).reduce((sum, pixel, k) => sum + pixel * slope[k], 0);
    generator.generate(Z, 1);
    const gradient = Array.from(generator.pull(slope));
    assert.equal(gradient.length, LATENT_DIM);
    for (const [i, found] of gradient.entries()) {
      const [up, down] = [0.01, -0.01].map((step) =>
        value(Z.map((each, k) => each + step * Number(k === i))),
      );
      assert.ok(Math.abs((up - down) / 0.02 - found) < 0.02 * (1 + Math.abs(found)), `by number ${i}`);
    }
  });
}

test("classes that cannot be are refused", () => {
  const damaged = [
    file({}, [behind("class_one_hot", { outputs: 9 })]),
    file({}, [behind("class_one_hot", { classes: 0 })]),
    file({}, [behind("class_softmax", { classes: 9, outputs: 13 })]),
    file({}, [behind("class_softmax", { inverse_temperature: "much" })]),
    file({}, [behind("class_one_hot", { inputs: 2 ** 40, outputs: 2 ** 40 + 3 })]),
    file({ classes: "3" }),
    file({ classes: 0 }),
    file({ classes: CLASSES, leaning_classes: CLASSES, sharpness: 1 }),
  ];
  for (const bytes of damaged) assert.throws(() => new Generator(bytes), DamagedFile);
});
