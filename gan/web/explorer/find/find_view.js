// A search to look at: the target, the best so far, where they differ, and the error against time.

import { element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";

const SIDE = 28;
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
    this.buildCurve();
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
        this.curve,
      ),
    );
    this.clear();
  }

  buildCurve() {
    this.curve = document.createElementNS(SVG, "svg");
    const label = "The error of the best so far, against time";
    const viewBox = `0 0 ${WIDE} ${HIGH}`;
    const attributes = { viewBox, preserveAspectRatio: "none", role: "img", "aria-label": label };
    for (const [name, value] of Object.entries(attributes)) this.curve.setAttribute(name, value);
    this.line = document.createElementNS(SVG, "polyline");
    this.curve.append(this.line);
  }

  /** picture: uint8 [784], or null. */
  aim(picture) {
    this.clear();
    this.picture = picture;
    if (picture) this.target.paint(picture);
    else this.target.clear();
  }

  clear() {
    this.points = [];
    this.found.clear();
    this.differences.getContext("2d").clearRect(0, 0, SIDE, SIDE);
    this.line.setAttribute("points", "");
    say(this.error, "–");
    delete this.element.dataset.error;
  }

  /** pixels: uint8 [784] of the best so far. */
  show({ pixels, error, seconds }) {
    this.found.paint(pixels);
    this.paintDifferences(pixels);
    this.points.push([seconds, error]);
    this.trace();
    say(this.error, error.toFixed(1));
    this.element.dataset.error = error.toFixed(2);
  }

  paintDifferences(pixels) {
    const context = this.differences.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < pixels.length; i++) {
      const difference = (this.picture[i] - pixels[i]) / 255;
      const ink = difference > 0 ? MISSING : EXTRA;
      for (let k = 0; k < 3; k++)
        image.data[4 * i + k] = PAPER[k] + (ink[k] - PAPER[k]) * Math.abs(difference);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  /** From nothing at the bottom to the first error at the top; all of the time so far across. */
  trace() {
    const last = Math.max(this.points.at(-1)[0], 0.1);
    const most = Math.max(...this.points.map(([, error]) => error), 1);
    const across = (seconds) => ((WIDE * seconds) / last).toFixed(1);
    const up = (error) => (HIGH - 3 - ((HIGH - 6) * error) / most).toFixed(1);
    const spot = ([seconds, error]) => `${across(seconds)},${up(error)}`;
    this.line.setAttribute("points", this.points.map(spot).join(" "));
  }
}

function canvas(name, label) {
  return element("canvas", "", { role: "img", "aria-label": label, "data-testid": name });
}

function figure(picture, caption, title = "") {
  return element(
    "figure",
    "",
    { title },
    element("div", "tile", {}, picture),
    element("figcaption", "", {}, caption),
  );
}
