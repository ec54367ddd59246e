// The networks that the explorer runs: the generator, the discriminator, the encoder and the classifier.

import { largest } from "../latent/geometry.js";
import { PIXELS } from "../pictures/pictures.js";
import { OneHotClass, SoftmaxClass } from "./class_numbers.js";
import { DamagedFile, demand, isCount } from "./damage.js";
import { Denoising } from "./denoising.js";
import { samplingOf } from "./diffusion.js";
import { readNetwork } from "./network_file.js";
import { backward, forward } from "./passes.js";
import { TimeLayer } from "./time_layers.js";

/** @import { Numbers } from "../latent/types" */
/** @import { Digit } from "../pictures/types" */
/** @import { Layer } from "./types" */

export { DamagedFile };

/** Draws: a latent vector, and perhaps a class, to 28 x 28 pixels. */
export class Generator {
  /** Throws DamagedFile. @param {Uint8Array} bytes a file of gan/network_file */
  constructor(bytes) {
    const { about, layers } = readNetwork(bytes);
    const { latent_dim: latentDim } = about;
    const [first, drawn] = [layers[0], lastOf(layers).output.length];
    demand(isCount(latentDim), "it does not say how long z is");
    demand(first.inputs === latentDim, "its layers do not fit together");
    demand(drawn === PIXELS, `it draws ${drawn} pixels instead of ${PIXELS}`);
    /** How many numbers z has. */
    this.latentDim = latentDim;
    /** How many classes it is asked for; 0 if it is not asked. */
    this.classes = first instanceof OneHotClass || first instanceof TimeLayer ? first.classes : 0;
    /** Numbers of z, the first ones, in which classes are hidden; 0 if there are none. */
    this.hiddenClasses = first instanceof SoftmaxClass ? first.classes : 0;
    this.layers = layers;
    this.input = new Float32Array(latentDim);
    const sampling = samplingOf(about);
    demand((sampling !== null) === first instanceof TimeLayer, "it does not say how it draws");
    /** How it draws if it takes noise out step by step; null if it draws in one go. */
    this.denoising = sampling && first instanceof TimeLayer ? new Denoising(layers, first, sampling) : null;
  }

  /** How often its network is asked for a picture, if nothing else is said; 0 if it draws in one go. */
  get steps() {
    return this.denoising?.sampling.steps ?? 0;
  }

  /** Whether it adds fresh noise on the way, if nothing else is said; null if it draws in one go. */
  get sampler() {
    return this.denoising?.sampling.sampler ?? null;
  }

  /**
   * @param {Numbers} z latentDim numbers
   * @param {number} label the class that a conditional network is asked for; others ignore it
   * @param {number} [steps] in which a diffusion model draws, 1 to 1000; others ignore it
   * @returns {Digit} an array that is reused
   */
  generate(z, label = 0, steps = undefined) {
    if ("label" in this.layers[0]) this.layers[0].label = label;
    if (this.denoising) return this.denoising.draw(z, steps);
    this.input.set(z);
    return forward(this.layers, this.input);
  }

  /**
   * The gradient by z of what `generate` drew last.
   * @param {Float32Array} gradient by its pixels
   * @returns {Float32Array} [latentDim], an array that is reused
   */
  pull(gradient) {
    return this.denoising ? this.denoising.pull(gradient) : backward(this.layers, gradient);
  }

  /** The class that is hidden in z, if this network has classes there. @param {Numbers} z */
  hiddenClassOf(z) {
    return hiddenClassOf(z, this.hiddenClasses);
  }
}

/** Judges: 784 pixels, and perhaps a class, to a logit, positive for "real". */
export class Discriminator {
  /** Throws DamagedFile. @param {Uint8Array} bytes a file of gan/model/discriminator_export.py */
  constructor(bytes) {
    const { about, layers } = readNetwork(bytes);
    demand(layers[0].inputs === PIXELS, "it does not look at pictures");
    this.layers = layers;
    this.isProbability = about.score === "probability";
    const { head_starts: starts = [] } = about;
    demand(Array.isArray(starts) && starts.every(Number.isFinite), "it does not say where classes start");
    /** What is added to the first numbers of z before the largest tells the class that is hidden there. @type {number[]} */
    this.headStarts = starts;
    this.slope = new Float32Array(lastOf(layers).output.length);
    this.last = 0;
  }

  /**
   * @param {Digit} pixels
   * @param {number} label the class that the picture should be of
   * @returns {number} the logit of "real"
   */
  judge(pixels, label = 0) {
    if ("label" in this.layers[0]) this.layers[0].label = label;
    this.last = this.slope.length > 1 ? label : 0;
    return forward(this.layers, pixels)[this.last];
  }

  /**
   * The class that the picture of a z should be of.
   * @param {Numbers} z
   * @param {number} hiddenClasses how many classes are hidden in z; 0 if there are none
   * @param {number} label the class that its generator was asked for
   */
  classOf(z, hiddenClasses, label) {
    return hiddenClasses ? hiddenClassOf(z, hiddenClasses, this.headStarts) : label;
  }

  /** The gradient of the last logit by the pixels. @returns {Float32Array} [784], an array that is reused */
  pull() {
    this.slope.fill(0);
    this.slope[this.last] = 1;
    return backward(this.layers, this.slope);
  }
}

/** Guesses z: 784 pixels to a latent vector, and the logits of its class if the generator is asked for one. */
export class Encoder {
  /** Throws DamagedFile. @param {Uint8Array} bytes a file of gan/model/encoder.py */
  constructor(bytes) {
    const { about, layers } = readNetwork(bytes);
    demand(layers[0].inputs === PIXELS, "it does not look at pictures");
    demand(isCount(about.latent_dim), "it does not say how long z is");
    this.latentDim = about.latent_dim;
    this.layers = layers;
  }

  /**
   * @param {Digit} pixels
   * @returns {{ z: Float32Array, classes: Float32Array }} arrays that are reused
   */
  guess(pixels) {
    const values = forward(this.layers, pixels);
    return { z: values.subarray(0, this.latentDim), classes: values.subarray(this.latentDim) };
  }
}

/** Reads: 784 pixels to the probabilities of the ten digits. */
export class Classifier {
  /** Throws DamagedFile. @param {Uint8Array} bytes a file of gan/network_file/digit_classifier.py */
  constructor(bytes) {
    this.layers = readNetwork(bytes).layers;
    demand(this.layers[0].inputs === PIXELS, "it does not look at pictures");
  }

  /** @param {Digit} pixels @returns {number[]} ten probabilities */
  read(pixels) {
    return softmax(Array.from(forward(this.layers, pixels)));
  }
}

/**
 * The class that is hidden in z: the largest of its first numbers, each with its head start.
 * @param {Numbers} z
 * @param {number} hiddenClasses how many there are
 * @param {number[]} [headStarts] of discriminators from before there were any: none
 */
export function hiddenClassOf(z, hiddenClasses, headStarts = []) {
  return largest(Array.from({ length: hiddenClasses }, (_, i) => z[i] + (headStarts[i] ?? 0)));
}

/** @param {Layer[]} layers */
function lastOf(layers) {
  return layers[layers.length - 1];
}

/** Shares that add up to 1. @param {number[]} logits */
function softmax(logits) {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
