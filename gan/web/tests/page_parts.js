// What pages have and Node 18 has not: random bits, and files and networks to fetch. To be imported first.

import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";

/** @type {Map<string, Uint8Array | number>} what is served: bytes, or the status that refuses them */
const served = new Map();
/** @type {string[]} */
export const fetched = [];

/**
 * From now on the address leads to these bytes, or is refused with this status.
 * @param {string} address
 * @param {Uint8Array | number} content
 */
export function serve(address, content) {
  served.set(address, content);
}

/** @param {string | URL | Request} address @returns {Promise<Response>} */
async function fetchHere(address) {
  const url = String(address);
  if (url.startsWith("file:")) return new Response(new Uint8Array(await readFile(new URL(url))));
  fetched.push(url);
  const content = served.get(url) ?? 404;
  return typeof content === "number"
    ? new Response(null, { status: content })
    : new Response(Uint8Array.from(content));
}

globalThis.fetch = fetchHere;
if (!globalThis.crypto) Object.assign(globalThis, { crypto: webcrypto });
