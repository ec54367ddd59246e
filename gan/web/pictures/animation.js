// The frames of animated pictures, in the order in which the server packs them as a GIF.

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

const FILM = 4; // s that a film lasts, about
const HELD = 1.5; // s in which its last pictures stay

/**
 * A film of pictures and what is seen in each, side by side; at its end it stays for a moment.
 * @param {Uint8Array} pictures [count * 784]
 * @param {Uint8Array} digits likewise
 */
export function filmAnimation(pictures, digits) {
  const fps = Math.min(FPS, Math.max(2, Math.round(pictures.length / PIXELS / FILM)));
  const columns = [pictures, digits].map((pages) => {
    const last = pictureAt(pages, pages.length / PIXELS - 1);
    const whole = new Uint8Array(pages.length + Math.round(HELD * fps) * PIXELS);
    whole.set(pages);
    for (let at = pages.length; at < whole.length; at += PIXELS) whole.set(last, at);
    return whole;
  });
  return { ...animationOf(columns, 1), fps };
}
