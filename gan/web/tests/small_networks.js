// Files of small networks, with weights that are the same each time.

import { normals } from "../latent/geometry.js";

/** @typedef {{ kind: string, activation: string, [name: string]: unknown }} Header */
/** @typedef {{ header: Header, weights: number, biases: number }} SmallLayer */

/**
 * @param {number} inputs
 * @param {number} outputs
 * @param {string} activation
 * @param {Record<string, unknown>} more
 * @returns {SmallLayer}
 */
export function dense(inputs, outputs, activation, more = {}) {
  const header = { kind: "dense", inputs, outputs, activation, ...more };
  return { header, weights: inputs * outputs, biases: outputs };
}

/**
 * @param {[number, number, number]} inputs
 * @param {[number, number, number]} outputs
 * @param {number} kernel
 * @param {number} stride
 * @param {string} activation
 * @param {Record<string, unknown>} more
 * @returns {SmallLayer}
 */
export function transposed(inputs, outputs, kernel, stride, activation, more = {}) {
  const header = { kind: "conv_transpose", inputs, outputs, kernel, stride, activation, ...more };
  return { header, weights: kernel ** 2 * inputs[2] * outputs[2], biases: outputs[2] };
}

/**
 * @param {[number, number, number]} inputs
 * @param {[number, number, number]} outputs
 * @param {number} kernel
 * @param {number} stride
 * @param {string} activation
 * @param {Record<string, unknown>} more
 * @returns {SmallLayer}
 */
export function conv(inputs, outputs, kernel, stride, activation, more = {}) {
  const header = { kind: "conv", inputs, outputs, kernel, stride, activation, padding: "same", ...more };
  return { header, weights: kernel ** 2 * inputs[2] * outputs[2], biases: outputs[2] };
}

/** A picture for each class, behind the one that is seen. @param {number} classes @returns {SmallLayer} */
export function plane(classes) {
  const header = { kind: "plane", inputs: classes, outputs: 784, activation: "linear" };
  return { header, weights: classes * 784, biases: 784 };
}

/**
 * The bytes of a file, with random weights unless they are given.
 * @param {Record<string, unknown>} about
 * @param {SmallLayer[]} layers
 * @param {ArrayLike<number>} numbers all weights and biases
 */
export function networkFile(about, layers, numbers = randomNumbers(layers)) {
  let header = JSON.stringify({ ...about, layers: layers.map((layer) => layer.header) });
  header += " ".repeat((4 - (new TextEncoder().encode(header).length % 4)) % 4);
  return fileOf(header, Float32Array.from(numbers));
}

/** @param {string} header @param {Float32Array} body @param {string} magic */
export function fileOf(header, body, magic = "DFGEN001") {
  const text = new TextEncoder().encode(header);
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, text.length, true);
  return Uint8Array.from([
    ...new TextEncoder().encode(magic),
    ...new Uint8Array(length.buffer),
    ...text,
    ...new Uint8Array(body.buffer),
  ]);
}

/** Weights that let pictures differ about as much as digits do. @param {SmallLayer[]} layers */
function randomNumbers(layers) {
  return layers.flatMap(({ header, weights, biases }, i) => {
    const scale = (header.kind === "conv_transpose" ? 3 : 1) * Math.sqrt(biases / weights);
    const numbers = Array.from(normals(i + 1, weights), (value) => scale * value);
    return [...numbers, ...Array.from(normals(100 + i, biases), (value) => 0.1 * value)];
  });
}

/** A generator of 4 numbers by transposed convolutions. @param {Record<string, unknown>} about */
export function smallGenerator(about = {}, inputs = 4) {
  return networkFile({ latent_dim: 4, ...about }, [
    dense(inputs, 98, "leaky_relu", { negative_slope: 0.2 }),
    transposed([7, 7, 2], [14, 14, 2], 4, 2, "relu"),
    transposed([14, 14, 2], [28, 28, 1], 4, 2, "tanh"),
  ]);
}
