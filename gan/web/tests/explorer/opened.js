// A state as a page has it, without a page: a network of four numbers, frames that pass when a test says so.

import { webcrypto } from "node:crypto";
import { State } from "../../explorer/state.js";

/** @import { Inference } from "../../inference/inference.js" */
/** @import { Network, Storage } from "../../explorer/types" */

globalThis.crypto ??= /** @type {Crypto} */ (webcrypto); // Node 18 keeps it elsewhere

export const SIZE = 4;
export const CLASSES = [1, 7]; // that are learned

/** Calls back when a test lets a frame pass. */
export class Frames {
  constructor() {
    this.now = 0; // ms
    /** @type {((now: number) => void)[]} */
    this.waiting = [];
  }

  /** @param {number} ms since the last one */
  pass(ms = 16) {
    this.now += ms;
    for (const call of this.waiting.splice(0)) call(this.now);
  }
}

/** What a browser keeps, in a map. */
export class Kept {
  constructor() {
    /** @type {Map<string, string>} */
    this.texts = new Map();
  }

  /** @param {string} place */
  read(place) {
    return this.texts.get(place) ?? null;
  }

  /** @param {string} place @param {string} text */
  write(place, text) {
    this.texts.set(place, text);
  }
}

/** @param {Partial<Network>} given @returns {Network} */
export function network(given = {}) {
  const classes = given.classes ?? 0;
  return {
    url: "networks/8/generator.bin",
    step: 8,
    latentDim: SIZE,
    classes,
    hiddenClasses: 0,
    steps: 0,
    sampler: null,
    learned: classes ? CLASSES : [],
    classifier: "classifier.bin",
    discriminator: null,
    ...given,
  };
}

/**
 * A state with a network of a run that keeps steps 4 and 8, and what it tells the page.
 * @param {Partial<Network>} given of the network
 * @param {{ storage?: Storage, isStill?: boolean }} page
 */
export function opened(given = {}, { storage = new Kept(), isStill = false } = {}) {
  const frames = new Frames();
  /** @type {string[]} */
  const said = [];
  /** @type {string[]} */
  const written = [];
  /** @type {number[]} */
  const steps = [];
  /** @type {unknown[]} */
  const failed = [];
  const page = {
    nextFrame: (/** @type {(now: number) => void} */ call) => void frames.waiting.push(call),
    prefersStillness: () => isStill,
    say: (/** @type {string} */ words) => void said.push(words),
    writeAddress: (/** @type {string} */ name) => void written.push(name),
    showStep: async (/** @type {number} */ step) => void steps.push(step),
    fail: (/** @type {unknown} */ error) => void failed.push(error),
    refuse: (/** @type {unknown} */ error) => void failed.push(error),
  };
  const inference = /** @type {Inference} */ (/** @type {unknown} */ ({})); // nothing here is drawn
  const state = new State(page, inference, storage);
  state.tell({ ...state.about, run: "a-run", steps: [4, 8], classes: CLASSES });
  state.take(network(given));
  frames.pass();
  return { state, frames, said, written, steps, failed };
}
