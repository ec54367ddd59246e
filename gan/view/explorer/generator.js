// The generator of a GAN, in the browser: reads an export of gan/model/bundle.py
// and turns a latent vector into 28 x 28 pixels, many times a second.
//
//   readGenerator(bytes: Uint8Array) ->
//     { latentDim, classes, generate(z, label) -> Float32Array(784) in [-1, 1] }
//
// A conditional network takes the class to draw after z, as one number a class: 1 for the one that
// is asked for, 0 for the others, which cost nothing. `classes` is 0 for a network that is not.
//
// Every layer is one operation: each input value adds a multiple of its row of
// weights to a contiguous run of the output. A dense layer has one run; a transposed
// convolution has one a kernel row, because in [channel][ky][kx][out] order a row of
// the kernel and the stretch of the output that it lands on are both contiguous.

const MAGIC = "DFGEN001";
const PIXELS = 28 * 28;
const GROUP = 8; // input values handled in one pass over a run: one load and store of the sum for eight products

class DamagedExport extends Error {}

function demand(condition, problem) {
  if (!condition) throw new DamagedExport(problem);
}

function readGenerator(bytes) {
  const { header, body } = splitExport(bytes);
  const { latent_dim: latentDim, classes = 0 } = header;
  const layers = [];
  demand(Number.isInteger(latentDim) && latentDim > 0, "it does not say how long z is");
  const { leaning_classes: leaning = 0, sharpness = 1 } = header;
  demand(Number.isInteger(leaning) && leaning >= 0 && leaning <= latentDim, "it does not say which numbers lean towards classes");
  demand(Number.isFinite(sharpness), "it does not say how sharply classes part");
  demand(classes === 0 || leaning === 0, "its classes are both hidden and asked for");
  demand(!("classes" in header) || (Number.isInteger(classes) && classes > 0), "it does not say how many classes it draws");
  let values = latentDim + classes + leaning;
  let at = 0;
  for (const spec of header.layers) {
    const shape = layerShape(spec);
    demand(shape.height * shape.width * shape.channels === values, "its layers do not fit together");
    const weights = shape.kernel ** 2 * shape.outChannels * shape.channels;
    demand(at + weights + shape.outChannels <= body.length, "it ends too early");
    layers.push(new Layer(shape, spec, body.subarray(at, at += weights), body.subarray(at, at += shape.outChannels)));
    values = shape.outHeight * shape.outWidth * shape.outChannels;
  }
  demand(at === body.length, "it is longer than its layers");
  demand(values === PIXELS, `it draws ${values} pixels instead of ${PIXELS}`);
  return new Generator(latentDim, { classes, leaning, sharpness }, layers);
}

function splitExport(bytes) {
  const start = MAGIC.length + 4;
  demand(bytes.length > start, "it is empty");
  demand(String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC, "it is not a generator");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = start + view.getUint32(MAGIC.length, true);
  demand(end <= bytes.length, "it ends too early");
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
  } catch {
    throw new DamagedExport("its header cannot be read");
  }
  demand(Array.isArray(header?.layers) && header.layers.length > 0, "it has no layers");
  demand((bytes.length - end) % 4 === 0, "it ends in the middle of a number");
  const body = new Float32Array(bytes.slice(end).buffer); // slice: an aligned copy
  demand(body.every(Number.isFinite), "it contains values that are not numbers");
  return { header, body };
}

/** The geometry of a layer. A dense layer is a 1 x 1 image with a 1 x 1 kernel. */
function layerShape(spec) {
  const dense = spec?.kind === "dense";
  demand(dense || spec?.kind === "conv_transpose", `it has a layer of an unknown kind, ${spec?.kind}`);
  const [height, width, channels] = dense ? [1, 1, spec.inputs] : Array.from(spec.inputs ?? []);
  const [outHeight, outWidth, outChannels] = dense ? [1, 1, spec.outputs] : Array.from(spec.outputs ?? []);
  const { kernel, stride } = dense ? { kernel: 1, stride: 1 } : spec;
  const sizes = [height, width, channels, outHeight, outWidth, outChannels, kernel, stride];
  demand(sizes.every((size) => Number.isInteger(size) && size > 0), "a layer has no proper size");
  demand(outHeight === height * stride && outWidth === width * stride, "a layer has the wrong size");
  const pad = Math.floor(Math.max(kernel - stride, 0) / 2);
  return { height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pad };
}

class Generator {
  constructor(latentDim, { classes, leaning, sharpness }, layers) {
    this.latentDim = latentDim;
    this.classes = classes;
    this.leaning = leaning;
    this.sharpness = sharpness;
    this.layers = layers;
    this.input = new Float32Array(latentDim + classes + leaning);
  }

  /**
   * latent vector (any array of latentDim numbers) -> 784 values in [-1, 1], row by row, +1 is ink.
   * label: the class that a conditional network is asked for; others ignore it. The array is reused.
   */
  generate(z, label = 0) {
    let values = this.input;
    values.set(z);
    if (this.classes > 0) {
      values.fill(0, this.latentDim);
      values[this.latentDim + label] = 1;
    }
    if (this.leaning > 0) this.lean(values);
    for (const layer of this.layers) values = layer.forward(values);
    return values;
  }

  /** Puts behind z how far its first numbers lean towards each class: shares that add up to 1. */
  lean(values) {
    const first = values.subarray(0, this.leaning);
    const shares = values.subarray(this.latentDim);
    const largest = Math.max(...first);
    let total = 0;
    for (let i = 0; i < this.leaning; i++) total += shares[i] = Math.exp(this.sharpness * (first[i] - largest));
    for (let i = 0; i < this.leaning; i++) shares[i] /= total;
  }
}

class Layer {
  constructor(shape, { kind, activation, negative_slope: slope = 0 }, weights, bias) {
    demand(activation in ACTIVATIONS, `it has an unknown activation, ${activation}`);
    this.shape = shape;
    this.weights = kind === "dense" ? weights : byInputChannel(weights, shape);
    this.blank = tile(bias, shape.outHeight * shape.outWidth);
    this.output = new Float32Array(this.blank.length);
    this.activate = ACTIVATIONS[activation];
    this.slope = slope;
    // The non-zero inputs of one pixel: after a ReLU about half of them are left.
    this.rows = new Int32Array(shape.channels + GROUP);
    this.amounts = new Float64Array(shape.channels + GROUP);
  }

  forward(input) {
    const { height, width, channels } = this.shape;
    this.output.set(this.blank);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const live = this.gather(input, (y * width + x) * channels);
        if (live > 0) this.stamp(live, y, x);
      }
    }
    this.activate(this.output, this.slope);
    return this.output;
  }

  /** Lists the non-zero channels of the pixel at `start`, filled up with zeros to whole groups. */
  gather(input, start) {
    const { channels, kernel, outChannels } = this.shape;
    const { rows, amounts } = this;
    const rowLength = kernel * kernel * outChannels;
    let live = 0;
    for (let channel = 0; channel < channels; channel++) {
      const amount = input[start + channel];
      if (amount === 0) continue;
      amounts[live] = amount;
      rows[live++] = channel * rowLength;
    }
    for (let spare = live; spare % GROUP !== 0; spare++) amounts[spare] = rows[spare] = 0;
    return live;
  }

  /** Adds one input pixel's footprint to the output, a kernel row at a time; what falls outside is cut off. */
  stamp(live, y, x) {
    const { outHeight, outWidth, outChannels, kernel, stride, pad } = this.shape;
    const top = y * stride - pad;
    const left = x * stride - pad;
    const firstY = Math.max(0, -top);
    const lastY = Math.min(kernel, outHeight - top);
    const firstX = Math.max(0, -left);
    const run = (Math.min(kernel, outWidth - left) - firstX) * outChannels;
    if (run <= 0) return;
    for (let group = 0; group < live; group += GROUP) {
      for (let ky = firstY; ky < lastY; ky++) {
        const to = ((top + ky) * outWidth + left + firstX) * outChannels;
        const from = (ky * kernel + firstX) * outChannels;
        addRows(this.output, to, run, this.weights, from, this.rows, this.amounts, group);
      }
    }
  }
}

/** output[to + i] += the sum over a group of eight of amount * weights[row + from + i], for i < run. */
function addRows(output, to, run, weights, from, rows, amounts, g) {
  const a0 = amounts[g], a1 = amounts[g + 1], a2 = amounts[g + 2], a3 = amounts[g + 3];
  const a4 = amounts[g + 4], a5 = amounts[g + 5], a6 = amounts[g + 6], a7 = amounts[g + 7];
  const shift = from - to; // one index then serves the output and all eight rows
  const r0 = rows[g] + shift, r1 = rows[g + 1] + shift, r2 = rows[g + 2] + shift, r3 = rows[g + 3] + shift;
  const r4 = rows[g + 4] + shift, r5 = rows[g + 5] + shift, r6 = rows[g + 6] + shift, r7 = rows[g + 7] + shift;
  const end = to + run;
  for (let i = to; i < end; i++) {
    output[i] +=
      a0 * weights[r0 + i] + a1 * weights[r1 + i] + a2 * weights[r2 + i] + a3 * weights[r3 + i] +
      a4 * weights[r4 + i] + a5 * weights[r5 + i] + a6 * weights[r6 + i] + a7 * weights[r7 + i];
  }
}

/** Keras's [ky][kx][out][in] -> [in][ky][kx][out]. */
function byInputChannel(weights, { channels, kernel, outChannels }) {
  const rowLength = kernel * kernel * outChannels;
  const moved = new Float32Array(weights.length);
  for (let place = 0; place < rowLength; place++) {
    for (let channel = 0; channel < channels; channel++) {
      moved[channel * rowLength + place] = weights[place * channels + channel];
    }
  }
  return moved;
}

function tile(values, times) {
  const tiled = new Float32Array(values.length * times);
  for (let at = 0; at < tiled.length; at += values.length) tiled.set(values, at);
  return tiled;
}

const ACTIVATIONS = {
  linear() {},
  relu(values) {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
  },
  leaky_relu(values, slope) {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] *= slope;
  },
  tanh(values) {
    for (let i = 0; i < values.length; i++) values[i] = Math.tanh(values[i]);
  },
};
