// What the explorer's workers do, but for searching. Pictures are 784 numbers, row by row: float32 in
// [-1, 1], +1 is ink, or uint8 with ink = 255. Latent vectors come in one array, one after the other.

import { normals } from "../latent/geometry.js";
import { difference, inked, PIXELS, pictureAt, uninked } from "../pictures/pictures.js";
import { take } from "./cache.js";

const REACH = 3; // sliders go from -3 to 3

/** What a network is: { latentDim, classes, leaning }. */
export async function open({ network }) {
  const { latentDim, classes, leaning } = await take("generator", network);
  return { latentDim, classes, leaning };
}

/**
 * One picture: { pixels, ms }, and on request what others make of it.
 * discriminator, classifier: addresses; then also { logit, slope } and { reading }.
 */
export async function draw({ network, z, label, scale = 1, discriminator, classifier }) {
  const generator = await take("generator", network);
  const began = performance.now();
  const pixels = generator.generate(scaled(z, scale), label).slice();
  const told = { pixels, ms: performance.now() - began, transfer: [pixels.buffer] };
  if (discriminator) {
    const judge = await take("discriminator", discriminator);
    told.logit = judge.judge(pixels, generator.leaning ? generator.leansTo(z) : label);
    told.slope = judge.pull().slice();
    told.isProbability = judge.isProbability;
    told.transfer.push(told.slope.buffer);
  }
  if (classifier) told.reading = (await take("classifier", classifier)).read(pixels);
  return told;
}

/** Many pictures, in parts { from, pixels uint8 [n * 784], readings [n] or null }. labels: one for all, or a list. */
export async function drawMany({ network, zs, labels, scale = 1, classifier }, turn) {
  const generator = await take("generator", network);
  const reader = classifier ? await take("classifier", classifier) : null;
  const size = generator.latentDim;
  const count = zs.length / size;
  let from = 0;
  let done = 0;
  let part = [];
  const readings = [];
  const tell = () => {
    const pixels = new Uint8Array(part.length * PIXELS);
    part.forEach((picture, i) => pixels.set(picture, i * PIXELS));
    turn.tell({ from, pixels, readings: reader ? readings.splice(0) : null }, [pixels.buffer]);
    from = done;
    part = [];
  };
  for (let began = performance.now(); done < count; ) {
    const pixels = generator.generate(
      scaled(zs.subarray(done * size, ++done * size), scale),
      labels?.length ? labels[done - 1] : labels,
    );
    part.push(inked(pixels));
    if (reader) readings.push(mostLikely(reader.read(pixels)));
    if (done < count && performance.now() - began < 24) continue;
    tell();
    began = performance.now();
    await turn.rest();
  }
}

/** D's logits of pictures float32 or uint8 [n * 784]; labels: one for all, or a list. */
export async function judge({ discriminator, pictures, labels }, turn) {
  const network = await take("discriminator", discriminator);
  const logits = new Float32Array(pictures.length / PIXELS);
  for (let i = 0; i < logits.length; i++) {
    const picture = pictureAt(pictures, i);
    logits[i] = network.judge(
      pictures instanceof Uint8Array ? uninked(picture) : picture,
      labels?.length ? labels[i] : labels,
    );
    await turn.rest();
  }
  return { logits, isProbability: network.isProbability };
}

/**
 * How much each number of z changes the picture: the root mean square difference of pixels (of 2)
 * between -1 and 1 of it, averaged over `count` random vectors, or fewer if that takes more than `budget` ms.
 */
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
      const low = generator.generate(z, label).slice();
      z[i] = 1;
      sums[i] += difference(low, generator.generate(z, label));
      z[i] = kept;
      await turn.rest();
    }
  }
  return sums.map((sum) => sum / done);
}

/** What one number of z does to a picture: `steps` pictures uint8 with it from -3 to 3, for each index of `which`. */
export async function strips({ network, z, label, scale = 1, which, steps = 7 }, turn) {
  const generator = await take("generator", network);
  for (const index of which) {
    const moved = Float64Array.from(z);
    const pixels = new Uint8Array(steps * PIXELS);
    for (let k = 0; k < steps; k++) {
      moved[index] = -REACH + (2 * REACH * k) / (steps - 1);
      pixels.set(inked(generator.generate(scaled(moved, scale), label)), k * PIXELS);
      await turn.rest();
    }
    turn.tell({ index, pixels }, [pixels.buffer]);
  }
}

function scaled(z, scale) {
  return scale === 1 ? z : z.map((value) => scale * value);
}

function mostLikely(shares) {
  return shares.indexOf(Math.max(...shares));
}
