// One sheet of digits with its caption: what a run drew at the moment that the time machine shows.

import { element, penOf, say } from "../kit/dom.js";
import { drawEdges, shapesOf, tiling } from "../kit/sheet.js";
import { secondsWords, stepWords } from "./words.js";

/** @import { Timeline } from "./timeline.js" */

export class SheetView {
  constructor() {
    this.canvas = element("canvas", "", { role: "img" });
    this.caption = element("figcaption");
    this.figure = element("figure", "timeline-sheet", {}, this.canvas, this.caption);
    this.width = 0;
    /** @type {ImageBitmap | undefined} */
    this.sheet = undefined;
    this.look = "";
    this.mask = element("canvas");
    this.shapes = new Path2D(); // of the tiles
  }

  /** Take note of the room on the page. */
  fit() {
    this.width = Math.round(this.figure.clientWidth * devicePixelRatio);
  }

  /**
   * Show the sheet at this place, or the nearest that is there already, and say which it is.
   * @param {Timeline} timeline
   * @param {number} place
   * @param {string} before words before those of the step
   */
  show(timeline, place, before) {
    const found = timeline.pictures.nearest(place);
    if (!found) return say(this.caption, `${before}Loading`);
    const step = timeline.data.steps[found.place];
    this.draw(found.bitmap, timeline.data);
    say(this.caption, `${before || "Here: "}${stepWords(step)}, ${secondsWords(timeline.secondsAt(step))}`);
    const label = `${timeline.data.digits} generated digits after ${step} steps`;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  /**
   * @param {ImageBitmap} sheet
   * @param {{ columns: number, digits: number }} data
   */
  draw(sheet, { columns, digits }) {
    const { canvas, width } = this;
    const look = [width, columns, digits].join();
    if (!width || (sheet === this.sheet && look === this.look)) return;
    if (look !== this.look) this.cut(columns, digits);
    this.sheet = sheet;
    this.look = look;
    const { width: wide, height: high } = this.mask;
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const { step, gap } = tiling(columns, digits, width);
    const [edge, whole] = [-gap / 2, step * columns]; // as if there were a gap around each tile
    const pen = penOf(canvas);
    pen.globalCompositeOperation = "copy";
    pen.drawImage(sheet, edge, edge, whole, (whole * sheet.height) / sheet.width);
    pen.globalCompositeOperation = "destination-in";
    pen.drawImage(this.mask, 0, 0);
    drawEdges(pen, this.shapes);
  }

  /**
   * Make the mask: the tiles in black, with nothing between them.
   * @param {number} columns
   * @param {number} digits
   */
  cut(columns, digits) {
    const tiles = tiling(columns, digits, this.width);
    Object.assign(this.mask, { width: tiles.width, height: tiles.height });
    this.shapes = shapesOf(tiles);
    penOf(this.mask).fill(this.shapes);
  }
}
