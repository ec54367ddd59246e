// A search to look at: the target, the best so far, where they differ, and the error against time.

import { element, penOf, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { SIDE } from "../../pictures/pictures.js";

/** @import { Picture } from "../../pictures/types" */

const MISSING = [87, 201, 141]; // the green of what is real: ink that only the target has
const EXTRA = [167, 139, 250]; // the violet of what is generated: ink that only the found digit has
const PAPER = [18, 14, 30];
const WIDE = 300; // of the curve, in its own units
const HIGH = 96;
const SVG = "http://www.w3.org/2000/svg";

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
    this.line = document.createElementNS(SVG, "polyline");
    /** What is looked for. @type {Picture | null} */
    this.picture = null;
    /** The error of the best after each step of the search. @type {[seconds: number, error: number][]} */
    this.points = [];
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
        curveOf(this.line),
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
    this.points = [];
    this.found.clear();
    penOf(this.differences).clearRect(0, 0, SIDE, SIDE);
    this.line.setAttribute("points", "");
    say(this.error, "–");
  }

  /** The best so far. @param {{ pixels: Picture, error: number, seconds: number }} best */
  show({ pixels, error, seconds }) {
    this.found.paint(pixels);
    if (this.picture) this.paintDifferences(this.picture, pixels);
    this.points.push([seconds, error]);
    this.trace();
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

  /** From nothing at the bottom to the first error at the top; all of the time so far across. */
  trace() {
    const last = Math.max(0.1, ...this.points.map(([seconds]) => seconds));
    const most = Math.max(...this.points.map(([, error]) => error), 1);
    const across = (/** @type {number} */ seconds) => ((WIDE * seconds) / last).toFixed(1);
    const up = (/** @type {number} */ error) => (HIGH - 3 - ((HIGH - 6) * error) / most).toFixed(1);
    const spots = this.points.map(([seconds, error]) => `${across(seconds)},${up(error)}`);
    this.line.setAttribute("points", spots.join(" "));
  }
}

/** @param {SVGElement} line */
function curveOf(line) {
  const curve = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: `0 0 ${WIDE} ${HIGH}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": "The error of the best so far, against time",
  };
  for (const [name, value] of Object.entries(attributes)) curve.setAttribute(name, value);
  curve.append(line);
  return curve;
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
