// What Python packs into bytes, unpacked.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const decoder = new TextDecoder();

/**
 * The text of bytes.
 * @param {Bytes} bytes
 */
export const textOf = (bytes) => decoder.decode(bytes);

/**
 * Split a message into its first line, which is JSON, and the bytes after it.
 * @param {Bytes} message
 * @returns {[about: any, body: Bytes]} any: each component says itself what its messages hold
 */
export function unpack(message) {
  const end = message.indexOf(10);
  return [JSON.parse(textOf(message.subarray(0, end))), message.subarray(end + 1)];
}

/**
 * Whether two messages are the same, byte for byte.
 * @param {Bytes | undefined} a
 * @param {Bytes | undefined} b
 */
export function same(a, b) {
  if (!a || !b || a.length !== b.length) return false;
  return a.every((byte, i) => byte === b[i]);
}

/**
 * Inflate zlib bytes and parse them as JSON.
 * @param {Bytes} bytes
 * @returns {Promise<any>} any: who asks says what it is
 */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}
