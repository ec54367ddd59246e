// Finding the noise that makes a given picture: GAN inversion (Zhu et al. 2016, section 3.2). Guesses, an
// encoder's and the nearest of many random draws, are refined by gradient descent on z, and the worse ones
// dropped on the way (successive halving, Jamieson and Talwalkar 2016). tests/bench/bench_find.py measures it.

import { clipped, normals, toSlider } from "../latent/geometry.js";
import { difference, inked, PIXELS, uninked } from "../pictures/pictures.js";
import { take } from "./cache.js";
import { Descent, rateOf } from "./descent.js";

/** @import { LatentVector } from "../latent/types" */
/** @import { Digit } from "../pictures/types" */
/** @import { Encoder, Generator } from "./networks.js" */
/** @import { Found, Task, Turn } from "./protocol" */

/** @typedef {[starts: number, steps: number]} Round starts that are left, and steps that each of them makes */

const DRAWS = 96; // random vectors, of which the nearest are starts
/** @type {Round[]} */
const ROUNDS = [
  [4, 20],
  [2, 40],
  [1, 180],
];
/** Where there is less time. @type {Round[]} */
const FEWER = [
  [2, 40],
  [1, 120],
];
const FULL = total(ROUNDS); // gradient steps of a whole search
const ENOUGH = 120; // with fewer, a search says that it stopped early
const DRAWING = 600; // ms that draws may take
const LONG = 2700; // ms after which a search ends that has made ENOUGH steps
const LONGEST = 6000; // ms: what a slow network has by then is the result
const BACKWARD = 1.3; // how much longer than drawing a picture its gradient takes
const ASIDE = 8; // of the draws, the ones that tell how far its own digits are from each other
const TELL_EVERY = 40; // ms

/** @type {Task<"find">} */
export async function find(args, turn) {
  const { network, picture, labels = [], leansTo = [], classifier, encoder = null } = args;
  const { seed = 1, draws = DRAWS } = args;
  const generator = await take("generator", network);
  const reader = await take("classifier", classifier);
  const fitted = encoder ? await take("encoder", encoder) : null;
  const search = new Search(generator, uninked(picture), turn);
  const wanted = reader.read(search.target);
  const digits = likely(wanted)
    .filter((digit) => labels.length === 0 || labels.includes(digit))
    .slice(0, 3);
  if (fitted) search.guess(fitted, labels, digits[0]);
  await search.draw(digits, leansTo, seed, draws);
  await search.refine();
  const told = search.told(1);
  return {
    ...told,
    wanted,
    reading: reader.read(uninked(told.pixels)),
    spread: search.spread(),
    isEarly: search.steps < ENOUGH,
  };
}

class Search {
  /** @param {Generator} generator @param {Digit} target @param {Turn<Found>} turn */
  constructor(generator, target, turn) {
    this.generator = generator;
    this.target = target;
    this.turn = turn;
    /** @type {Descent[]} */
    this.starts = [];
    /** The nearest so far. @type {Omit<Found, "share" | "seconds"> | null} */
    this.best = null;
    /** What the encoder guessed, if there is one. @type {Descent | null} */
    this.guessed = null;
    this.steps = 0;
    this.began = performance.now();
    this.toldAt = -Infinity;
    this.pace = 0; // ms that a gradient step takes
    this.slope = new Float32Array(PIXELS);
    this.nearest = new Float64Array(ASIDE).fill(Infinity);
    /** @type {Digit[]} */
    this.aside = [];
  }

  get passed() {
    return performance.now() - this.began;
  }

  // ---- where to begin

  /**
   * The encoder's guess is one start, whatever draws there are.
   * @param {Encoder} encoder
   * @param {number[]} labels classes that can be asked for
   * @param {number} digit what is asked for if the encoder does not say
   */
  guess(encoder, labels, digit) {
    const { z, classes } = encoder.guess(this.target);
    const likeliest = () => labels.reduce((a, b) => (classes[b] > classes[a] ? b : a));
    const label = labels.length === 0 ? 0 : classes.length ? likeliest() : digit;
    this.guessed = this.consider(Float64Array.from(z, clipped), label, "encoder");
  }

  /**
   * Random vectors: half of them made to draw the digit that the target is read as, the others the two next.
   * @param {number[]} digits the likeliest first
   * @param {number[]} leansTo the digits that are hidden in z, in order
   * @param {number} seed
   * @param {number} draws
   */
  async draw(digits, leansTo, seed, draws) {
    const { generator, turn } = this;
    const began = this.passed;
    const costs = [];
    let drawn = 0;
    while (drawn < draws && (this.passed - began < DRAWING || drawn < ASIDE)) {
      const z = normals(seed + drawn, generator.latentDim);
      const digit = digits[[0, 1, 0, 2][drawn % 4]] ?? digits[0];
      const hidden = leansTo.indexOf(digit);
      if (hidden >= 0 && hidden < generator.hiddenClasses) hideClass(z, hidden, generator);
      const start = performance.now();
      this.consider(z, generator.classes > 0 ? digit : 0, "draw");
      costs.push(performance.now() - start);
      drawn++;
      this.report((0.15 * drawn) / draws);
      await turn.rest();
    }
    this.pace = (1 + BACKWARD) * costs.sort((a, b) => a - b)[drawn >> 1];
  }

  /** @param {LatentVector} z @param {number} label @param {"encoder" | "draw"} start */
  consider(z, label, start) {
    const pixels = this.generator.generate(z, label);
    const descent = new Descent(z, label, start);
    this.starts.push(descent);
    this.weigh(descent, pixels);
    if (start === "draw") this.compare(pixels);
    return descent;
  }

  /** Keeps what `descent` draws if nothing was nearer. @param {Descent} descent @param {Digit} pixels */
  weigh(descent, pixels) {
    descent.error = errorOf(pixels, this.target);
    if (this.best !== null && descent.error >= this.best.error) return;
    const { z, label, start, error } = descent;
    this.best = { z: z.slice(), label, start, error, pixels: inked(pixels) };
  }

  /** How far the first few draws are from the nearest of all others. @param {Digit} pixels */
  compare(pixels) {
    for (const [i, other] of this.aside.entries())
      this.nearest[i] = Math.min(this.nearest[i], errorOf(pixels, other));
    if (this.aside.length === ASIDE) return;
    const own = this.aside.map((other) => errorOf(pixels, other));
    this.nearest[this.aside.length] = Math.min(Infinity, ...own);
    this.aside.push(pixels.slice());
  }

  spread() {
    return this.nearest.slice().sort()[ASIDE >> 1];
  }

  // ---- and where it leads

  async refine() {
    const rounds = this.plan();
    const all = total(rounds);
    const length = rounds.reduce((sum, [, steps]) => sum + steps, 0); // that the last one makes
    const began = this.passed;
    let left = this.starts;
    let planned = 0;
    for (const [count, steps] of rounds) {
      left = left.sort((a, b) => a.error - b.error).slice(0, count);
      if (planned === 0 && this.guessed && !left.includes(this.guessed)) left.splice(-1, 1, this.guessed);
      for (const descent of left) {
        planned += steps;
        const part = planned / all; // of the time, so that later rounds have theirs, too
        for (let k = 0; k < steps && this.passed < began + (this.limit - began) * part; k++) {
          const share = Math.max(descent.step / length, (this.passed - began) / (this.limit - began));
          this.step(descent, rateOf(share));
          this.report(0.15 + 0.85 * share);
          await this.turn.rest();
        }
      }
    }
    this.round();
  }

  /** As many starts as there is time for. @returns {Round[]} */
  plan() {
    /** @param {number} ms */
    const within = (ms) => Math.floor((ms - this.passed) / this.pace);
    if (within(LONG) >= FULL) return ROUNDS;
    if (within(LONGEST) >= ENOUGH) return FEWER;
    return [[1, ENOUGH]];
  }

  /** ms after which no step is begun. */
  get limit() {
    return this.steps < ENOUGH ? LONGEST : LONG;
  }

  /** @param {Descent} descent @param {number} rate */
  step(descent, rate) {
    const { generator, target, slope } = this;
    const pixels = generator.generate(descent.z, descent.label);
    this.weigh(descent, pixels);
    for (let i = 0; i < PIXELS; i++) slope[i] = (2 * (pixels[i] - target[i])) / PIXELS;
    descent.go(generator.pull(slope), rate);
    this.steps++;
  }

  /** To the hundredths that an address holds: the error is that of the digit which people then see. */
  round() {
    const { best, generator, target } = this;
    if (best === null) return;
    best.z = best.z.map(toSlider);
    const pixels = generator.generate(best.z, best.label);
    best.error = errorOf(pixels, target);
    best.pixels = inked(pixels);
  }

  /** @param {number} share */
  report(share) {
    const now = performance.now();
    if (now - this.toldAt < TELL_EVERY) return;
    this.toldAt = now;
    this.turn.tell(this.told(share));
  }

  /** @param {number} share @returns {Found} */
  told(share) {
    if (this.best === null) throw new Error("a search tells what it found before it looked");
    return { ...this.best, share, seconds: this.passed / 1000 };
  }
}

/** Steps of all starts. @param {Round[]} rounds */
function total(rounds) {
  return rounds.reduce((sum, [count, steps]) => sum + count * steps, 0);
}

/** Digits, the most probable first. @param {number[]} shares */
function likely(shares) {
  return Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
}

/**
 * Hides a class in z: its number and the largest of those of all classes change places.
 * @param {LatentVector} z
 * @param {number} digit
 * @param {Generator} generator
 */
function hideClass(z, digit, generator) {
  const most = generator.hiddenClassOf(z);
  [z[most], z[digit]] = [z[digit], z[most]];
}

/** The root mean square difference of two pictures, 0 to 255. @param {Digit} pixels @param {Digit} target */
function errorOf(pixels, target) {
  return 127.5 * difference(pixels, target);
}
