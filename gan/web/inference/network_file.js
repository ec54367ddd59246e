// Networks in the browser: reads the files of gan/network_file, whose docstring describes them.

import { isActivation } from "./activations.js";
import { OneHotClass, SoftmaxClass } from "./class_numbers.js";
import { ClassPlane } from "./class_plane.js";
import { Convolution } from "./convolution.js";
import { DamagedFile, demand, isCount } from "./damage.js";
import { Heap } from "./kernels.js";
import { FilmLayer, TimeLayer } from "./time_layers.js";
import { Dense, TransposedConvolution } from "./transposed_convolution.js";

/** @import { About, LayerHeader, LayerKind, Layer } from "./types" */

const MAGIC = "DFGEN001";

/** @type {Map<unknown, LayerKind>} */
const KINDS = new Map(
  /** @type {[unknown, LayerKind][]} */ ([
    ["dense", Dense],
    ["conv_transpose", TransposedConvolution],
    ["conv", Convolution],
    ["plane", ClassPlane],
    ["class_one_hot", OneHotClass],
    ["class_softmax", SoftmaxClass],
    ["time", TimeLayer],
    ["film", FilmLayer],
  ]),
);

/**
 * The layers in order and fitting together, and what the header says besides. Throws DamagedFile.
 * @param {Uint8Array} bytes a file of gan/network_file
 * @returns {{ about: About, layers: Layer[] }}
 */
export function readNetwork(bytes) {
  const { about, headers, body } = split(bytes);
  const plans = headers.map(planOf);
  const length = plans.reduce((sum, { weights, biases }) => sum + weights + biases, 0);
  demand(length <= body.length, "it ends too early");
  demand(length === body.length, "it is longer than its layers");
  const heap = new Heap(plans.flatMap(({ Kind, shape }) => Kind.roomOf(shape)));
  let at = 0;
  const layers = plans.map(({ Kind, shape, activation, leak, weights, biases }) => {
    const [kernel, bias] = [
      body.subarray(at, at + weights),
      body.subarray(at + weights, at + weights + biases),
    ];
    at += weights + biases;
    return new Kind({ shape, activation, leak, bias, heap, weights: Kind.inRuns(kernel, shape) });
  });
  for (const [i, layer] of layers.entries()) {
    const before = layers[i - 1];
    demand(!before || layer.inputs === before.output.length, "its layers do not fit together");
    layer.isSparse = before?.activation === "relu"; // zeros then have no slope, either
    layer.listenTo?.(layers[0]);
    connect(layers, i, headers[i]?.adds);
  }
  return { about, layers };
}

/**
 * Lets the layer at a place add what an earlier one gave. Throws DamagedFile.
 * @param {Layer[]} layers
 * @param {number} place
 * @param {unknown} adds the place of the earlier one, if there is one
 */
function connect(layers, place, adds) {
  if (adds === undefined) return;
  demand(isPlace(adds) && adds < place, "it adds the outputs of a layer that is not before it");
  const [layer, earlier] = [layers[place], layers[adds]];
  demand(layer.output.length === earlier.output.length, "its layers do not fit together");
  demand(layer.activation === "linear", "it adds to outputs that are not as they were summed");
  layer.adds = adds;
}

/** @param {unknown} value @returns {value is number} */
function isPlace(value) {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** What a layer will be. @param {LayerHeader | null} header */
function planOf(header) {
  const Kind = KINDS.get(header?.kind);
  demand(header && Kind, `it has a layer of an unknown kind, ${header?.kind}`);
  const { activation, negative_slope: slope } = header;
  demand(isActivation(activation), `it has an unknown activation, ${activation}`);
  const leak = activation === "leaky_relu" ? slope : 0;
  demand(typeof leak === "number", "it has a leaky ReLU without a slope");
  const shape = Kind.shapeOf(header);
  return { Kind, shape, activation, leak, weights: Kind.weightsOf(shape), biases: Kind.biasesOf(shape) };
}

/**
 * The parts of a file: its header and all weights in a row.
 * @param {Uint8Array} bytes
 * @returns {{ about: About, headers: (LayerHeader | null)[], body: Float32Array }}
 */
function split(bytes) {
  const start = MAGIC.length + 4;
  demand(bytes.length > start, "it is empty");
  demand(String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC, "it is not a network");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = start + view.getUint32(MAGIC.length, true);
  demand(end <= bytes.length, "it ends too early");
  const about = parsed(bytes.subarray(start, end));
  demand(Array.isArray(about.layers) && about.layers.length > 0, "it has no layers");
  const headers = [...classesBefore(about), ...about.layers];
  demand((bytes.length - end) % 4 === 0, "it ends in the middle of a number");
  const body = new Float32Array(bytes.slice(end).buffer); // slice: an aligned copy
  demand(body.every(Number.isFinite), "it contains values that are not numbers");
  return { about, headers, body };
}

/**
 * The layer for classes that a generator's header itself told of, before there were layers of them.
 * @param {About} about
 * @returns {LayerHeader[]}
 */
function classesBefore(about) {
  if ("sees" in about) return []; // a picture: what it says of classes is about its outputs
  const { latent_dim: inputs, classes, leaning_classes: hiddenClasses, sharpness = 1 } = about;
  const [isAsked, isHidden] = ["classes" in about, hiddenClasses !== undefined];
  demand(Number.isFinite(sharpness), "it does not say how sharply classes part");
  if (!isAsked && !isHidden) return [];
  demand(isCount(inputs), "it does not say how long z is");
  demand(!isAsked || isCount(classes), "it does not say how many classes it draws");
  demand(
    !isHidden || (isCount(hiddenClasses) && hiddenClasses <= inputs),
    "it does not say which numbers lean towards classes",
  );
  demand(!isAsked || !isHidden, "its classes are both hidden and asked for");
  const [kind, added] = isAsked ? ["class_one_hot", classes] : ["class_softmax", hiddenClasses];
  const outputs = inputs + Number(added);
  return [{ kind, inputs, outputs, classes: added, activation: "linear", inverse_temperature: sharpness }];
}

/** @param {Uint8Array} text @returns {About} */
function parsed(text) {
  try {
    return JSON.parse(new TextDecoder().decode(text)) ?? {};
  } catch {
    throw new DamagedFile("its header cannot be read");
  }
}
