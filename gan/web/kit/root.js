// Where the app was loaded from. That may be below any path: a proxy may strip one, say.

const ROOT = new URL("../../../", import.meta.url); // this file is _live/<digest>/kit/root.js there

/**
 * The whole address of what Python names by one like "_live/stream".
 * @param {string} address relative to where the app was loaded from
 */
export function fromRoot(address) {
  return new URL(address, ROOT).href;
}
