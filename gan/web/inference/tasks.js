// What the explorer's workers draw, judge and measure; protocol.d.ts says what each takes and gives.

import { LIMIT, largest, normals } from "../latent/geometry.js";
import { difference, inked, PIXELS, pictureAt, uninked } from "../pictures/pictures.js";
import { take } from "./cache.js";
import { drawn, scaled } from "./drawn.js";

/** @import { Labels, Task } from "./protocol" */

const PART = 24; // ms after which what was drawn is told

/** @type {Task<"open">} */
export async function open({ network }) {
  const { latentDim, classes, hiddenClasses, steps, sampler } = await take("generator", network);
  return { latentDim, classes, hiddenClasses, steps, sampler };
}

/** @type {Task<"draw">} */
export async function draw({ network, z, label, scale = 1, discriminator, classifier, ...how }, turn) {
  const generator = await take("generator", network);
  const from = scaled(z, scale);
  const began = performance.now();
  const pixels = await drawn(generator, from, label, how, turn);
  /** @type {Awaited<ReturnType<Task<"draw">>>} */
  const told = { pixels, ms: performance.now() - began };
  turn.handOver(pixels.buffer);
  if (discriminator) {
    const judging = await take("discriminator", discriminator);
    told.logit = judging.judge(pixels, judging.classOf(from, generator.hiddenClasses, label));
    const slope = Float32Array.from(judging.pull());
    told.slope = slope;
    told.isProbability = judging.isProbability;
    turn.handOver(slope.buffer);
  }
  if (classifier) told.reading = (await take("classifier", classifier)).read(pixels);
  return told;
}

/** @type {Task<"drawMany">} */
export async function drawMany({ network, zs, labels, scale = 1, classifier, ...how }, turn) {
  const generator = await take("generator", network);
  const reader = classifier ? await take("classifier", classifier) : null;
  const size = generator.latentDim;
  const count = zs.length / size;
  let from = 0;
  /** @type {Uint8Array[]} */
  let part = [];
  /** @type {number[]} */
  let readings = [];
  let began = performance.now();
  for (let done = 0; done < count; done++) {
    const z = scaled(zs.slice(done * size, (done + 1) * size), scale);
    const pixels = await drawn(generator, z, at(labels, done), how, turn);
    part.push(inked(pixels));
    if (reader) readings.push(largest(reader.read(pixels)));
    if (done + 1 < count && performance.now() - began < PART) continue;
    const whole = new Uint8Array(part.length * PIXELS);
    for (const [i, picture] of part.entries()) whole.set(picture, i * PIXELS);
    turn.tell({ from, pixels: whole, readings: reader ? readings : null }, [whole.buffer]);
    [from, part, readings] = [done + 1, [], []];
    began = performance.now();
    await turn.rest();
  }
}

/** @type {Task<"judge">} */
export async function judge({ discriminator, pictures, labels, zs, hiddenClasses }, turn) {
  const network = await take("discriminator", discriminator);
  const logits = new Float32Array(pictures.length / PIXELS);
  const size = zs.length / logits.length;
  for (let i = 0; i < logits.length; i++) {
    const picture = pictureAt(pictures, i);
    const pixels = picture instanceof Uint8Array ? uninked(picture) : picture;
    const z = zs.subarray(i * size, (i + 1) * size);
    logits[i] = network.judge(pixels, network.classOf(z, hiddenClasses, at(labels, i)));
    await turn.rest();
  }
  return { logits, isProbability: network.isProbability };
}

/** @type {Task<"effects">} */
export async function effects({ network, count = 4, label = 0, budget = 2000 }, turn) {
  const generator = await take("generator", network);
  const size = generator.latentDim;
  const sums = new Float64Array(size);
  const began = performance.now();
  let done = 0;
  while (done === 0 || (done < count && performance.now() - began < budget)) {
    const z = normals(++done, size);
    for (let i = 0; i < size; i++) {
      const kept = z[i];
      z[i] = -1;
      const low = Float32Array.from(generator.generate(z, label));
      z[i] = 1;
      sums[i] += difference(low, generator.generate(z, label));
      z[i] = kept;
      await turn.rest();
    }
  }
  return sums.map((sum) => sum / done);
}

/** @type {Task<"strips">} */
export async function strips({ network, z, label, scale = 1, which, steps = 7 }, turn) {
  const generator = await take("generator", network);
  for (const index of which) {
    const moved = Float64Array.from(z);
    const pixels = new Uint8Array(steps * PIXELS);
    for (let k = 0; k < steps; k++) {
      moved[index] = -LIMIT + (2 * LIMIT * k) / (steps - 1);
      pixels.set(inked(generator.generate(scaled(moved, scale), label)), k * PIXELS);
      await turn.rest();
    }
    turn.tell({ index, pixels }, [pixels.buffer]);
  }
}

/** The class of the picture at a place. @param {Labels} labels @param {number} place */
function at(labels, place) {
  return typeof labels === "number" ? labels : labels[place];
}
