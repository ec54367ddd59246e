// From a picture back to the noise that a diffusion model draws it from: its deterministic way turned round (DDIM
// inversion: Song et al. 2021, section 4.3; Dhariwal and Nichol 2021, appendix F). No search is needed.
//
// A step is next = ofDigit * digit(now) + ofNow * now. Back from `next`, `now` is on both sides: the digit seen in
// `next` is a first guess of the one seen in `now`, and the digit seen in what follows of that a better one.

import { normals, toSlider } from "../latent/geometry.js";
import { difference, inked, uninked } from "../pictures/pictures.js";
import { angleOf } from "./diffusion.js";
import { drawn } from "./drawn.js";

/** @import { Denoising } from "./denoising.js" */
/** @import { Move } from "./diffusion.js" */
/** @import { Classifier, Generator } from "./networks.js" */
/** @import { Found, Tasks, Turn } from "./protocol" */

const BETTER = 1; // further guesses a step: with one, the digit comes back to within 2 of 255, with none within 11
const ASIDE = 8; // random draws that tell how far its own digits are from each other
const ROUGH = 5; // steps of each of them

/** @typedef {Generator & { denoising: Denoising }} Diffusion */

/** @param {Generator} generator @returns {generator is Diffusion} */
export function isDiffusion(generator) {
  return generator.denoising !== null;
}

/** One way back that goes on step by step: between two of them, others may use the network. */
class WayBack {
  /** @param {Denoising} denoising @param {Float32Array} target @param {number} label @param {number} [steps] */
  constructor(denoising, target, label, steps) {
    this.denoising = denoising;
    this.label = label;
    this.moves = denoising.movesOf({ steps, sampler: "ddim" });
    this.digit = new Float32Array(target.length);
    this.picture = target.slice();
    this.left = this.moves.length; // steps that are to be turned round
  }

  go() {
    this.denoising.teller.label = this.label;
    this.left--;
    if (this.left === this.moves.length - 1) this.begin();
    else this.turn(this.moves[this.left], this.moves[this.left + 1]);
  }

  /** The last step leaves no noise, so the first one back takes what the network says of the picture itself. */
  begin() {
    const { denoising, picture, moves } = this;
    const noise = denoising.noiseIn(0, picture);
    const there = angleOf(moves[this.left].time);
    for (let i = 0; i < picture.length; i++)
      picture[i] = Math.cos(there) * picture[i] + Math.sin(there) * noise[i];
  }

  /** @param {Move} move to be turned round @param {Move} after the one that came after it */
  turn(move, after) {
    const { denoising, digit } = this;
    const next = this.picture;
    let now = next;
    for (let guess = 0; guess <= BETTER; guess++) {
      denoising.see(guess === 0 ? after : move, now, digit);
      now = next.map((value, i) => (value - move.ofDigit * digit[i]) / move.ofNow);
    }
    this.picture = now;
  }
}

/**
 * What `find` tells, for a diffusion model.
 * @param {Diffusion} generator
 * @param {Classifier} reader
 * @param {Tasks["find"]["args"]} args
 * @param {Turn<Found>} turn
 * @returns {Promise<Tasks["find"]["value"]>}
 */
export async function findBack(generator, reader, { picture, labels = [], seed = 1, steps }, turn) {
  const began = performance.now();
  const target = uninked(picture);
  const wanted = reader.read(target);
  const label = labels.length > 0 ? labels.reduce((a, b) => (wanted[b] > wanted[a] ? b : a)) : 0;
  const way = new WayBack(generator.denoising, target, label, steps);
  while (way.left > 0) {
    way.go();
    await turn.rest();
  }
  const z = Float64Array.from(way.picture, toSlider);
  const pixels = await drawn(generator, z, label, { steps, sampler: "ddim" }, turn);
  const error = 127.5 * difference(pixels, target);
  /** @type {Found} */
  const found = {
    ...{ z, label, error, pixels: inked(pixels), start: "picture", share: 1 },
    seconds: (performance.now() - began) / 1000,
  };
  turn.tell(found);
  const spread = await spreadOf(generator, label, seed, turn);
  return { ...found, wanted, reading: reader.read(pixels), spread, isEarly: false };
}

/**
 * The median error between one of its random digits and the nearest other.
 * @param {Generator} generator @param {number} label @param {number} seed @param {Turn<Found>} turn
 */
async function spreadOf(generator, label, seed, turn) {
  /** @type {Float32Array[]} */
  const pictures = [];
  for (let i = 0; i < ASIDE; i++) {
    const z = normals(seed + i, generator.latentDim);
    pictures.push(await drawn(generator, z, label, { steps: ROUGH, sampler: "ddim" }, turn));
  }
  const nearest = pictures.map((one) =>
    Math.min(...pictures.filter((other) => other !== one).map((other) => 127.5 * difference(one, other))),
  );
  return nearest.sort((a, b) => a - b)[ASIDE >> 1];
}
