// How a sheet of digits lies on the page: tiles with round corners and narrow gaps.

const GAP = 0.09; // of the way from a tile to the next
const CORNER = 0.1; // of a tile
const EDGE = "#ffffff1f"; // of tiles, which are as dark as the dark theme; as in digits.css

/**
 * @typedef {object} Tiling  In device pixels.
 * @property {number} columns
 * @property {number} count of tiles
 * @property {number} step from a tile to the next
 * @property {number} gap between them
 * @property {number} width
 * @property {number} height
 */

/**
 * So many tiles over a width, to fractions of a pixel: for what is scaled as a whole.
 * @param {number} columns
 * @param {number} count
 * @param {number} width in device pixels
 * @returns {Tiling}
 */
export function tiling(columns, count, width) {
  const step = width / (columns - GAP);
  return laid(columns, count, step, step * GAP);
}

/**
 * So many tiles within a width, each on whole pixels: for what is drawn tile by tile.
 * @param {number} columns
 * @param {number} count
 * @param {number} width in device pixels
 * @returns {Tiling}
 */
export function wholeTiling(columns, count, width) {
  const step = Math.floor(width / (columns - GAP));
  return laid(columns, count, step, Math.max(1, Math.round(step * GAP)));
}

/**
 * @param {number} columns
 * @param {number} count
 * @param {number} step
 * @param {number} gap
 * @returns {Tiling}
 */
function laid(columns, count, step, gap) {
  const [width, height] = [columns * step - gap, Math.ceil(count / columns) * step - gap];
  return { columns, count, step, gap, width: Math.round(width), height: Math.round(height) };
}

/**
 * Where each tile begins, in order.
 * @param {Tiling} tiling
 * @returns {{ x: number, y: number, column: number, row: number }[]}
 */
export function placesOf({ columns, count, step }) {
  return Array.from({ length: count }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return { x: column * step, y: row * step, column, row };
  });
}

/**
 * The shapes of all tiles.
 * @param {Tiling} tiling
 */
export function shapesOf(tiling) {
  const side = tiling.step - tiling.gap;
  const shapes = new Path2D();
  for (const { x, y } of placesOf(tiling)) shapes.roundRect(x, y, side, side, side * CORNER);
  return shapes;
}

/**
 * Draw a thin edge inside of each tile.
 * @param {CanvasRenderingContext2D} pen that has drawn the tiles, and nothing between them
 * @param {Path2D} shapes of the tiles
 */
export function drawEdges(pen, shapes) {
  pen.globalCompositeOperation = "source-atop"; // the outer half of a line is cut off
  Object.assign(pen, { strokeStyle: EDGE, lineWidth: 2 * devicePixelRatio });
  pen.stroke(shapes);
}
