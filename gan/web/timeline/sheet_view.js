// One sheet of digits with its caption: what a run drew at the moment that the film shows.

import { element, say } from "./controls.js";
import { secondsWords, stepWords } from "./timeline.js";

const GAP = 0.09; // of a tile, as in grid.js
const CORNER = 0.1;

export class View {
  constructor() {
    this.figure = element("figure", "film-sheet");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.caption = element("figcaption");
    this.figure.append(this.canvas, this.caption);
  }

  /** Take note of the room on the page. */
  fit() {
    this.width = Math.round(this.figure.clientWidth * devicePixelRatio);
  }

  /** Show the sheet at this place, or the nearest that is there already, and say which it is. */
  show(reel, place, before) {
    const at = reel.pictures.nearest(place);
    if (at < 0) return say(this.caption, `${before}Loading`);
    const step = reel.steps[at];
    this.draw(reel.pictures.bitmap(at), reel);
    say(this.caption, `${before || "Here: "}${stepWords(step)}, ${secondsWords(reel.secondsAt(step))}`);
    if (this.canvas.dataset.step === String(step)) return;
    this.canvas.dataset.step = step;
    this.canvas.setAttribute("aria-label", `${reel.digits} generated digits after ${step} steps`);
  }

  draw(sheet, { columns, digits }) {
    const { canvas, width } = this;
    if (!width) return;
    const look = [width, columns, digits].join();
    if (sheet === this.sheet && look === this.look) return;
    if (look !== this.look) this.mask = tiles(width, columns, digits);
    Object.assign(this, { sheet, look });
    const { width: wide, height: high } = this.mask;
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const pen = canvas.getContext("2d");
    const whole = wide + (wide * GAP) / (columns - GAP); // with a gap after the last column, too
    pen.globalCompositeOperation = "copy";
    pen.drawImage(
      sheet,
      (-GAP / 2) * (whole / columns),
      (-GAP / 2) * (whole / columns),
      whole,
      (whole * sheet.height) / sheet.width,
    );
    pen.globalCompositeOperation = "destination-in";
    pen.drawImage(this.mask, 0, 0);
  }
}

/** The tiles of a sheet of this width in black, with nothing between them. */
function tiles(width, columns, count) {
  const step = width / (columns - GAP);
  const [gap, rows] = [step * GAP, Math.ceil(count / columns)];
  const mask = document.createElement("canvas");
  Object.assign(mask, { width, height: Math.round(rows * step - gap) });
  const shapes = new Path2D();
  const side = step - gap;
  for (let i = 0; i < count; i++) {
    shapes.roundRect((i % columns) * step, Math.floor(i / columns) * step, side, side, side * CORNER);
  }
  mask.getContext("2d").fill(shapes);
  return mask;
}
