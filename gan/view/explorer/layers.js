// Networks in the browser: reads the files of gan/layer_file.py and runs them, forwards and backwards.
//
// Every layer comes down to one operation: a number times a contiguous run of weights, added to a
// contiguous run of the output. A dense layer has one run; a transposed convolution has one a kernel
// row, because in [channel][ky][kx][out] order a row of the kernel and the stretch of the output that
// it lands on are both contiguous; a convolution has one an output pixel. Backwards, the same runs are
// multiplied with the gradient and added up.

const MAGIC = "DFGEN001";
const GROUP = 8; // runs handled in one pass: one load and store of the sum for eight products

export class DamagedFile extends Error {}

export function demand(condition, problem) {
  if (!condition) throw new DamagedFile(problem);
}

/** bytes of a layer file -> { about, layers }, the layers in order and fitting together. */
export function readLayers(bytes) {
  const { header, body } = split(bytes);
  const layers = [];
  let at = 0;
  for (const spec of header.layers) {
    const Kind = KINDS[spec?.kind];
    demand(Kind !== undefined, `it has a layer of an unknown kind, ${spec?.kind}`);
    demand(spec.activation in ACTIVATIONS, `it has an unknown activation, ${spec.activation}`);
    const shape = Kind.shape(spec);
    const weights = Kind.weights(shape);
    demand(at + weights + shape.biases <= body.length, "it ends too early");
    layers.push(new Kind(shape, spec, body.subarray(at, at += weights), body.subarray(at, at += shape.biases)));
  }
  demand(at === body.length, "it is longer than its layers");
  for (const [i, layer] of layers.entries()) {
    demand(i === 0 || layer.inputs === layers[i - 1].output.length, "its layers do not fit together");
    layer.isSparse = layers[i - 1]?.activation === "relu"; // zeros then have no slope, either
  }
  return { about: header, layers };
}

function split(bytes) {
  const start = MAGIC.length + 4;
  demand(bytes.length > start, "it is empty");
  demand(String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC, "it is not a network");
  const end = start + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(MAGIC.length, true);
  demand(end <= bytes.length, "it ends too early");
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
  } catch {
    throw new DamagedFile("its header cannot be read");
  }
  demand(Array.isArray(header?.layers) && header.layers.length > 0, "it has no layers");
  demand((bytes.length - end) % 4 === 0, "it ends in the middle of a number");
  const body = new Float32Array(bytes.slice(end).buffer); // slice: an aligned copy
  demand(body.every(Number.isFinite), "it contains values that are not numbers");
  return { header, body };
}

export function forward(layers, values) {
  for (const layer of layers) values = layer.forward(values);
  return values;
}

/** The gradient by the input of the last `forward`, given the one by its output. Both arrays are reused. */
export function backward(layers, gradient) {
  for (let i = layers.length - 1; i >= 0; i--) gradient = layers[i].backward(gradient);
  return gradient;
}

const ACTIVATIONS = {
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
      for (let i = 0; i < values.length; i++) if (values[i] < 0) gradient[i] *= leak;
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

/** What all kinds share: the sum that starts at the biases, the activation, and buffers. */
class Layer {
  constructor(shape, { activation, negative_slope: leak = 0 }, weights, bias) {
    this.shape = shape;
    this.inputs = shape.height * shape.width * shape.channels;
    this.weights = weights;
    this.activation = activation;
    this.leak = leak;
    this.blank = tile(bias, shape.outHeight * shape.outWidth);
    this.sums = new Float32Array(this.blank.length);
    this.output = this.sums;
    // The runs that an input pixel, or an output pixel, takes part in, without those times zero.
    const runs = shape.runs + GROUP;
    this.rows = new Int32Array(runs);
    this.amounts = new Float64Array(runs);
    this.places = new Int32Array(runs);
  }

  forward(input) {
    this.input = input;
    this.sums.set(this.blank);
    this.add(input);
    ACTIVATIONS[this.activation].apply(this.sums, this.leak);
    return this.sums;
  }

  backward(gradient) {
    this.upstream ??= new Float32Array(this.sums.length);
    this.gradient ??= new Float32Array(this.inputs);
    this.upstream.set(gradient);
    ACTIVATIONS[this.activation].slope(this.upstream, this.sums, this.leak);
    this.gradient.fill(0);
    this.pull(this.upstream);
    return this.gradient;
  }

  /** Fills a list of runs up to whole groups with runs times zero, which lead nowhere. */
  fill(live) {
    for (let spare = live; spare % GROUP !== 0; spare++) this.amounts[spare] = this.rows[spare] = 0;
  }
}

/** A transposed convolution, "same"; and a dense layer, which is one of a single pixel. */
class ConvTranspose extends Layer {
  static shape(spec) {
    const dense = spec.kind === "dense";
    const [height, width, channels] = dense ? [1, 1, spec.inputs] : Array.from(spec.inputs ?? []);
    const [outHeight, outWidth, outChannels] = dense ? [1, 1, spec.outputs] : Array.from(spec.outputs ?? []);
    const { kernel, stride } = dense ? { kernel: 1, stride: 1 } : spec;
    demandSizes(height, width, channels, outHeight, outWidth, outChannels, kernel, stride);
    demand(outHeight === height * stride && outWidth === width * stride, "a layer has the wrong size");
    const pad = Math.floor(Math.max(kernel - stride, 0) / 2);
    return { height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pad, runs: channels, biases: outChannels };
  }

  static weights({ kernel, channels, outChannels }) {
    return kernel ** 2 * channels * outChannels;
  }

  constructor(shape, spec, weights, bias) {
    super(shape, spec, spec.kind === "dense" ? weights : byInputChannel(weights, shape), bias);
  }

  add(input) {
    const { height, width } = this.shape;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const live = this.gather(input, (y * width + x) * this.shape.channels, true);
        if (live > 0) this.stamp(live, y, x, addRows, this.sums);
      }
    }
  }

  pull(upstream) {
    const { height, width, channels } = this.shape;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const start = (y * width + x) * channels;
        const live = this.gather(this.input, start, this.isSparse);
        this.amounts.fill(0);
        this.stamp(live, y, x, dotRows, upstream);
        for (let i = 0; i < live; i++) this.gradient[start + this.places[i]] = this.amounts[i];
      }
    }
  }

  /** Lists the channels of the pixel at `start`, the zeros left out if `skips`. */
  gather(input, start, skips) {
    const { channels, kernel, outChannels } = this.shape;
    const rowLength = kernel * kernel * outChannels;
    let live = 0;
    for (let channel = 0; channel < channels; channel++) {
      const amount = input[start + channel];
      if (skips && amount === 0) continue;
      this.amounts[live] = amount;
      this.places[live] = channel;
      this.rows[live++] = channel * rowLength;
    }
    this.fill(live);
    return live;
  }

  /** Goes through one input pixel's footprint in the output, a kernel row at a time; what falls outside is cut off. */
  stamp(live, y, x, over, target) {
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
        over(target, to, run, this.weights, from, this.rows, this.amounts, group);
      }
    }
  }
}

/** A convolution, "same" or "valid", perhaps with max pooling of 2 x 2 behind it. */
class Conv extends Layer {
  static shape({ inputs, outputs, kernel, stride, padding, pool = 1 }) {
    const [height, width, channels] = Array.from(inputs ?? []);
    const [outHeight, outWidth, outChannels] = Array.from(outputs ?? []);
    demandSizes(height, width, channels, outHeight, outWidth, outChannels, kernel, stride);
    demand(padding === "same" || padding === "valid", `a layer has an unknown padding, ${padding}`);
    demand(pool === 1 || pool === 2, "a layer has an unknown pooling");
    const size = (length) => (padding === "same" ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1);
    demand(outHeight === size(height) && outWidth === size(width), "a layer has the wrong size");
    const pad = (length) => (padding === "same" ? Math.max((size(length) - 1) * stride + kernel - length, 0) >> 1 : 0);
    return {
      height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pool,
      padY: pad(height), padX: pad(width), runs: kernel ** 2 * channels, biases: outChannels,
    };
  }

  static weights({ kernel, channels, outChannels }) {
    return kernel ** 2 * channels * outChannels;
  }

  constructor(shape, spec, weights, bias) {
    super(shape, spec, weights, bias); // Keras's [ky][kx][in][out] is in the order that runs want
    if (shape.pool === 2) this.output = new Float32Array((shape.outHeight >> 1) * (shape.outWidth >> 1) * shape.outChannels);
  }

  forward(input) {
    super.forward(input);
    if (this.output !== this.sums) this.takeLargest();
    return this.output;
  }

  add(input) {
    const { outHeight, outWidth, outChannels } = this.shape;
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const live = this.gather(input, y, x, true);
        const to = (y * outWidth + x) * outChannels;
        for (let group = 0; group < live; group += GROUP) {
          addRows(this.sums, to, outChannels, this.weights, 0, this.rows, this.amounts, group);
        }
      }
    }
  }

  pull(upstream) {
    const { outHeight, outWidth, outChannels } = this.shape;
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const live = this.gather(this.input, y, x, this.isSparse);
        const to = (y * outWidth + x) * outChannels;
        this.amounts.fill(0);
        for (let group = 0; group < live; group += GROUP) {
          dotRows(upstream, to, outChannels, this.weights, 0, this.rows, this.amounts, group);
        }
        for (let i = 0; i < live; i++) this.gradient[this.places[i]] += this.amounts[i];
      }
    }
  }

  /** Lists what the output pixel (y, x) sees, the zeros left out if `skips`. */
  gather(input, y, x, skips) {
    const { height, width, channels, outChannels, kernel, stride, padY, padX } = this.shape;
    let live = 0;
    for (let ky = 0; ky < kernel; ky++) {
      const inY = y * stride - padY + ky;
      if (inY < 0 || inY >= height) continue;
      const left = x * stride - padX;
      const last = Math.min(kernel, width - left) * channels;
      const start = (inY * width + left) * channels;
      for (let i = Math.max(0, -left) * channels; i < last; i++) {
        const amount = input[start + i];
        if (skips && amount === 0) continue;
        this.amounts[live] = amount;
        this.places[live] = start + i;
        this.rows[live++] = (ky * kernel * channels + i) * outChannels;
      }
    }
    this.fill(live);
    return live;
  }

  takeLargest() {
    const { outHeight, outWidth, outChannels } = this.shape;
    const row = outWidth * outChannels;
    let to = 0;
    for (let y = 0; y + 1 < outHeight; y += 2) {
      for (let x = 0; x + 1 < outWidth; x += 2) {
        for (let channel = 0; channel < outChannels; channel++) {
          const at = y * row + x * outChannels + channel;
          const { sums } = this;
          this.output[to++] = Math.max(sums[at], sums[at + outChannels], sums[at + row], sums[at + row + outChannels]);
        }
      }
    }
  }
}

/** Puts a picture of its own for each class behind the pixels, as a second channel. */
class Plane {
  static shape({ inputs, outputs }) {
    demandSizes(inputs, outputs);
    return { classes: inputs, pixels: outputs, biases: outputs };
  }

  static weights({ classes, pixels }) {
    return classes * pixels;
  }

  constructor({ pixels }, _, weights) {
    this.inputs = pixels;
    this.weights = weights;
    this.output = new Float32Array(2 * pixels);
    this.gradient = new Float32Array(pixels);
    this.label = 0;
  }

  forward(input) {
    const plane = this.label * this.inputs;
    for (let i = 0; i < this.inputs; i++) {
      this.output[2 * i] = input[i];
      this.output[2 * i + 1] = this.weights[plane + i];
    }
    return this.output;
  }

  backward(gradient) {
    for (let i = 0; i < this.inputs; i++) this.gradient[i] = gradient[2 * i];
    return this.gradient;
  }
}

const KINDS = { dense: ConvTranspose, conv_transpose: ConvTranspose, conv: Conv, plane: Plane };

function demandSizes(...sizes) {
  demand(sizes.every((size) => Number.isInteger(size) && size > 0), "a layer has no proper size");
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

/** amounts[g + k] += the product of upstream[to ...] and weights[row k + from ...], for each of a group of eight. */
function dotRows(upstream, to, run, weights, from, rows, amounts, g) {
  let a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0;
  const shift = from - to;
  const r0 = rows[g] + shift, r1 = rows[g + 1] + shift, r2 = rows[g + 2] + shift, r3 = rows[g + 3] + shift;
  const r4 = rows[g + 4] + shift, r5 = rows[g + 5] + shift, r6 = rows[g + 6] + shift, r7 = rows[g + 7] + shift;
  const end = to + run;
  for (let i = to; i < end; i++) {
    const slope = upstream[i];
    a0 += slope * weights[r0 + i]; a1 += slope * weights[r1 + i]; a2 += slope * weights[r2 + i]; a3 += slope * weights[r3 + i];
    a4 += slope * weights[r4 + i]; a5 += slope * weights[r5 + i]; a6 += slope * weights[r6 + i]; a7 += slope * weights[r7 + i];
  }
  amounts[g] += a0; amounts[g + 1] += a1; amounts[g + 2] += a2; amounts[g + 3] += a3;
  amounts[g + 4] += a4; amounts[g + 5] += a5; amounts[g + 6] += a6; amounts[g + 7] += a7;
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
