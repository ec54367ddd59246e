// Memory for a network, and the two inner loops over it: kernels.wat where the browser runs it, else the same in
// JavaScript, several times as slow. Addresses and lengths are in bytes.

/** @import { Loops } from "./types" */

const ALIGNED = 16;
const PAGE = 1 << 16;

/** @type {WebAssembly.Module | null} */
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

/** Room for arrays, one after the other, and the loops over it. */
export class Heap {
  /**
   * @param {number[]} lengths of all the arrays to come, in numbers of four bytes
   * @param {WebAssembly.Module | null} module kernels.wasm; null for the loops in JavaScript
   */
  constructor(lengths, module = assembled) {
    const size = lengths.reduce((sum, length) => sum + aligned(4 * length), 0);
    this.end = 0;
    /** @type {ArrayBuffer} */
    this.buffer = new ArrayBuffer(0);
    if (module) {
      const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(size / PAGE)) });
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      this.buffer = memory.buffer;
      /** @type {Loops} */
      this.loops = /** @type {any} */ (exports); // kernels.wat says what they are
    } else {
      this.buffer = new ArrayBuffer(size);
      this.loops = plainLoops(new Float32Array(this.buffer), new Int32Array(this.buffer));
    }
  }

  /** The next `length` numbers; their byteOffset is their address. @param {number} length */
  takeNumbers(length) {
    return new Float32Array(this.buffer, this.take(length), length);
  }

  /** The next `length` addresses. @param {number} length */
  takeAddresses(length) {
    return new Int32Array(this.buffer, this.take(length), length);
  }

  /** @param {number} length @returns {number} where it begins */
  take(length) {
    const start = this.end;
    this.end += aligned(4 * length);
    return start;
  }
}

/** @param {number} bytes */
function aligned(bytes) {
  return Math.ceil(bytes / ALIGNED) * ALIGNED;
}

/**
 * @param {Float32Array} numbers all of a heap
 * @param {Int32Array} addresses the same memory
 * @returns {Loops}
 */
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
