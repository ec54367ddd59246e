import assert from "node:assert/strict";
import test from "node:test";
import { AddressError } from "../../latent/address.js";
import { norm, normals } from "../../latent/geometry.js";
import {
  byKind,
  FRAMES_PER_LEG,
  Journey,
  KINDS,
  MOST_STOPS,
  readJourney,
  spellJourney,
  spellStop,
} from "../../latent/journey.js";

/** @import { Stop } from "../../latent/types" */

const FREE = { latentDim: 16, classes: 0, learned: [0, 1, 2] };
const ASKED = { latentDim: 16, classes: 10, learned: [1, 3, 7] };

/** @param {number} seed @param {Partial<Stop>} more @returns {Stop} */
function stop(seed, more = {}) {
  return { name: `stop ${seed}`, z: normals(seed, 16), origin: seed, digit: 0, scale: 1, ...more };
}

const three = new Journey([stop(1), stop(2, { digit: 3 }), stop(3, { digit: 7, scale: 0.5 })]);

test("a path has a frame at each stop and the same number between two", () => {
  assert.equal(three.legs, 2);
  assert.equal(three.count, 2 * FRAMES_PER_LEG + 1);
});

for (const kind of KINDS) {
  test(`the ${kind} way goes through all stops`, () => {
    assert.deepEqual(three.at(kind, 0), normals(1, 16));
    assert.deepEqual(three.at(kind, 1), normals(2, 16));
  });

  test(`the ${kind} way ends at the last stop as it was kept, truncated`, () => {
    assert.deepEqual(
      three.at(kind, 2),
      normals(3, 16).map((value) => value / 2),
    );
  });

  test(`all frames of the ${kind} way lie where their positions are`, () => {
    const frames = three.frames(kind);
    assert.equal(frames.length, three.count);
    assert.deepEqual(frames[40], three.at(kind, 40 / FRAMES_PER_LEG));
  });
}

test("a stop is given as a copy", () => {
  three.at("great", 0).fill(9);
  assert.deepEqual(three.at("great", 0), normals(1, 16));
});

test("half way, the straight line is shorter than the great circle", () => {
  assert.ok(norm(three.at("straight", 0.5)) < norm(three.at("great", 0.5)));
});

test("the class that is asked for is the nearer stop's", () => {
  assert.deepEqual(
    [0, 0.4, 0.6, 1, 1.6].map((position) => three.digitAt(position)),
    [0, 0, 3, 3, 7],
  );
});

test("frames and positions belong to each other", () => {
  for (const frame of [0, 1, 31, 64]) assert.equal(three.frameAt(three.positionOf(frame)), frame);
});

test("frames are drawn coarse to fine, each once", () => {
  const order = three.coarseToFine();
  assert.deepEqual(order.slice(0, 5), [0, 32, 64, 16, 48]);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    Array.from({ length: three.count }, (_, i) => i),
  );
});

test("places on the way have words", () => {
  const words = [0, 0.25, 0.5, 0.999, 1, 2].map((position) => three.words(position));
  assert.deepEqual(words, [
    "at stop 1",
    "25% of the way from stop 1 to stop 2",
    "half way from stop 1 to stop 2",
    "at stop 2",
    "at stop 2",
    "at stop 3",
  ]);
});

test("a leg between opposite stops has no single great circle", () => {
  const opposite = stop(1, { name: "its opposite", z: normals(1, 16).map((value) => -value) });
  const journey = new Journey([stop(2), stop(1), opposite]);
  assert.deepEqual(journey.withoutCircle(), [["stop 1", "its opposite"]]);
});

test("other legs have one", () => {
  assert.deepEqual(three.withoutCircle(), []);
});

test("what is made by kind has both kinds", () => {
  assert.deepEqual(
    byKind((kind) => kind.length),
    { great: 5, straight: 8 },
  );
});

test("a stop is spelled with its class and its scale where they count", () => {
  assert.equal(spellStop(stop(5), FREE), "s5");
  assert.equal(spellStop(stop(5, { scale: 0.8 }), FREE), "s5!!80");
  assert.equal(spellStop(stop(5, { digit: 7 }), ASKED), "s5!7");
  assert.equal(spellStop(stop(5, { digit: 7, scale: 0.8 }), ASKED), "s5!7!80");
});

test("a path is spelled", () => {
  const spelled = spellJourney({ stops: three.stops, kind: "straight", position: 1.5 }, FREE);
  assert.equal(spelled, "straight~150~s1~s2~s3!!50");
});

test("and read back", () => {
  const stops = [stop(1, { digit: 1 }), stop(2, { digit: 3, scale: 0.25 })];
  const { stops: read, ...rest } = readJourney(
    spellJourney({ stops, kind: "great", position: 0.31 }, ASKED),
    ASKED,
  );
  assert.deepEqual(rest, { kind: "great", position: 0.31 });
  assert.deepEqual(read, stops);
});

test("stops that were read are counted from 1", () => {
  const { stops } = readJourney("great~0~s9~s8", FREE);
  assert.deepEqual(
    stops.map(({ name }) => name),
    ["stop 1", "stop 2"],
  );
});

const NOT_ASKED = "A stop in this address asks for a digit that this network cannot be asked for.";
const NOT_SCALED = "A stop in this address is scaled by something that is not from 0 to 1.";
const NOT_ON_IT = "The position on the path in this address is not on it.";
for (const [text, network, words] of /** @type {const} */ ([
  ["around~0~s1~s2", FREE, "The path in this address goes in no way that there is."],
  ["", FREE, "The path in this address goes in no way that there is."],
  ["great~0~s1", FREE, "A path has 2 to 8 stops; the one in this address has 1."],
  [`great~0${"~s1".repeat(MOST_STOPS + 1)}`, FREE, "A path has 2 to 8 stops; the one in this address has 9."],
  ["great~101~s1~s2", FREE, NOT_ON_IT],
  ["great~-1~s1~s2", FREE, NOT_ON_IT],
  ["great~1.5~s1~s2", FREE, NOT_ON_IT],
  ["great~0~s1!3~s2", FREE, NOT_ASKED],
  ["great~0~s1~s2", ASKED, NOT_ASKED],
  ["great~0~s1!5~s2!1", ASKED, NOT_ASKED],
  ["great~0~s1!!101~s2", FREE, NOT_SCALED],
  ["great~0~s1!!0.5~s2", FREE, NOT_SCALED],
  ["great~0~s1!!50!1~s2", FREE, NOT_SCALED],
  ["great~0~s1~x", FREE, "The noise vector in this address is not one."],
  [`great~0~${"9".repeat(2000)}`, FREE, "The path in this address is too long to be one."],
])) {
  test(`the path "${text.slice(0, 24)}" is refused in a sentence: ${words}`, () => {
    assert.throws(() => readJourney(text, network), { constructor: AddressError, message: words });
  });
}
