// Digits on canvases; the style sheet enlarges them without blurring.

import { penOf } from "./dom.js";
import { PALETTES, paint, SIDE } from "./painter.js";

/** @import { Origin, Palette, Picture } from "./painter.js" */

/** Paints digits on a canvas, one at a time. */
class DigitPainter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.pen = penOf(canvas);
    this.image = this.pen.createImageData(SIDE, SIDE);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /**
   * @param {Picture} picture
   * @param {Palette} colours
   * @param {number} [x] of the left edge, in the canvas's own pixels
   * @param {number} [y] of the top edge
   */
  paint(picture, colours, x = 0, y = 0) {
    paint(this.pixels, picture, colours);
    this.pen.putImageData(this.image, x, y);
  }
}

/** A canvas of one digit, 28 x 28 pixels. */
export class DigitTile {
  /**
   * @param {HTMLCanvasElement} [canvas]
   * @param {Origin} [origin]
   */
  constructor(canvas = document.createElement("canvas"), origin = "generated") {
    canvas.width = canvas.height = SIDE;
    this.canvas = canvas;
    this.colours = PALETTES[origin];
    this.painter = new DigitPainter(canvas);
  }

  /** @param {Picture} picture */
  paint(picture) {
    this.painter.paint(picture, this.colours);
  }

  clear() {
    this.painter.pen.clearRect(0, 0, SIDE, SIDE);
  }
}

/** A canvas of many digits, `columns` to a row. */
export class DigitSheet {
  /**
   * @param {number} columns
   * @param {number} rows
   * @param {HTMLCanvasElement} [canvas]
   * @param {Origin} [origin]
   */
  constructor(columns, rows, canvas = document.createElement("canvas"), origin = "generated") {
    canvas.width = columns * SIDE;
    canvas.height = rows * SIDE;
    this.canvas = canvas;
    this.columns = columns;
    this.colours = PALETTES[origin];
    this.painter = new DigitPainter(canvas);
  }

  /**
   * Paint the picture at a place, counted row by row from 0.
   * @param {number} place
   * @param {Picture} picture
   * @param {Palette} [colours]
   */
  paint(place, picture, colours = this.colours) {
    const [x, y] = [place % this.columns, Math.floor(place / this.columns)];
    this.painter.paint(picture, colours, x * SIDE, y * SIDE);
  }
}
