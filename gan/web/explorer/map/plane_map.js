// The map of a plane: a canvas of digits, each drawn once by the background worker and kept; those that are missing
// come coarse to fine, over what was seen before.

import { isCancelled } from "../../inference/inference.js";
import { PALETTES, palette, SIDE } from "../../kit/painter.js";
import { CELLS } from "../../latent/plane_view.js";

const WHOLE = CELLS * SIDE; // pixels to a side
const BATCH = 16; // cells that are asked for at once: where people have moved on, the next ones are others
const MOST_CELLS = 1500; // kept of one plane at one zoom
const MOST_SHEETS = 12;
const FADED = 0.45; // how the picture of another plane shows until this one's comes

/** What each digit is coloured with, in order: hues far apart, none of them as dark as the paper. */
export const HUES = [
  [230, 230, 235],
  [255, 112, 100],
  [80, 160, 255],
  [96, 208, 110],
  [255, 170, 50],
  [190, 125, 255],
  [60, 215, 215],
  [235, 225, 75],
  [255, 130, 205],
  [180, 130, 80],
];
const TINTS = HUES.map((hue) =>
  palette([blend([18, 14, 30], hue, 0.48), blend([18, 14, 30], hue, 0.78), [255, 255, 255]]),
);

export class PlaneMap {
  constructor(explorer, canvas) {
    this.explorer = explorer;
    this.canvas = canvas;
    this.ghost = document.createElement("canvas");
    for (const one of [canvas, this.ghost]) one.width = one.height = WHOLE;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(SIDE, SIDE);
    this.words = new Uint32Array(this.image.data.buffer);
    this.sheets = new Map(); // what is drawn, and how large: its cells by place
    this.left = 0; // cells that are still to come
  }

  /** Shows a part of a plane: what there is of it at once. Also for any other change of what is drawn. */
  show(view, isTinted) {
    const name = this.nameOf(view);
    if (name !== this.name && this.view && !this.isBetween) this.keepGhost(view);
    this.view = view;
    this.drawing = {
      ...this.explorer.drawing(),
      classifier: isTinted ? this.explorer.network.classifier : null,
    };
    this.isBetween = !Number.isInteger(view.level); // while fingers pinch, what there was grows and shrinks
    this.isTinted = isTinted;
    this.name = name;
    this.sheet = this.isBetween ? new Map() : this.take(name);
    this.seen = view.cells(SIDE);
    this.paint();
    this.fill();
  }

  /** What a cell's picture depends on, but for its place. */
  nameOf({ plane, level }) {
    const { network, digit, scale } = this.explorer;
    return [network.url, network.classes ? digit : "", scale, level, plane.id].join(";");
  }

  take(name) {
    const sheet = this.sheets.get(name) ?? new Map();
    this.sheets.delete(name);
    this.sheets.set(name, sheet); // those used last are at the end
    for (const other of this.sheets.keys()) if (this.sheets.size > MOST_SHEETS) this.sheets.delete(other);
    return sheet;
  }

  // ---- painting

  /** What is seen now is seen until other cells come. */
  keepGhost({ plane }) {
    const context = this.ghost.getContext("2d");
    context.globalCompositeOperation = "copy";
    context.globalAlpha = this.view.plane.id === plane.id ? 1 : FADED;
    context.drawImage(this.canvas, 0, 0);
    this.ghost.view = this.view;
  }

  paint() {
    this.context.clearRect(0, 0, WHOLE, WHOLE);
    this.paintGhost();
    for (const cell of this.seen) this.paintCell(cell);
  }

  paintGhost() {
    const { ghost, view } = this;
    if (!ghost.view || this.missing().length === 0) return;
    const scale = ghost.view.span / view.span;
    const [right, down] = view.share(ghost.view.x, ghost.view.y);
    this.context.imageSmoothingEnabled = scale < 1;
    this.context.drawImage(
      ghost,
      (right - scale / 2) * WHOLE,
      (down - scale / 2) * WHOLE,
      scale * WHOLE,
      scale * WHOLE,
    );
  }

  paintCell({ i, j, left, top }) {
    const cell = this.sheet.get(`${i},${j}`);
    if (!cell) return;
    const { words } = this;
    const colours = (this.isTinted && TINTS[cell.reading]) || PALETTES.generated;
    for (let k = 0; k < words.length; k++) words[k] = colours[cell.pixels[k]];
    this.context.putImageData(this.image, left, top);
  }

  // ---- drawing

  missing() {
    return this.seen.filter(({ i, j }) => {
      const cell = this.sheet.get(`${i},${j}`);
      return !cell || (this.isTinted && cell.reading === undefined);
    });
  }

  /** Has drawn what is missing, a batch after the other; if it is at it already, it goes on. */
  async fill() {
    const task = `${this.name};${this.isTinted}`;
    const wanted = this.isBetween ? [] : this.missing();
    this.tell(wanted.length);
    if (this.filling?.task === task && !this.filling.signal.aborted) return;
    this.stop();
    if (wanted.length === 0) return;
    const mine = (this.filling = new AbortController());
    mine.task = task;
    try {
      for (let cells = wanted; cells.length > 0; cells = this.missing())
        await this.draw(cells.slice(0, BATCH), mine);
    } catch (error) {
      if (!isCancelled(error)) this.explorer.fail(error);
    } finally {
      if (this.filling === mine) this.filling = null;
    }
  }

  draw(cells, { signal }) {
    const { explorer, sheet, drawing } = this;
    const { plane, step } = this.view;
    const size = plane.base.length;
    const zs = new Float64Array(cells.length * size);
    for (const [k, { i, j }] of cells.entries()) zs.set(plane.at(i * step, j * step), k * size);
    return explorer.studio.run(
      "drawMany",
      { ...drawing, zs, labels: drawing.label },
      {
        signal,
        onPart: ({ from, pixels, readings }) => {
          for (let k = 0; k * SIDE * SIDE < pixels.length; k++) {
            const { i, j } = cells[from + k];
            const digit = pixels.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE);
            sheet.set(`${i},${j}`, { pixels: digit, reading: readings?.[k] });
          }
          this.paintPart(cells.slice(from, from + pixels.length / SIDE / SIDE));
          limit(sheet);
        },
      },
    );
  }

  /** Paints cells that came, where they are now if people panned meanwhile. */
  paintPart(cells) {
    const came = new Set(cells.map(({ i, j }) => `${i},${j}`));
    for (const cell of this.seen) if (came.has(`${cell.i},${cell.j}`)) this.paintCell(cell);
    this.tell(this.missing().length);
  }

  /** Tells people and tests how many cells are still to come. */
  tell(left) {
    this.left = left;
    this.canvas.dataset.left = left;
    this.onProgress?.(1 - left / this.seen.length);
  }

  stop() {
    this.filling?.abort();
    this.filling = null;
  }
}

function limit(sheet) {
  for (const place of sheet.keys()) {
    if (sheet.size <= MOST_CELLS) return;
    sheet.delete(place);
  }
}

function blend(from, to, share) {
  return from.map((value, i) => value + share * (to[i] - value));
}
