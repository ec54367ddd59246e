// What follows a layer's sum, and how a gradient comes back through it.

/** @import { ActivationName } from "./types" */

/**
 * @typedef {object} Activation
 * @property {(values: Float32Array, leak: number) => void} apply changes the values in place
 * @property {(gradient: Float32Array, values: Float32Array, leak: number) => void} slope makes the gradient by what
 *   came out the one by what went in, in place; values: what came out
 */

/** @type {Record<ActivationName, Activation>} */
export const ACTIVATIONS = {
  linear: { apply() {}, slope() {} },
  relu: {
    apply(values) {
      for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
    },
    slope(gradient, values) {
      for (let i = 0; i < values.length; i++) if (values[i] <= 0) gradient[i] = 0;
    },
  },
  leaky_relu: {
    apply(values, leak) {
      for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] *= leak;
    },
    slope(gradient, values, leak) {
      for (let i = 0; i < values.length; i++) if (!(values[i] > 0)) gradient[i] *= leak;
    },
  },
  tanh: {
    apply(values) {
      for (let i = 0; i < values.length; i++) values[i] = Math.tanh(values[i]);
    },
    slope(gradient, values) {
      for (let i = 0; i < values.length; i++) gradient[i] *= 1 - values[i] * values[i];
    },
  },
};

/** @param {unknown} name @returns {name is ActivationName} */
export function isActivation(name) {
  return typeof name === "string" && Object.hasOwn(ACTIVATIONS, name);
}
