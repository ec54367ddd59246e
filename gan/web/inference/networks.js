// The networks that the explorer runs: the generator, the discriminator, the encoder and the classifier.

import { PIXELS } from "../pictures/pictures.js";
import { backward, DamagedFile, demand, forward, readLayers } from "./layers.js";

export { DamagedFile };

/** Draws: a latent vector, and perhaps a class, to 28 x 28 pixels. */
export class Generator {
  /** bytes: a file of gan/model/bundle.py's export_generator. Throws DamagedFile. */
  constructor(bytes) {
    const { about, layers } = readLayers(bytes);
    const { latent_dim: latentDim, classes = 0, leaning_classes: leaning = 0, sharpness = 1 } = about;
    demand(Number.isInteger(latentDim) && latentDim > 0, "it does not say how long z is");
    demand(
      Number.isInteger(leaning) && leaning >= 0 && leaning <= latentDim,
      "it does not say which numbers lean towards classes",
    );
    demand(Number.isFinite(sharpness), "it does not say how sharply classes part");
    demand(
      !("classes" in about) || (Number.isInteger(classes) && classes > 0),
      "it does not say how many classes it draws",
    );
    demand(classes === 0 || leaning === 0, "its classes are both hidden and asked for");
    demand(layers[0].inputs === latentDim + classes + leaning, "its layers do not fit together");
    demand(
      layers.at(-1).output.length === PIXELS,
      `it draws ${layers.at(-1).output.length} pixels instead of ${PIXELS}`,
    );
    Object.assign(this, { latentDim, classes, leaning, sharpness, layers });
    this.input = new Float32Array(layers[0].inputs);
  }

  /**
   * latent vector (any array of latentDim numbers) -> 784 values in [-1, 1], row by row, +1 is ink.
   * label: the class that a conditional network is asked for; others ignore it. The array is reused.
   */
  generate(z, label = 0) {
    const { input, latentDim } = this;
    input.set(z);
    input.fill(0, latentDim);
    if (this.classes > 0) input[latentDim + label] = 1;
    if (this.leaning > 0) this.lean(input);
    return forward(this.layers, input);
  }

  /** The gradient by z of what `generate` drew last, given the one by its pixels. The array is reused. */
  pull(gradient) {
    const pulled = backward(this.layers, gradient);
    const { latentDim, leaning, sharpness, input } = this;
    let mean = 0;
    for (let i = 0; i < leaning; i++) mean += input[latentDim + i] * pulled[latentDim + i];
    for (let i = 0; i < leaning; i++)
      pulled[i] += sharpness * input[latentDim + i] * (pulled[latentDim + i] - mean);
    return pulled.subarray(0, latentDim);
  }

  /** The class that z leans to, for a network whose classes are hidden in its noise. */
  leansTo(z) {
    let largest = 0;
    for (let i = 1; i < this.leaning; i++) if (z[i] > z[largest]) largest = i;
    return largest;
  }

  /** Puts behind z how far its first numbers lean towards each class: shares that add up to 1. */
  lean(values) {
    const first = values.subarray(0, this.leaning);
    const shares = values.subarray(this.latentDim);
    const largest = Math.max(...first);
    let total = 0;
    for (let i = 0; i < this.leaning; i++)
      total += shares[i] = Math.exp(this.sharpness * (first[i] - largest));
    for (let i = 0; i < this.leaning; i++) shares[i] /= total;
  }
}

/** Judges: 784 pixels, and perhaps a class, to a logit, positive for "real". */
export class Discriminator {
  /** bytes: a file of gan/model/opinion.py. Throws DamagedFile. */
  constructor(bytes) {
    const { about, layers } = readLayers(bytes);
    demand(layers[0].inputs === PIXELS, "it does not look at pictures");
    this.layers = layers;
    this.isProbability = about.score === "probability";
    this.slope = new Float32Array(layers.at(-1).output.length);
  }

  /** One number: the logit of "real", of a picture that should be of class `label`. */
  judge(pixels, label = 0) {
    if ("label" in this.layers[0]) this.layers[0].label = label;
    this.last = this.slope.length > 1 ? label : 0;
    return forward(this.layers, pixels)[this.last];
  }

  /** The gradient of the last logit by the pixels, 784 numbers. The array is reused. */
  pull() {
    this.slope.fill(0);
    this.slope[this.last] = 1;
    return backward(this.layers, this.slope);
  }
}

/** Guesses z: 784 pixels to a latent vector, and the logits of its class if the generator is asked for one. */
export class Encoder {
  /** bytes: a file of gan/model/encoder.py. Throws DamagedFile. */
  constructor(bytes) {
    const { about, layers } = readLayers(bytes);
    demand(layers[0].inputs === PIXELS, "it does not look at pictures");
    this.latentDim = about.latent_dim;
    this.layers = layers;
  }

  /** { z, classes }, arrays that are reused. */
  guess(pixels) {
    const values = forward(this.layers, pixels);
    return { z: values.subarray(0, this.latentDim), classes: values.subarray(this.latentDim) };
  }
}

/** Reads: 784 pixels to the probabilities of the ten digits. */
export class Classifier {
  /** bytes: a file of gan/network_file/digit_classifier.py. Throws DamagedFile. */
  constructor(bytes) {
    this.layers = readLayers(bytes).layers;
    demand(this.layers[0].inputs === PIXELS, "it does not look at pictures");
  }

  /** Ten probabilities, a new array. */
  read(pixels) {
    const logits = forward(this.layers, pixels);
    const largest = Math.max(...logits);
    const shares = Array.from(logits, (logit) => Math.exp(logit - largest));
    const total = shares.reduce((sum, share) => sum + share, 0);
    return shares.map((share) => share / total);
  }
}
