// The map of a plane: a canvas of digits, each drawn once by the background worker and kept; those that are missing
// come coarse to fine, over what was seen before.

import { isCancelled } from "../../inference/inference.js";
import { penOf } from "../../kit/dom.js";
import { PALETTES, paint, palette } from "../../kit/painter.js";
import { CELLS } from "../../latent/plane_view.js";
import { PIXELS, pictureAt, SIDE } from "../../pictures/pictures.js";

/** @import { Colour } from "../../kit/painter.js" */
/** @import { Cell, View } from "../../latent/plane_view.js" */
/** @import { State } from "../state.js" */

/**
 * The digits that are drawn of one plane at one zoom, by place: the picture, uint8 [784], what it is read as, if
 * anybody looked, and in which of several passes it was drawn.
 * @typedef {Map<string, { pixels: Uint8Array, reading: number | undefined, pass: number }>} Sheet
 */

/**
 * What a canvas full of cells depends on.
 * @typedef {{ network: string, scale: number, label: number, classifier: string | null }} Drawing
 */

const WHOLE = CELLS * SIDE; // pixels to a side
const BATCH = 16; // cells that are asked for at once: where people have moved on, the next ones are others
const FINE = 4; // of a second pass, in which each takes longer
const MOST_CELLS = 1500; // kept of one plane at one zoom
const MOST_SHEETS = 12;
const FADED = 0.45; // how the picture of another plane shows until this one's comes

/** What each digit is coloured with, in order: hues far apart, none of them as dark as the paper. @type {Colour[]} */
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
/** @type {Colour} */
const PAPER = [18, 14, 30];
const TINTS = HUES.map((hue) => palette([blend(PAPER, hue, 0.48), blend(PAPER, hue, 0.78), [255, 255, 255]]));

export class PlaneMap {
  /**
   * @param {State} state
   * @param {HTMLCanvasElement} canvas
   * @param {(share: number) => void} onProgress told how much of what is seen is drawn
   */
  constructor(state, canvas, onProgress) {
    this.state = state;
    this.canvas = canvas;
    this.onProgress = onProgress;
    /** What was seen before. */
    this.ghost = document.createElement("canvas");
    /** @type {View | null} */
    this.ghostView = null;
    for (const one of [canvas, this.ghost]) one.width = one.height = WHOLE;
    this.pen = penOf(canvas);
    this.image = this.pen.createImageData(SIDE, SIDE);
    this.words = new Uint32Array(this.image.data.buffer);
    /** What is drawn, by what it depends on, those used last at the end. @type {Map<string, Sheet>} */
    this.sheets = new Map();
    /** @type {View | null} */
    this.view = null;
    /** @type {Drawing} */
    this.drawing = { network: "", scale: 1, label: 0, classifier: null };
    this.isBetween = false; // while fingers pinch, what there was grows and shrinks
    this.isTinted = false;
    this.name = ""; // of the sheet
    /** @type {Sheet} */
    this.sheet = new Map();
    /** @type {Cell[]} */
    this.seen = [];
    /** What is being drawn. @type {{ task: string, ends: AbortController } | null} */
    this.filling = null;
  }

  /**
   * Shows a part of a plane: what there is of it at once. Also for any other change of what is drawn.
   * @param {View} view
   * @param {boolean} isTinted whether each digit has the colour of what it is read as
   */
  show(view, isTinted) {
    const name = this.nameOf(view);
    if (name !== this.name && this.view && !this.isBetween) this.keepGhost(this.view, view);
    this.view = view;
    this.drawing = {
      ...this.state.drawing(),
      classifier: isTinted ? this.state.network.classifier : null,
    };
    this.isBetween = !Number.isInteger(view.level);
    this.isTinted = isTinted;
    this.name = name;
    this.sheet = this.isBetween ? new Map() : this.take(name);
    this.seen = view.cells(SIDE);
    this.paint();
    this.fill();
  }

  /** What a cell's picture depends on, but for its place. @param {View} view */
  nameOf({ plane, level }) {
    const { network, digit, scale, sampling } = this.state;
    const { steps, sampler } = sampling;
    return [network.url, network.classes ? digit : "", scale, steps, sampler, level, plane.id].join(";");
  }

  /** @param {string} name */
  take(name) {
    /** @type {Sheet} */
    const sheet = this.sheets.get(name) ?? new Map();
    this.sheets.delete(name);
    this.sheets.set(name, sheet); // those used last are at the end
    for (const other of this.sheets.keys()) if (this.sheets.size > MOST_SHEETS) this.sheets.delete(other);
    return sheet;
  }

  // ---- painting

  /** What is seen now is seen until the cells of the next view come. @param {View} now @param {View} next */
  keepGhost(now, next) {
    const pen = penOf(this.ghost);
    pen.globalCompositeOperation = "copy";
    pen.globalAlpha = now.plane.id === next.plane.id ? 1 : FADED;
    pen.drawImage(this.canvas, 0, 0);
    this.ghostView = now;
  }

  paint() {
    this.pen.clearRect(0, 0, WHOLE, WHOLE);
    this.paintGhost();
    for (const cell of this.seen) this.paintCell(cell);
  }

  paintGhost() {
    const { ghost, ghostView, view, pen } = this;
    if (!view || !ghostView || this.missing(0).length === 0) return;
    const scale = ghostView.span / view.span;
    const [right, down] = view.share(ghostView.x, ghostView.y);
    pen.imageSmoothingEnabled = scale < 1;
    const [left, top] = [(right - scale / 2) * WHOLE, (down - scale / 2) * WHOLE];
    pen.drawImage(ghost, left, top, scale * WHOLE, scale * WHOLE);
  }

  /** @param {Cell} cell */
  paintCell({ i, j, left, top }) {
    const cell = this.sheet.get(`${i},${j}`);
    if (!cell) return;
    const tint = this.isTinted && cell.reading !== undefined ? TINTS[cell.reading] : null;
    paint(this.words, cell.pixels, tint ?? PALETTES.generated);
    this.pen.putImageData(this.image, left, top);
  }

  // ---- drawing

  /** What is seen and not yet drawn as well as in a pass. @param {number} pass */
  missing(pass) {
    return this.seen.filter(({ i, j }) => {
      const cell = this.sheet.get(`${i},${j}`);
      return !cell || cell.pass < pass || (this.isTinted && cell.reading === undefined);
    });
  }

  /** What is left to draw, in all passes. */
  get left() {
    return this.state.sampling.passes.reduce((sum, _, pass) => sum + this.missing(pass).length, 0);
  }

  /** What is to be drawn next, and in which pass; null if all is there. */
  next() {
    for (const pass of this.state.sampling.passes.keys()) {
      const cells = this.missing(pass);
      if (cells.length > 0) return { pass, cells: cells.slice(0, pass === 0 ? BATCH : FINE) };
    }
    return null;
  }

  /** Has drawn what is missing, a batch after the other; if it is at it already, it goes on. */
  async fill() {
    const task = `${this.name};${this.isTinted}`;
    const isDone = this.isBetween || this.left === 0;
    this.tell(isDone ? 0 : this.left);
    if (this.filling?.task === task && !this.filling.ends.signal.aborted) return;
    this.stop();
    if (isDone) return;
    const mine = { task, ends: new AbortController() };
    this.filling = mine;
    try {
      for (let next = this.next(); next !== null; next = this.next())
        await this.draw(next.cells, next.pass, mine.ends.signal);
    } catch (error) {
      if (!isCancelled(error)) this.state.fail(error);
    } finally {
      if (this.filling === mine) this.filling = null;
    }
  }

  /** @param {Cell[]} cells @param {number} pass @param {AbortSignal} signal */
  async draw(cells, pass, signal) {
    const { state, sheet, drawing, view } = this;
    if (!view) return;
    const { plane, step } = view;
    const size = plane.base.length;
    const zs = new Float64Array(cells.length * size);
    for (const [k, { i, j }] of cells.entries()) zs.set(plane.at(i * step, j * step), k * size);
    await state.inference.run(
      "drawMany",
      { ...drawing, ...state.sampling.passes[pass], zs, labels: drawing.label },
      {
        signal,
        onPart: ({ from, pixels, readings }) => {
          for (let k = 0; k * PIXELS < pixels.length; k++) {
            const { i, j } = cells[from + k];
            sheet.set(`${i},${j}`, { pixels: pictureAt(pixels, k), reading: readings?.[k], pass });
          }
          this.paintPart(cells.slice(from, from + pixels.length / PIXELS));
          limit(sheet);
        },
      },
    );
  }

  /** Paints cells that came, where they are now if people panned meanwhile. @param {Cell[]} cells */
  paintPart(cells) {
    const came = new Set(cells.map(({ i, j }) => `${i},${j}`));
    for (const cell of this.seen) if (came.has(`${cell.i},${cell.j}`)) this.paintCell(cell);
    this.tell(this.left);
  }

  /** @param {number} left cells that are still to come */
  tell(left) {
    this.onProgress(1 - left / (this.seen.length * this.state.sampling.passes.length));
  }

  stop() {
    this.filling?.ends.abort();
    this.filling = null;
  }
}

/** @param {Sheet} sheet */
function limit(sheet) {
  for (const place of sheet.keys()) {
    if (sheet.size <= MOST_CELLS) return;
    sheet.delete(place);
  }
}

/**
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share
 * @returns {Colour}
 */
function blend(from, to, share) {
  /** @param {number} i */
  const at = (i) => from[i] + share * (to[i] - from[i]);
  return [at(0), at(1), at(2)];
}
