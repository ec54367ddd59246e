// A sheet of digits on a canvas: a new sheet replaces the old one within one frame.

import { element, penOf } from "../kit/dom.js";
import { unpack } from "../kit/message.js";
import { SIDE } from "../kit/painter.js";
import { pushed } from "../kit/pushed.js";
import { drawEdges, placesOf, shapesOf, wholeTiling } from "../kit/sheet.js";
import "./styles.js";

/** @import { Bytes } from "../kit/message.js" */
/** @import { Tiling } from "../kit/sheet.js" */

/**
 * label: what a screen reader says; image: digits of 28 x 28 pixels without gaps, `columns` to a row.
 * @typedef {{ step: number, label: string, count: number, columns: number, image: ImageBitmap }} Sheet
 */

class Grid {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.canvas = element("canvas", "", { role: "img" });
    this.frame = element("div", "live-grid", {}, this.canvas);
    root.append(this.frame);
    this.resizing = new ResizeObserver(() => this.redraw());
    this.resizing.observe(this.frame);
  }

  /**
   * @param {Bytes} body a line of JSON about the sheet, then its PNG
   * @returns {Promise<Sheet>}
   */
  async read(body) {
    const [about, png] = unpack(body);
    return { ...about, image: await createImageBitmap(new Blob([png], { type: "image/png" })) };
  }

  /**
   * @param {Sheet} sheet
   * @param {{ testId: string }} about
   */
  draw(sheet, { testId }) {
    this.sheet?.image.close();
    this.sheet = sheet;
    this.redraw();
    this.frame.dataset.testid = testId;
    this.canvas.setAttribute("aria-label", sheet.label);
  }

  /** Draw the tiles on whole device pixels, then cut the gaps and corners out, and draw edges. */
  redraw() {
    if (!this.sheet) return;
    const { columns, count, image } = this.sheet;
    const tiles = wholeTiling(columns, count, this.frame.clientWidth * devicePixelRatio);
    if (tiles.step < 1) return; // hidden, in a closed tab say
    this.resize(tiles);
    const side = tiles.step - tiles.gap;
    const pen = penOf(this.canvas);
    pen.imageSmoothingQuality = "high";
    pen.globalCompositeOperation = "source-over";
    pen.clearRect(0, 0, tiles.width, tiles.height);
    for (const { x, y, column, row } of placesOf(tiles))
      pen.drawImage(image, column * SIDE, row * SIDE, SIDE, SIDE, x, y, side, side);
    const shapes = shapesOf(tiles);
    pen.globalCompositeOperation = "destination-in";
    pen.fill(shapes);
    drawEdges(pen, shapes);
  }

  /** @param {Tiling} tiles */
  resize({ width, height }) {
    if (this.canvas.width === width && this.canvas.height === height) return;
    Object.assign(this.canvas, { width, height });
    this.canvas.style.width = `${width / devicePixelRatio}px`;
  }

  close() {
    this.resizing.disconnect();
    this.sheet?.image.close();
  }
}

export default pushed(Grid);
