// Through all layers of a network, forwards and back.

/** @import { Layer } from "./types" */

/** @param {Layer[]} layers @param {Float32Array} input @returns {Float32Array} an array that is reused */
export function forward(layers, input) {
  let values = input;
  for (const layer of layers) {
    values = layer.forward(values);
    if (layer.adds !== undefined) addTo(values, layers[layer.adds].output);
  }
  return values;
}

/**
 * The gradient by the last input, given the one by the output.
 * @param {Layer[]} layers
 * @param {Float32Array} output
 * @returns {Float32Array} an array that is reused
 */
export function backward(layers, output) {
  /** What later layers that add an output say of it, by its place. @type {Map<number, Float32Array>} */
  const said = new Map();
  let gradient = output;
  for (let place = layers.length - 1; place >= 0; place--) {
    const more = said.get(place);
    if (more) addTo(gradient, more);
    const { adds } = layers[place];
    if (adds !== undefined) {
      const before = said.get(adds);
      if (before) addTo(before, gradient);
      else said.set(adds, gradient.slice());
    }
    gradient = layers[place].backward(gradient);
  }
  return gradient;
}

/** @param {Float32Array} sum @param {Float32Array} values */
function addTo(sum, values) {
  for (let i = 0; i < sum.length; i++) sum[i] += values[i];
}
