// A digit as a drawing that stays sharp at any size.

import { SIDE } from "./pictures.js";

/** @import { Picture } from "./types" */

/**
 * Pixels of one grey that lie next to each other are one rectangle.
 * @param {Picture} picture
 * @param {number} zoom screen pixels for a pixel of the digit
 * @returns {string}
 */
export function svg(picture, zoom) {
  const side = SIDE * zoom;
  const parts = [];
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0, end; column < SIDE; column = end) {
      const ink = picture[SIDE * row + column];
      for (end = column + 1; end < SIDE && picture[SIDE * row + end] === ink; ) end++;
      if (ink === 0) continue;
      const place = `x="${column}" y="${row}" width="${end - column}" height="1"`;
      parts.push(`<rect ${place} fill="rgb(${ink},${ink},${ink})"/>`);
    }
  }
  const box = `width="${side}" height="${side}" viewBox="0 0 ${SIDE} ${SIDE}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} shape-rendering="crispEdges">
<title>A digit that a generator drew</title>
<rect width="${SIDE}" height="${SIDE}" fill="rgb(0,0,0)"/>
${parts.join("\n")}
</svg>
`;
}
