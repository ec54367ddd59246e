// Finding the noise that makes a given picture: GAN inversion (Zhu et al. 2016, section 3.2). Guesses, an
// encoder's and the nearest of many random draws, are refined by gradient descent on z, and the worse ones
// dropped on the way (successive halving, Jamieson and Talwalkar 2016). tests/bench/bench_find.py measures it.

import { LIMIT, normals, toSlider } from "../latent/geometry.js";
import { difference, inked, PIXELS, uninked } from "../pictures/pictures.js";
import { take } from "./cache.js";

const DRAWS = 96; // random vectors, of which the nearest are starts
const ROUNDS = [
  [4, 20],
  [2, 40],
  [1, 180],
]; // starts that are left, and steps that each of them makes
const FEWER = [
  [2, 40],
  [1, 120],
]; // where there is less time
const FULL = total(ROUNDS); // gradient steps of a whole search
const ENOUGH = 120; // with fewer, a search says that it stopped early
const RATE = 0.15; // of Adam, at first; it falls to a tenth
const PRIOR = 2e-4; // weight of |z|², so that z stays where random draws live
const DRAWING = 600; // ms that draws may take
const LONG = 2700; // ms after which a search ends that has made ENOUGH steps
const LONGEST = 6000; // ms: what a slow network has by then is the result
const BACKWARD = 1.3; // how much longer than drawing a picture its gradient takes
const ASIDE = 8; // of the draws, the ones that tell how far its own digits are from each other

/**
 * Searches for z. picture: uint8 [784]; labels: the classes that a network can be asked for, if it can; classifier:
 * an address; encoder: an address, or null; seed, draws: the random draws, and how many at most.
 * Parts and result: { z, label, error, pixels uint8, start, share (0 to 1), seconds }, of the best so far; error is
 * the root mean square difference of pixels (0 to 255), start says where it began: "encoder" or "draw". The result
 * has also { wanted, reading }, ten probabilities each of the picture and of what was found, { spread }, the median
 * error between one of the network's random digits and the nearest other, and { isEarly }.
 */
export async function find(args, turn) {
  const { network, picture, labels = [], classifier, encoder = null, seed = 1, draws = DRAWS } = args;
  const generator = await take("generator", network);
  const reader = await take("classifier", classifier);
  const guesser = encoder ? await take("encoder", encoder) : null;
  const search = new Search(generator, uninked(picture), turn);
  const wanted = reader.read(search.target);
  const digits = likely(wanted)
    .filter((digit) => labels.length === 0 || labels.includes(digit))
    .slice(0, 3);
  if (guesser) search.guess(guesser, labels, digits[0]);
  await search.draw(digits, seed, draws);
  await search.refine();
  const { best } = search;
  const reading = reader.read(uninked(best.pixels));
  return {
    ...search.told(),
    share: 1,
    wanted,
    reading,
    spread: search.spread(),
    isEarly: search.steps < ENOUGH,
  };
}

/** One descent: Adam on z (Kingma and Ba 2015, algorithm 1), which stays within the sliders' range. */
class Descent {
  constructor(z, label, start) {
    Object.assign(this, { z, label, start, step: 0, error: Infinity });
    this.mean = new Float64Array(z.length);
    this.square = new Float64Array(z.length);
  }

  /** One step against `gradient`, at a learning rate. */
  go(gradient, rate) {
    const { z, mean, square } = this;
    const step = ++this.step;
    for (let i = 0; i < z.length; i++) {
      const value = gradient[i] + 2 * PRIOR * z[i];
      mean[i] = 0.9 * mean[i] + 0.1 * value;
      square[i] = 0.99 * square[i] + 0.01 * value * value;
      const move = mean[i] / (1 - 0.9 ** step) / (Math.sqrt(square[i] / (1 - 0.99 ** step)) + 1e-8);
      z[i] = clipped(z[i] - rate * move);
    }
  }
}

class Search {
  constructor(generator, target, turn) {
    Object.assign(this, { generator, target, turn, starts: [], best: null, steps: 0, share: 0 });
    this.began = performance.now();
    this.toldAt = -Infinity;
    this.slope = new Float32Array(PIXELS);
    this.nearest = new Float64Array(ASIDE).fill(Infinity);
    this.aside = [];
  }

  get passed() {
    return performance.now() - this.began;
  }

  // ---- where to begin

  /** The encoder's guess is one start, whatever draws there are. */
  guess(encoder, labels, digit) {
    const { z, classes } = encoder.guess(this.target);
    const likeliest = () => labels.reduce((a, b) => (classes[b] > classes[a] ? b : a));
    const label = labels.length === 0 ? 0 : classes.length ? likeliest() : digit;
    this.guessed = this.consider(Float64Array.from(z, clipped), label, "encoder");
  }

  /** Random vectors: half of them made to draw the digit that the target is read as, the others the two next. */
  async draw(digits, seed, draws) {
    const { generator, turn } = this;
    const began = this.passed;
    const costs = [];
    let drawn = 0;
    while (drawn < draws && (this.passed - began < DRAWING || drawn < ASIDE)) {
      const z = normals(seed + drawn, generator.latentDim);
      const digit = digits[[0, 1, 0, 2][drawn % 4]] ?? digits[0];
      if (generator.leaning > 0) lean(z, digit, generator);
      const start = performance.now();
      this.consider(z, generator.classes > 0 ? digit : 0, "draw");
      costs.push(performance.now() - start);
      drawn++;
      this.report(this.best, (0.15 * drawn) / draws);
      await turn.rest();
    }
    this.pace = (1 + BACKWARD) * costs.sort((a, b) => a - b)[drawn >> 1];
  }

  consider(z, label, start) {
    const pixels = this.generator.generate(z, label);
    const descent = new Descent(z, label, start);
    this.starts.push(descent);
    this.weigh(descent, pixels);
    if (start === "draw") this.compare(pixels);
    return descent;
  }

  /** Keeps what `descent` draws if nothing was nearer. */
  weigh(descent, pixels) {
    descent.error = rms(pixels, this.target);
    if (this.best !== null && descent.error >= this.best.error) return;
    const { z, label, start, error } = descent;
    this.best = { z: z.slice(), label, start, error, pixels: inked(pixels) };
  }

  /** How far the first few draws are from the nearest of all others. */
  compare(pixels) {
    for (const [i, other] of this.aside.entries())
      this.nearest[i] = Math.min(this.nearest[i], rms(pixels, other));
    if (this.aside.length === ASIDE) return;
    const own = this.aside.map((other) => rms(pixels, other));
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
        const end = (limit) => began + ((limit - began) * planned) / all; // so that later rounds have their time, too
        for (let k = 0; k < steps && this.passed < end(this.limit); k++) {
          const share = Math.max(descent.step / length, (this.passed - began) / (this.limit - began));
          this.step(descent, rateOf(share));
          this.report(this.best, 0.15 + 0.85 * share);
          await this.turn.rest();
        }
      }
    }
    this.round();
  }

  /** As many starts as there is time for. */
  plan() {
    const within = (ms) => Math.floor((ms - this.passed) / this.pace);
    if (within(LONG) >= FULL) return ROUNDS;
    if (within(LONGEST) >= ENOUGH) return FEWER;
    return [[1, ENOUGH]];
  }

  /** ms after which no step is begun. */
  get limit() {
    return this.steps < ENOUGH ? LONGEST : LONG;
  }

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
    best.z = best.z.map(toSlider);
    const pixels = generator.generate(best.z, best.label);
    Object.assign(best, { error: rms(pixels, target), pixels: inked(pixels) });
  }

  report(best, share) {
    this.share = share;
    const now = performance.now();
    if (now - this.toldAt < 40) return;
    this.toldAt = now;
    this.turn.tell(this.told());
  }

  told() {
    return { ...this.best, share: this.share, seconds: this.passed / 1000 };
  }
}

function total(rounds) {
  return rounds.reduce((sum, [count, steps]) => sum + count * steps, 0);
}

/** From RATE to a tenth of it, by a half wave of cosine (Loshchilov and Hutter 2017). */
function rateOf(share) {
  return RATE * (0.1 + 0.45 * (1 + Math.cos(Math.PI * Math.min(1, share))));
}

/** Digits, the most probable first. */
function likely(shares) {
  return Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
}

/** Makes z lean to a class by giving that class's number the largest of those that lean. */
function lean(z, digit, generator) {
  const largest = generator.leansTo(z);
  [z[largest], z[digit]] = [z[digit], z[largest]];
}

function clipped(value) {
  return Math.min(LIMIT, Math.max(-LIMIT, value));
}

/** The root mean square difference of two pictures in [-1, 1], as one of 0 to 255. */
function rms(pixels, target) {
  return 127.5 * difference(pixels, target);
}
