// The noise as a picture that can be painted on, with a mouse, a finger, a pen or the arrow keys.

import { element } from "../../kit/dom.js";
import { palette } from "../../kit/painter.js";
import { DigitTile } from "../../kit/tile.js";
import { clipped, LIMIT } from "../../latent/geometry.js";
import { SIDE } from "../../pictures/pictures.js";

/** @import { Numbers } from "../../latent/types" */

/** Grey: black is -3, white 3. */
const GREYS = palette([
  [0, 0, 0],
  [255, 255, 255],
]);
const STRIDE = 0.7; // pixels between two touches of a stroke
/** @type {Record<string, [right: number, down: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A canvas of noise. */
export class NoiseTile extends DigitTile {
  /** @param {HTMLCanvasElement} [canvas] */
  constructor(canvas) {
    super(canvas);
    this.colours = GREYS;
  }

  /** @param {Numbers} z [784] */
  paintNoise(z) {
    this.paint(Float32Array.from(z, (value) => clipped(value) / LIMIT));
  }
}

/**
 * What painting asks for.
 * @typedef {object} Handlers
 * @property {(isByKey: boolean) => void} onBegin before a stroke
 * @property {(x: number, y: number) => void} onTouch in pixels, from the left and from the top
 * @property {() => void} onLift after a stroke
 * @property {(words: string) => void} say what keys did
 */

export class NoiseCanvas {
  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    /** That paints. @type {number | undefined} */
    this.pointer = undefined;
    /** Where the brush was last, or where the arrow keys are. @type {[x: number, y: number]} */
    this.place = [SIDE / 2, SIDE / 2];
    this.tile = new NoiseTile(
      element("canvas", "", { "aria-hidden": "true", "data-testid": "noise-canvas" }),
    );
    this.ring = element("div", "noise-brush", { "aria-hidden": "true" });
    this.element = element(
      "div",
      "tile noise-plate",
      {
        tabindex: 0,
        role: "application",
        "aria-roledescription": "noise",
        "data-testid": "noise",
        "aria-label":
          "The noise that the digit is drawn from. Arrow keys move a brush, with Shift by larger steps; Space paints.",
      },
      element("div", "noise-face", {}, this.tile.canvas, this.ring),
    );
    this.hear();
    this.showBrush();
  }

  hear() {
    const { element: plate } = this;
    plate.addEventListener("pointerdown", (event) => this.begin(event));
    plate.addEventListener("pointermove", (event) => this.follow(event));
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"]))
      plate.addEventListener(name, (event) => this.end(event));
    plate.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {Numbers} z */
  show(z) {
    this.tile.paintNoise(z);
  }

  // ---- by pointer

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0 || this.pointer !== undefined) return; // a second finger paints nothing
    this.pointer = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
    this.handlers.onBegin(false);
    this.touch(...this.placeOf(event));
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const [x, y] = this.placeOf(event);
    if (event.pointerId !== this.pointer) return;
    if (Math.hypot(x - this.place[0], y - this.place[1]) >= STRIDE) this.touch(x, y);
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.handlers.onLift();
  }

  /** @param {PointerEvent} event @returns {[x: number, y: number]} */
  placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.tile.canvas.getBoundingClientRect();
    return [inside(((clientX - left) / width) * SIDE), inside(((clientY - top) / height) * SIDE)];
  }

  /** @param {number} x @param {number} y */
  touch(x, y) {
    this.place = [x, y];
    this.showBrush();
    this.handlers.onTouch(x, y);
  }

  // ---- by keys

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    if (way) this.moveBrush(way, event.shiftKey ? 4 : 1);
    else if (event.key === " " || event.key === "Enter") this.paintHere();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {[right: number, down: number]} way @param {number} times */
  moveBrush([right, down], times) {
    this.place = [inside(this.place[0] + right * times), inside(this.place[1] + down * times)];
    this.showBrush();
    const [x, y] = this.place.map((value) => Math.round((100 * value) / SIDE));
    this.handlers.say(`Brush at ${x}% across, ${y}% down`);
  }

  paintHere() {
    this.handlers.onBegin(true);
    this.handlers.onTouch(...this.place);
    this.handlers.onLift();
  }

  showBrush() {
    const [x, y] = this.place;
    this.ring.style.left = `${(100 * x) / SIDE}%`;
    this.ring.style.top = `${(100 * y) / SIDE}%`;
  }
}

/** @param {number} pixels */
function inside(pixels) {
  return Math.min(SIDE, Math.max(0, pixels));
}
