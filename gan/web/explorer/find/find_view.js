// A search to look at: the target, the best so far, where they differ, and the error against time.

import { element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { ErrorCurve } from "./error_curve.js";

const SIDE = 28;
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
    this.curve.show([]);
    say(this.error, "–");
    delete this.element.dataset.error;
  }

  /** pixels: uint8 [784] of the best so far. */
  show({ pixels, error, seconds }) {
    this.found.paint(pixels);
    this.paintDifferences(pixels);
    this.points.push([seconds, error]);
    this.curve.show(this.points);
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

  close() {
    this.curve.close();
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
