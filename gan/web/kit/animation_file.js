// An animated picture to take along: this page draws the frames, its server packs them as a GIF.

import { element } from "./dom.js";
import { fromRoot } from "./root.js";

const ADDRESS = fromRoot("_live/animation");
const SCALE = 8; // screen pixels a side of a digit's pixel

/**
 * The GIF. Throws an error whose message is for people.
 * @param {{ body: Uint8Array<ArrayBuffer>, columns: number, fps: number }} animation frames as `animationOf` has them
 * @param {AbortSignal} signal
 */
export async function pack({ body, columns, fps }, signal) {
  const address = new URL(ADDRESS);
  address.search = `columns=${columns}&scale=${SCALE}&fps=${fps}`;
  const response = await fetch(address, { method: "POST", body, signal }).catch(() => {
    throw new Error("The server does not answer.");
  });
  if (response.ok) return response.blob();
  const told = await response.json().catch(() => ({}));
  throw new Error(told.error ?? `The server answered ${response.status} instead of a GIF.`);
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", "", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
