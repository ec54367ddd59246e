// The frames of an animated picture, in the order in which the server packs them as a GIF.

import { PIXELS, pictureAt } from "./pictures.js";

const FPS = 20;

/**
 * Pictures that play beside each other, one column each. A pace over 1 skips frames, one under 1 shows them longer:
 * browsers show no GIF faster than that.
 * @param {Uint8Array[]} columns of each, all its pictures [count * 784]
 * @param {number} pace 1 is the usual one
 * @returns {{ body: Uint8Array<ArrayBuffer>, count: number, columns: number, fps: number }} body: `count` frames,
 *   each of as many pictures as there are columns
 */
export function animationOf(columns, pace) {
  const all = columns[0].length / PIXELS;
  const stride = Math.max(1, pace);
  const places = [];
  for (let place = 0; place < all; place += stride) places.push(place);
  const body = new Uint8Array(places.length * columns.length * PIXELS);
  for (const [frame, place] of places.entries()) {
    for (const [column, pictures] of columns.entries())
      body.set(pictureAt(pictures, place), (frame * columns.length + column) * PIXELS);
  }
  return { body, count: places.length, columns: columns.length, fps: FPS * Math.min(1, pace) };
}
