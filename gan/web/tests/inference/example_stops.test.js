import assert from "node:assert/strict";
import test from "node:test";
import { exampleOf } from "../../inference/example_stops.js";
import { normals } from "../../latent/geometry.js";

/** @import { Inference } from "../../inference/inference.js" */
/** @import { SampledDigit } from "../../inference/protocol" */

const NETWORK = {
  ...{ url: "/g.bin", discriminator: null, classifier: "/c.bin" },
  ...{ latentDim: 4, classes: 0, hiddenClasses: 0, learned: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
};
const { signal } = new AbortController();

/** @param {number} seed @param {number} digit @param {number} ink @returns {SampledDigit} */
const digit = (seed, digit, ink = 0.1) => ({ seed, digit, ink, width: 3, slant: 0 });

/** An inference that finds these, and what it was asked. @param {SampledDigit[]} found */
function finding(...found) {
  /** @type {any[]} */
  const asked = [];
  const inference = /** @type {Pick<Inference, "run">} */ (
    /** @type {unknown} */ ({
      /** @param {unknown[]} args */
      run: async (...args) => {
        asked.push(args);
        return { draws: found.length, found };
      },
    })
  );
  return { inference, asked };
}

test("the example goes from a 7 to a 0, the ones with the most ink", async () => {
  const { inference } = finding(digit(1, 7, 0.1), digit(2, 7, 0.2), digit(3, 0, 0.3), digit(4, 0, 0.1));
  const stops = await exampleOf(inference, NETWORK, signal);
  assert.deepEqual(
    stops?.map(({ name, origin }) => [name, origin]),
    [
      ["a 7", 2],
      ["a 0", 3],
    ],
  );
});

test("its stops are what their seeds draw", async () => {
  const { inference } = finding(digit(1, 7), digit(2, 0));
  const [stop] = (await exampleOf(inference, NETWORK, signal)) ?? [];
  assert.deepEqual(stop, { id: null, name: "a 7", z: normals(1, 4), origin: 1, digit: 0, scale: 1 });
});

test("a network that is asked for digits is asked for those", async () => {
  const { inference } = finding(digit(1, 7), digit(2, 0));
  const stops = await exampleOf(inference, { ...NETWORK, classes: 10 }, signal);
  assert.deepEqual(
    stops?.map((stop) => stop.digit),
    [7, 0],
  );
});

test("where 7 or 0 are not learned, the first and the last are looked for", async () => {
  const { inference, asked } = finding(digit(1, 1), digit(2, 5));
  await exampleOf(inference, { ...NETWORK, classes: 10, learned: [1, 3, 5] }, signal);
  assert.deepEqual(asked[0][1].digits, [1, 5]);
});

test("where there are none, it is the two that there are most of", async () => {
  const { inference } = finding(digit(1, 3), digit(2, 3), digit(3, 8), digit(4, 3), digit(5, 1), digit(6, 8));
  const stops = await exampleOf(inference, NETWORK, signal);
  assert.deepEqual(
    stops?.map(({ name }) => name),
    ["a 3", "a 8"],
  );
});

for (const found of [[], [digit(1, 3), digit(2, 3)]]) {
  test(`with ${found.length} digits of one kind there is no example`, async () => {
    assert.equal(await exampleOf(finding(...found).inference, NETWORK, signal), null);
  });
}
