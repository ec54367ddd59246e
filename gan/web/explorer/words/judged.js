// How a classifier's and a discriminator's numbers read.

import { largest } from "../../latent/geometry.js";

/**
 * The digit that a picture is read as, and how surely: "7 (98%)".
 * @param {readonly number[]} shares the classifier's, of the ten digits
 */
export function readingWords(shares) {
  const digit = largest(shares);
  return `${digit} (${Math.round(100 * shares[digit])}%)`;
}

/**
 * What D gives a picture: "97% real", or "+1.32" where its number is no probability.
 * @param {number} logit
 * @param {boolean} isProbability
 */
export function judgedWords(logit, isProbability) {
  return isProbability
    ? `${shareWords(logit)} real`
    : `${logit >= 0 ? "+" : "−"}${Math.abs(logit).toFixed(2)}`;
}

/**
 * A logit as the probability that it stands for: "97%".
 * @param {number} logit
 */
export function shareWords(logit) {
  const share = 100 / (1 + Math.exp(-logit));
  return `${share >= 1 && share <= 99 ? share.toFixed(0) : share.toFixed(1)}%`;
}
