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

/** By address, those used last at the end. @type {Map<string, { network: Promise<AnyNetwork>, bytes: number }>} */
const cache = new Map();

/**
 * The network at an address. Throws DamagedFile, or what fetch throws.
 * @template {NetworkKind} K
 * @param {K} kind
 * @param {string} address
 * @returns {Promise<InstanceType<(typeof KINDS)[K]>>}
 */
export function take(kind, address) {
  const kept = cache.get(address) ?? { network: load(kind, address), bytes: 0 };
  cache.delete(address);
  cache.set(address, kept);
  // An address is that of one network, and so of one kind.
  return /** @type {Promise<InstanceType<(typeof KINDS)[K]>>} */ (kept.network);
}

/** @param {NetworkKind} kind @param {string} address */
async function load(kind, address) {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(refusal(response.status));
    const bytes = new Uint8Array(await response.arrayBuffer());
    await ready;
    const network = new KINDS[kind](bytes);
    makeRoom(address, bytes.length);
    return network;
  } catch (error) {
    cache.delete(address); // so that the next one who asks tries again
    throw error;
  }
}

/** Why there is none. @param {number} status of HTTP */
function refusal(status) {
  return status === 404 ? "this server no longer has it" : `the server answered ${status}`;
}

/** Forgets those not used for longest, but not the newest. @param {string} address of it @param {number} bytes */
function makeRoom(address, bytes) {
  const newest = cache.get(address);
  if (newest) newest.bytes = bytes;
  let total = [...cache.values()].reduce((sum, kept) => sum + kept.bytes, 0);
  for (const [other, kept] of cache) {
    if (total <= ROOM || other === address) break;
    total -= kept.bytes;
    cache.delete(other);
  }
}
