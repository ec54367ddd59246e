// Networks by address: fetched once, the ones used last kept.

import { ready } from "./kernels.js";
import { Classifier, Discriminator, Encoder, Generator } from "./networks.js";

/** What a network can be asked to be. */
const KINDS = {
  generator: Generator,
  discriminator: Discriminator,
  encoder: Encoder,
  classifier: Classifier,
};
const ROOM = 96 << 20; // bytes of weights

/** @typedef {keyof typeof KINDS} NetworkKind */
/** @typedef {InstanceType<(typeof KINDS)[NetworkKind]>} AnyNetwork */

export class NetworkCache {
  /** @param {number} room bytes of weights that are kept; the network used last is kept however large it is */
  constructor(room = ROOM) {
    this.room = room;
    /** By address, those used last at the end. @type {Map<string, { network: Promise<AnyNetwork>, bytes: number }>} */
    this.kept = new Map();
  }

  /**
   * The network at an address. Throws DamagedFile, or what fetch throws.
   * @template {NetworkKind} K
   * @param {K} kind
   * @param {string} address
   * @returns {Promise<InstanceType<(typeof KINDS)[K]>>}
   */
  take(kind, address) {
    const kept = this.kept.get(address) ?? { network: this.load(kind, address), bytes: 0 };
    this.kept.delete(address);
    this.kept.set(address, kept);
    // An address is that of one network, and so of one kind.
    return /** @type {Promise<InstanceType<(typeof KINDS)[K]>>} */ (kept.network);
  }

  /** @param {NetworkKind} kind @param {string} address */
  async load(kind, address) {
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(refusal(response.status));
      const bytes = new Uint8Array(await response.arrayBuffer());
      await ready;
      const network = new KINDS[kind](bytes);
      this.makeRoom(address, bytes.length);
      return network;
    } catch (error) {
      this.kept.delete(address); // so that the next one who asks tries again
      throw error;
    }
  }

  /** Forgets those not used for longest, but not the newest. @param {string} address of it @param {number} bytes */
  makeRoom(address, bytes) {
    const newest = this.kept.get(address);
    if (newest) newest.bytes = bytes;
    let total = [...this.kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const [other, kept] of this.kept) {
      if (total <= this.room || other === address) break;
      total -= kept.bytes;
      this.kept.delete(other);
    }
  }
}

const cache = new NetworkCache(); // of this worker, or of this page

/**
 * As `NetworkCache` takes it, from the one cache that all share.
 * @template {NetworkKind} K
 * @param {K} kind
 * @param {string} address
 */
export function take(kind, address) {
  return cache.take(kind, address);
}

/** Why there is none. @param {number} status of HTTP */
function refusal(status) {
  return status === 404 ? "this server no longer has it" : `the server answered ${status}`;
}
