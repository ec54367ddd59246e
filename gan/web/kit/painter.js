// Ink to colours: the one palette in which digits are painted, here and in the server's pictures. It knows no page.

export const SIDE = 28; // pixels of a digit

/** @typedef {"generated" | "real"} Origin  Whether a network drew a digit or a person wrote it. */
/** @typedef {[red: number, green: number, blue: number]} Colour  Each 0 to 255. */
/** @typedef {Uint32Array} Palette  A colour for each of the 256 levels of ink, as little-endian RGBA words. */
/** @typedef {Float32Array | Float64Array | Uint8Array} Picture  784 values: floats in [-1, 1], +1 is ink; or bytes, 255 is ink. */

/**
 * From paper through the tint of an origin to ink, evenly. As gan/server/painting.py has them: a test compares.
 * @type {Record<Origin, Colour[]>}
 */
// biome-ignore format: three colours in a line
export const RAMPS = {
  generated: [[18, 14, 30], [124, 92, 214], [250, 248, 255]],
  real: [[14, 26, 22], [40, 160, 105], [248, 255, 251]],
};

/**
 * 256 colours from paper to ink, evenly through `ramp`.
 * @param {Colour[]} ramp
 * @returns {Palette}
 */
export function palette(ramp) {
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const place = (level / 255) * (ramp.length - 1);
    const below = Math.min(Math.floor(place), ramp.length - 2);
    const [red, green, blue] = ramp[below].map(
      (from, i) => from + (ramp[below + 1][i] - from) * (place - below),
    );
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** @type {Record<Origin, Palette>} */
export const PALETTES = { generated: palette(RAMPS.generated), real: palette(RAMPS.real) };

/**
 * Colour the pixels of a digit.
 * @param {Uint32Array} pixels 784 RGBA words, which are written
 * @param {Picture} picture
 * @param {Palette} colours
 */
export function paint(pixels, picture, colours) {
  if (picture instanceof Uint8Array) for (let i = 0; i < pixels.length; i++) pixels[i] = colours[picture[i]];
  else for (let i = 0; i < pixels.length; i++) pixels[i] = colours[Math.round(127.5 * (picture[i] + 1))];
}
