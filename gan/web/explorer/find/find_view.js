// A search to look at: the target, the best so far, where they differ, and the error against time.

import { element, penOf, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { SIDE } from "../../pictures/pictures.js";
import { ErrorCurve } from "./error_curve.js";

/** @import { Picture } from "../../pictures/types" */
/** @import { Trial } from "./error_curve.js" */

const MISSING = [87, 201, 141]; // the green of what is real: ink that only the target has
const EXTRA = [167, 139, 250]; // the violet of what is generated: ink that only the found digit has
const PAPER = [18, 14, 30];

export class FindView {
  constructor() {
    this.target = new DigitTile(canvas("find-target", "The picture that is searched for"), "real");
    this.found = new DigitTile(canvas("find-found", "The nearest that the generator made so far"));
    this.differences = canvas("find-difference", "Where the two differ");
    this.differences.width = this.differences.height = SIDE;
    this.error = element(
      "output",
      "error",
      {
        "data-testid": "find-error",
        title: "Root mean square difference of pixels, from 0 (the same) to 255",
      },
      "–",
    );
    this.curve = new ErrorCurve();
    /** What is looked for. @type {Picture | null} */
    this.picture = null;
    /** In the order of time. @type {Trial[]} */
    this.trials = [];
    this.element = element(
      "div",
      "compared",
      {},
      element(
        "div",
        "pictures",
        {},
        figure(this.target.canvas, "Target"),
        figure(this.found.canvas, "Best so far"),
        figure(this.differences, "Difference", "Green: ink that is missing. Violet: ink that is too much."),
      ),
      element(
        "div",
        "course",
        {},
        element("p", "", {}, "Error ", this.error, element("span", "quiet", {}, " of 255, against time")),
        this.curve.canvas,
      ),
    );
    this.clear();
  }

  /** @param {Picture | null} picture */
  aim(picture) {
    this.clear();
    this.picture = picture;
    if (picture) this.target.paint(picture);
    else this.target.clear();
  }

  clear() {
    this.trials = [];
    this.found.clear();
    penOf(this.differences).clearRect(0, 0, SIDE, SIDE);
    this.curve.show([]);
    say(this.error, "–");
  }

  /** The best so far. @param {{ pixels: Picture, error: number, seconds: number }} best */
  show({ pixels, error, seconds }) {
    this.found.paint(pixels);
    if (this.picture) this.paintDifferences(this.picture, pixels);
    this.trials.push([seconds, error]);
    this.curve.show(this.trials);
    say(this.error, error.toFixed(1));
  }

  /** @param {Picture} wanted @param {Picture} pixels */
  paintDifferences(wanted, pixels) {
    const pen = penOf(this.differences);
    const image = pen.createImageData(SIDE, SIDE);
    for (let i = 0; i < pixels.length; i++) {
      const difference = (wanted[i] - pixels[i]) / 255;
      const ink = difference > 0 ? MISSING : EXTRA;
      for (let k = 0; k < 3; k++)
        image.data[4 * i + k] = PAPER[k] + (ink[k] - PAPER[k]) * Math.abs(difference);
      image.data[4 * i + 3] = 255;
    }
    pen.putImageData(image, 0, 0);
  }

  close() {
    this.curve.close();
  }
}

/** @param {string} name @param {string} label */
function canvas(name, label) {
  return element("canvas", "", { role: "img", "aria-label": label, "data-testid": name });
}

/** @param {Node} picture @param {string} caption */
function figure(picture, caption, title = "") {
  return element(
    "figure",
    "",
    { title },
    element("div", "tile", {}, picture),
    element("figcaption", "", {}, caption),
  );
}
