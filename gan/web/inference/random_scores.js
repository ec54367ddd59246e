// What D says of random digits: what a digit's score is compared with, by all who show one.

import { joined, normals } from "../latent/geometry.js";
import { PIXELS } from "../pictures/pictures.js";
import { quartiles } from "./quantiles.js";

/** @import { Inference } from "./inference.js" */
/** @import { Network, RandomScores } from "./types" */

export const RANDOM_DRAWS = 64;

/**
 * D's scores of a network's random digits, always the same of one network. A network that is asked for classes is
 * asked for those that it has learned in turn. Rejected with what `isCancelled` knows once the signal ends it.
 * @param {Pick<Inference, "run">} inference
 * @param {Network & { discriminator: string }} network
 * @param {AbortSignal} signal
 * @returns {Promise<RandomScores>}
 */
export async function scoreRandomDigits(inference, network, signal) {
  const { url, discriminator, latentDim, classes, hiddenClasses, learned } = network;
  const zs = Array.from({ length: RANDOM_DRAWS }, (_, i) => normals(i + 1, latentDim));
  const asked = zs.map((_, i) => (classes ? learned[i % learned.length] : 0));
  const pictures = new Uint8Array(RANDOM_DRAWS * PIXELS);
  await inference.run(
    "drawMany",
    { network: url, zs: joined(zs), labels: asked },
    { signal, onPart: ({ from, pixels }) => pictures.set(pixels, from * PIXELS) },
  );
  const { logits, isProbability } = await inference.run(
    "judge",
    { discriminator, pictures, labels: asked, zs: joined(zs), hiddenClasses },
    { signal },
  );
  const sorted = logits.sort();
  const [low, middle, high] = quartiles(sorted);
  return { sorted, low, middle, high, count: RANDOM_DRAWS, isProbability };
}
