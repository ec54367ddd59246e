// Finding the noise that makes a given picture: GAN inversion (Zhu et al. 2016, section 3.2). A guess,
// an encoder's or the best of many random draws, is refined by gradient descent on z.

import { LIMIT, normals } from "./latent.js";
import { PIXELS } from "./networks.js";
import { take } from "./shelf.js";
import { inked, uninked } from "./tasks.js";

const DRAWS = 192; // random vectors, of which the nearest are starts
const STEPS = 120; // of gradient descent, in all rounds of one start
const RATE = 0.12; // of Adam, at first; it falls to a tenth
const PRIOR = 2e-4; // weight of |z|², so that z stays where random draws live

/**
 * Searches for z. picture: uint8 [784]; encoder: an address, or null; labels: the classes to try, of a network that is
 * asked for one, or the one label that it ignores; starts: how many of the best beginnings are refined.
 * Parts and result: { z, label, error, pixels uint8, share (0 to 1), start }, of the best so far; error is the root
 * mean square difference of pixels (0 to 255), start says where it began: "encoder", "draw" or "here".
 */
export async function find(args, turn) {
  const generator = await take("generator", args.network);
  const target = uninked(args.picture);
  const starts = await beginnings(generator, target, args, turn);
  let best = null;
  const keep = (found, share) => {
    if (best === null || found.error < best.error) best = found;
    turn.tell({ ...best, share });
  };
  for (const [k, start] of starts.entries()) {
    const round = (part) => (k + part) / starts.length;
    await descend(generator, target, start, args.steps ?? STEPS, turn, (found, part) => keep(found, round(part)));
  }
  return { ...best, share: 1, starts: starts.length };
}

/** The best `starts` of the encoder's guess, where people are, and random draws. */
async function beginnings(generator, target, { encoder, labels, starts = 3, here, seed = 1, draws = DRAWS }, turn) {
  const found = [];
  const consider = (z, label, start) => found.push({ z: Float64Array.from(z), label, start, loss: loss(generator.generate(z, label), target) });
  if (encoder) {
    const guess = (await take("encoder", encoder)).guess(target);
    const z = guess.z.map((value) => clipped(value));
    for (const label of labels) consider(z, label, "encoder");
  }
  for (const label of here ? labels : []) consider(here, label, "here");
  for (let k = 0; k < draws; k++) {
    consider(normals(seed + k, generator.latentDim), labels[k % labels.length], "draw");
    await turn.rest();
  }
  return found.sort((a, b) => a.loss - b.loss).slice(0, starts);
}

/** Adam on z (Kingma and Ba 2015, algorithm 1), which stays within the sliders' range. */
async function descend(generator, target, { z, label, start }, steps, turn, tell) {
  const mean = new Float64Array(z.length);
  const square = new Float64Array(z.length);
  const slope = new Float32Array(PIXELS);
  let told = -Infinity;
  let best = null;
  for (let step = 1; step <= steps; step++) {
    const pixels = generator.generate(z, label);
    const error = rms(pixels, target);
    if (best === null || error < best.error) best = { z: z.slice(), label, start, error, pixels: inked(pixels) };
    if (performance.now() - told > 40) {
      tell({ ...best }, (step - 1) / steps);
      told = performance.now();
    }
    for (let i = 0; i < PIXELS; i++) slope[i] = (2 * (pixels[i] - target[i])) / PIXELS;
    const gradient = generator.pull(slope);
    const rate = RATE * (0.1 + 0.9 * 0.5 * (1 + Math.cos((Math.PI * step) / steps)));
    for (let i = 0; i < z.length; i++) {
      const value = gradient[i] + 2 * PRIOR * z[i];
      mean[i] = 0.9 * mean[i] + 0.1 * value;
      square[i] = 0.99 * square[i] + 0.01 * value * value;
      z[i] = clipped(z[i] - (rate * mean[i] / (1 - 0.9 ** step)) / (Math.sqrt(square[i] / (1 - 0.99 ** step)) + 1e-8));
    }
    await turn.rest();
  }
  tell({ ...best }, 1);
}

function clipped(value) {
  return Math.min(LIMIT, Math.max(-LIMIT, value));
}

function loss(pixels, target) {
  let sum = 0;
  for (let i = 0; i < PIXELS; i++) sum += (pixels[i] - target[i]) ** 2;
  return sum / PIXELS;
}

function rms(pixels, target) {
  return 127.5 * Math.sqrt(loss(pixels, target));
}
