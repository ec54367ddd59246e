// A sheet of digits on a canvas: a new sheet replaces the old one within one frame.

import { component, settle, unpack } from "./live.js";

const TILE = 28; // pixels a side in the sheet
const GAP = 0.09; // of a tile
const CORNER = 0.1;

class Grid {
  constructor(place) {
    this.place = place;
    this.frame = document.createElement("div");
    this.canvas = document.createElement("canvas");
    this.frame.className = "live-grid";
    this.canvas.setAttribute("role", "img");
    this.frame.append(this.canvas);
    place.append(this.frame);
    this.shown = 0;
    this.resizing = new ResizeObserver(() => this.sheet && this.draw());
    this.resizing.observe(this.frame);
  }

  /** The body is a line of JSON about the sheet, then its PNG. */
  async show(asked, body) {
    const turn = ++this.shown;
    const [sheetAbout, png] = unpack(body);
    const sheet = await createImageBitmap(new Blob([png], { type: "image/png" }));
    if (turn !== this.shown) return; // a newer sheet is on its way through
    this.sheet?.close();
    Object.assign(this, { about: sheetAbout, sheet });
    this.draw();
    settle(this.place);
    this.frame.dataset.testid = asked.testId;
    this.frame.dataset.step = sheetAbout.step;
    this.canvas.setAttribute("aria-label", sheetAbout.label);
  }

  /** Draw the tiles on whole device pixels, then cut the gaps and corners out. */
  draw() {
    const { columns, count } = this.about;
    const ratio = window.devicePixelRatio;
    const step = Math.floor((this.frame.clientWidth * ratio) / (columns - GAP));
    if (step < 1) return; // hidden, in a closed tab say
    const gap = Math.max(1, Math.round(step * GAP));
    const side = step - gap;
    this.resize(columns * step - gap, Math.ceil(count / columns) * step - gap, ratio);
    const pen = this.canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.globalCompositeOperation = "source-over";
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const tiles = new Path2D();
    for (let i = 0; i < count; i++) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      pen.drawImage(this.sheet, column * TILE, row * TILE, TILE, TILE, column * step, row * step, side, side);
      tiles.roundRect(column * step, row * step, side, side, side * CORNER);
    }
    pen.globalCompositeOperation = "destination-in";
    pen.fill(tiles);
  }

  resize(width, height, ratio) {
    if (this.canvas.width === width && this.canvas.height === height) return;
    Object.assign(this.canvas, { width, height });
    this.canvas.style.width = `${width / ratio}px`;
  }

  close() {
    this.resizing.disconnect();
    this.sheet?.close();
  }
}

export default component(Grid);
