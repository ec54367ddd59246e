// Memory for a network, and the two inner loops over it: kernels.wat where the browser runs it, else the same in
// JavaScript, several times as slow. Addresses and lengths are in bytes.

const ALIGNED = 16;
const PAGE = 1 << 16;

let assembled = null;

/** To be awaited before the first heap; else its loops are the slow ones. */
export const ready = load();

async function load() {
  try {
    const response = await fetch(new URL("./kernels.wasm", import.meta.url));
    assembled = await WebAssembly.compile(await response.arrayBuffer());
  } catch {
    // no WebAssembly here, or none with four numbers at a time
  }
}

/** Room for arrays, one after the other, and `addRows` and `dotRows` over it. */
export class Heap {
  /** lengths: of all the arrays to come, in numbers of four bytes. */
  constructor(lengths, module = assembled) {
    const size = lengths.reduce((sum, length) => sum + aligned(4 * length), 0);
    this.end = 0;
    if (module) {
      const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(size / PAGE)) });
      this.buffer = memory.buffer;
      Object.assign(this, new WebAssembly.Instance(module, { env: { memory } }).exports);
    } else {
      this.buffer = new ArrayBuffer(size);
      Object.assign(this, plainLoops(new Float32Array(this.buffer), new Int32Array(this.buffer)));
    }
  }

  /** The next `length` numbers, a Float32Array or an Int32Array; its byteOffset is its address. */
  take(length, Kind = Float32Array) {
    const taken = new Kind(this.buffer, this.end, length);
    this.end += aligned(4 * length);
    return taken;
  }
}

function aligned(bytes) {
  return Math.ceil(bytes / ALIGNED) * ALIGNED;
}

function plainLoops(numbers, addresses) {
  return {
    addRows(to, run, from, rows, amounts, count) {
      const [first, last] = [to >> 2, (to + run) >> 2];
      for (let k = 0; k < count; k++) {
        const amount = numbers[(amounts >> 2) + k];
        const shift = ((addresses[(rows >> 2) + k] + from) >> 2) - first;
        for (let i = first; i < last; i++) numbers[i] += amount * numbers[i + shift];
      }
    },
    dotRows(to, run, from, rows, amounts, count) {
      const [first, last] = [to >> 2, (to + run) >> 2];
      for (let k = 0; k < count; k++) {
        const shift = ((addresses[(rows >> 2) + k] + from) >> 2) - first;
        let sum = 0;
        for (let i = first; i < last; i++) sum += numbers[i] * numbers[i + shift];
        numbers[(amounts >> 2) + k] += sum;
      }
    },
  };
}
