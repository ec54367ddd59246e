// Networks in the browser: reads the files of gan/network_file and runs them, forwards and backwards.
//
// Every layer comes down to one operation: a number times a contiguous run of weights, a row, added to a
// contiguous run of the output (`addRows`). A dense layer has one run; a transposed convolution has one a kernel
// row, because in [channel][ky][kx][out] order a row of the kernel and the stretch of the output that
// it lands on are both contiguous; a convolution has one an output pixel. Backwards, the same runs are
// multiplied with the gradient and added up (`dotRows`).

import { Heap } from "./kernels.js";

const MAGIC = "DFGEN001";

export class DamagedFile extends Error {}

export function demand(condition, problem) {
  if (!condition) throw new DamagedFile(problem);
}

/** bytes of a layer file -> { about, layers }, the layers in order and fitting together. */
export function readLayers(bytes) {
  const { header, body } = split(bytes);
  const plans = header.layers.map(plan);
  demand(
    plans.reduce((sum, { weights, shape }) => sum + weights + shape.biases, 0) <= body.length,
    "it ends too early",
  );
  const heap = new Heap(plans.flatMap(({ Kind, shape, weights }) => Kind.room(shape, weights)));
  const layers = [];
  let at = 0;
  for (const { Kind, spec, shape, weights } of plans) {
    layers.push(
      new Kind(
        shape,
        spec,
        body.subarray(at, (at += weights)),
        body.subarray(at, (at += shape.biases)),
        heap,
      ),
    );
  }
  demand(at === body.length, "it is longer than its layers");
  for (const [i, layer] of layers.entries()) {
    demand(i === 0 || layer.inputs === layers[i - 1].output.length, "its layers do not fit together");
    layer.isSparse = layers[i - 1]?.activation === "relu"; // zeros then have no slope, either
  }
  return { about: header, layers };
}

function plan(spec) {
  const Kind = KINDS[spec?.kind];
  demand(Kind !== undefined, `it has a layer of an unknown kind, ${spec?.kind}`);
  demand(spec.activation in ACTIVATIONS, `it has an unknown activation, ${spec.activation}`);
  const shape = Kind.shape(spec);
  return { Kind, spec, shape, weights: Kind.weights(shape) };
}

function split(bytes) {
  const start = MAGIC.length + 4;
  demand(bytes.length > start, "it is empty");
  demand(String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC, "it is not a network");
  const end =
    start + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(MAGIC.length, true);
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

/** What all kinds share: the sum that starts at the biases, the activation, and arrays that `Heap`'s loops go through. */
class Layer {
  /** Lengths of what the constructor takes from the heap. */
  static room({ outHeight, outWidth, outChannels, runs }, weights) {
    const outputs = outHeight * outWidth * outChannels;
    return [weights, outputs, outputs, runs, runs];
  }

  constructor(shape, { activation, negative_slope: leak = 0 }, weights, bias, heap) {
    const outputs = shape.outHeight * shape.outWidth * shape.outChannels;
    this.shape = shape;
    this.heap = heap;
    this.inputs = shape.height * shape.width * shape.channels;
    this.activation = activation;
    this.leak = leak;
    this.blank = tile(bias, shape.outHeight * shape.outWidth);
    this.weights = heap.take(weights.length);
    this.weights.set(weights);
    this.sums = heap.take(outputs);
    this.output = this.sums;
    this.upstream = heap.take(outputs);
    // The rows of weights that an input pixel, or an output pixel, takes part in, without those times zero.
    this.rows = heap.take(shape.runs, Int32Array);
    this.amounts = heap.take(shape.runs);
    this.places = new Int32Array(shape.runs);
  }

  forward(input) {
    this.input = input;
    this.sums.set(this.blank);
    this.add(input);
    ACTIVATIONS[this.activation].apply(this.sums, this.leak);
    return this.sums;
  }

  backward(gradient) {
    this.gradient ??= new Float32Array(this.inputs);
    this.upstream.set(gradient);
    ACTIVATIONS[this.activation].slope(this.upstream, this.sums, this.leak);
    this.gradient.fill(0);
    this.pull();
    return this.gradient;
  }

  /** Goes through `live` rows and the stretch of `target` (sums or upstream) from `to` on; all counted in numbers. */
  go(loop, target, to, run, from, live) {
    this.heap[loop](
      target.byteOffset + 4 * to,
      4 * run,
      4 * from,
      this.rows.byteOffset,
      this.amounts.byteOffset,
      live,
    );
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
    return {
      height,
      width,
      channels,
      outHeight,
      outWidth,
      outChannels,
      kernel,
      stride,
      pad,
      runs: channels,
      biases: outChannels,
    };
  }

  static weights({ kernel, channels, outChannels }) {
    return kernel ** 2 * channels * outChannels;
  }

  constructor(shape, spec, weights, bias, heap) {
    super(shape, spec, spec.kind === "dense" ? weights : byInputChannel(weights, shape), bias, heap);
  }

  add(input) {
    const { height, width } = this.shape;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const live = this.gather(input, (y * width + x) * this.shape.channels, true);
        if (live > 0) this.stamp("addRows", this.sums, live, y, x);
      }
    }
  }

  pull() {
    const { height, width, channels } = this.shape;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const start = (y * width + x) * channels;
        const live = this.gather(this.input, start, this.isSparse);
        this.amounts.fill(0);
        this.stamp("dotRows", this.upstream, live, y, x);
        for (let i = 0; i < live; i++) this.gradient[start + this.places[i]] = this.amounts[i];
      }
    }
  }

  /** Lists the channels of the pixel at `start`, the zeros left out if `skips`. */
  gather(input, start, skips) {
    const { channels, kernel, outChannels } = this.shape;
    const rowLength = kernel * kernel * outChannels;
    const weights = this.weights.byteOffset;
    let live = 0;
    for (let channel = 0; channel < channels; channel++) {
      const amount = input[start + channel];
      if (skips && amount === 0) continue;
      this.amounts[live] = amount;
      this.places[live] = channel;
      this.rows[live++] = weights + 4 * channel * rowLength;
    }
    return live;
  }

  /** Goes through one input pixel's footprint in the output, a kernel row at a time; what falls outside is cut off. */
  stamp(loop, target, live, y, x) {
    const { outHeight, outWidth, outChannels, kernel, stride, pad } = this.shape;
    const top = y * stride - pad;
    const left = x * stride - pad;
    const firstY = Math.max(0, -top);
    const lastY = Math.min(kernel, outHeight - top);
    const firstX = Math.max(0, -left);
    const run = (Math.min(kernel, outWidth - left) - firstX) * outChannels;
    if (run <= 0) return;
    for (let ky = firstY; ky < lastY; ky++) {
      const to = ((top + ky) * outWidth + left + firstX) * outChannels;
      this.go(loop, target, to, run, (ky * kernel + firstX) * outChannels, live);
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
    const size = (length) =>
      padding === "same" ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1;
    demand(outHeight === size(height) && outWidth === size(width), "a layer has the wrong size");
    const pad = (length) =>
      padding === "same" ? Math.max((size(length) - 1) * stride + kernel - length, 0) >> 1 : 0;
    return {
      height,
      width,
      channels,
      outHeight,
      outWidth,
      outChannels,
      kernel,
      stride,
      pool,
      padY: pad(height),
      padX: pad(width),
      runs: kernel ** 2 * channels,
      biases: outChannels,
    };
  }

  static weights({ kernel, channels, outChannels }) {
    return kernel ** 2 * channels * outChannels;
  }

  constructor(shape, spec, weights, bias, heap) {
    super(shape, spec, weights, bias, heap); // Keras's [ky][kx][in][out] is in the order that runs want
    if (shape.pool === 2)
      this.output = new Float32Array((shape.outHeight >> 1) * (shape.outWidth >> 1) * shape.outChannels);
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
        this.go("addRows", this.sums, (y * outWidth + x) * outChannels, outChannels, 0, live);
      }
    }
  }

  pull() {
    const { outHeight, outWidth, outChannels } = this.shape;
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const live = this.gather(this.input, y, x, this.isSparse);
        this.amounts.fill(0);
        this.go("dotRows", this.upstream, (y * outWidth + x) * outChannels, outChannels, 0, live);
        for (let i = 0; i < live; i++) this.gradient[this.places[i]] += this.amounts[i];
      }
    }
  }

  /** Lists what the output pixel (y, x) sees, the zeros left out if `skips`. */
  gather(input, y, x, skips) {
    const { height, width, channels, outChannels, kernel, stride, padY, padX } = this.shape;
    const weights = this.weights.byteOffset;
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
        this.rows[live++] = weights + 4 * (ky * kernel * channels + i) * outChannels;
      }
    }
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
          this.output[to++] = Math.max(
            sums[at],
            sums[at + outChannels],
            sums[at + row],
            sums[at + row + outChannels],
          );
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

  static room() {
    return [];
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
  demand(
    sizes.every((size) => Number.isInteger(size) && size > 0),
    "a layer has no proper size",
  );
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
