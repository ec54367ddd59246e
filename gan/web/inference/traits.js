// What of a digit can be measured on its pixels alone.

const SIDE = 28;

/** How each trait reads, and by what the digits that show it most come first. */
export const TRAITS = new Map([
  ["any", { words: "any" }],
  ["thick", { words: "thick", most: "thickest", by: ({ ink }) => ink }],
  ["thin", { words: "thin", most: "thinnest", by: ({ ink }) => -ink }],
  ["wide", { words: "wide", most: "widest", by: ({ width }) => width }],
  ["narrow", { words: "narrow", most: "narrowest", by: ({ width }) => -width }],
  ["left", { words: "slanted left", most: "most slanted to the left", by: ({ slant }) => -slant }],
  ["right", { words: "slanted right", most: "most slanted to the right", by: ({ slant }) => slant }],
]);

/**
 * The traits of a picture, float32 [784] in [-1, 1]: `ink`, its mean from 0 to 1; `width`, the standard
 * deviation of its ink across, in pixels; `slant`, by how many pixels strokes go to the right for each
 * that they rise, from the second moments of the ink.
 */
export function measure(pixels) {
  let [mass, x, y] = [0, 0, 0];
  each(pixels, (ink, column, row) => {
    mass += ink;
    x += ink * column;
    y += ink * row;
  });
  let [across, down, both] = [0, 0, 0];
  each(pixels, (ink, column, row) => {
    across += ink * (column - x / mass) ** 2;
    down += ink * (row - y / mass) ** 2;
    both += ink * (column - x / mass) * (row - y / mass);
  });
  return { ink: mass / pixels.length, width: Math.sqrt(across / mass), slant: down > 0 ? -both / down : 0 };
}

/** The `count` of `found`, things with the traits of `measure`, that show a trait most. */
export function mostOf(found, trait, count) {
  const { by } = TRAITS.get(trait);
  return (by ? [...found].sort((a, b) => by(b) - by(a)) : found).slice(0, count);
}

function each(pixels, action) {
  for (let i = 0; i < pixels.length; i++) {
    const ink = (pixels[i] + 1) / 2;
    if (ink > 0) action(ink, i % SIDE, Math.floor(i / SIDE));
  }
}
