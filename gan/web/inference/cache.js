// Networks by address: fetched once, the ones used last kept.

import { ready } from "./kernels.js";
import { Classifier, Discriminator, Encoder, Generator } from "./networks.js";

const KINDS = {
  generator: Generator,
  discriminator: Discriminator,
  encoder: Encoder,
  classifier: Classifier,
};
const ROOM = 96 << 20; // bytes of weights
const shelf = new Map(); // address -> { network (a promise), bytes }, those used last at the end

/** The network at an address; kind: a key of KINDS. Throws DamagedFile, or what fetch throws. */
export function take(kind, address) {
  let kept = shelf.get(address);
  shelf.delete(address);
  kept ??= { network: load(kind, address), bytes: 0 };
  shelf.set(address, kept);
  return kept.network;
}

async function load(kind, address) {
  try {
    const response = await fetch(address);
    if (!response.ok)
      throw new Error(
        response.status === 404 ? "this server no longer has it" : `the server answered ${response.status}`,
      );
    const bytes = new Uint8Array(await response.arrayBuffer());
    await ready;
    const network = new KINDS[kind](bytes);
    makeRoom(address, bytes.length);
    return network;
  } catch (error) {
    shelf.delete(address); // so that the next one who asks tries again
    throw error;
  }
}

function makeRoom(address, bytes) {
  if (shelf.has(address)) shelf.get(address).bytes = bytes;
  let total = [...shelf.values()].reduce((sum, kept) => sum + kept.bytes, 0);
  for (const [other, kept] of shelf) {
    if (total <= ROOM || other === address) break;
    total -= kept.bytes;
    shelf.delete(other);
  }
}
