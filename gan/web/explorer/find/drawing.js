// A place to draw a digit, with a mouse, a finger, a pen or the arrow keys.

import { element, penOf } from "../../kit/dom.js";
import { SIDE } from "../../pictures/pictures.js";
import { asDigit, BLUR, THICK } from "../../pictures/strokes.js";

/** @import { Point, Stroke } from "../../pictures/types" */

const RESOLUTION = 448;
const STRIDE = 1 / SIDE; // of the pen that arrow keys move; four of them with Shift
const MOST_POINTS = 6000;
/** @type {Record<string, [right: number, down: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Drawing {
  /**
   * @param {object} told
   * @param {() => void} told.onStroke while a stroke grows
   * @param {() => void} told.onLift when it ends or the drawing changes
   * @param {(words: string) => void} told.say what keys did
   */
  constructor({ onStroke, onLift, say }) {
    this.onStroke = onStroke;
    this.onLift = onLift;
    this.say = say;
    /** @type {Stroke[]} */
    this.strokes = [];
    /** The stroke under the pen. @type {Stroke | null} */
    this.growing = null;
    /** Where the arrow keys are. @type {Point} */
    this.place = [0.5, 0.25];
    this.isByKeys = false;
    /** That draws. @type {number | undefined} */
    this.pointer = undefined;
    this.canvas = element("canvas", "drawing", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "drawing area",
      "data-testid": "drawing",
      "aria-label":
        "Draw a digit. Arrow keys move a pen, with Shift by larger steps; Space puts it down and lifts " +
        "it; Backspace takes the last stroke back.",
    });
    this.canvas.width = this.canvas.height = RESOLUTION;
    this.pen = penOf(this.canvas);
    this.hear();
    this.paint();
  }

  hear() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.follow(event));
    canvas.addEventListener("pointerup", (event) => this.end(event));
    canvas.addEventListener("pointercancel", (event) => this.end(event));
    canvas.addEventListener("lostpointercapture", (event) => this.end(event));
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("focus", () => this.paint());
    canvas.addEventListener("blur", () => {
      if (this.pointer === undefined) this.lift();
      this.paint();
    });
  }

  // ---- by pointer

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0 || this.pointer !== undefined) return; // a second finger draws nothing
    this.lift();
    this.isByKeys = false;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.putDown(this.placeOf(event));
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (event.pointerId !== this.pointer || !this.growing) return; // it was taken back under the pen
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 0 ? all : [event]) this.extend(this.placeOf(one));
    this.grown();
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.lift();
  }

  /** @param {PointerEvent} event @returns {Point} */
  placeOf({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return [inside((clientX - box.left) / box.width), inside((clientY - box.top) / box.height)];
  }

  // ---- by keys

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) this.movePen(ARROWS[event.key], event.shiftKey ? 4 : 1);
    else if (event.key === " " || event.key === "Enter") this.togglePen(event.repeat);
    else if (event.key === "Backspace" || event.key === "Delete") this.undo();
    else return;
    event.preventDefault();
  }

  /** @param {[right: number, down: number]} way @param {number} times */
  movePen([alongX, alongY], times) {
    const [x, y] = this.place;
    this.isByKeys = true;
    this.place = [inside(x + alongX * times * STRIDE), inside(y + alongY * times * STRIDE)];
    if (this.growing) {
      this.extend(this.place);
      this.grown();
    } else this.paint();
    this.say(`Pen at ${Math.round(100 * this.place[0])}% across, ${Math.round(100 * this.place[1])}% down`);
  }

  /** @param {boolean} isHeld whether the key is */
  togglePen(isHeld) {
    if (isHeld) return;
    this.isByKeys = true;
    if (this.growing) this.lift();
    else this.putDown(this.place);
    this.say(this.growing ? "Pen down" : "Pen lifted");
  }

  // ---- strokes

  /** @param {Point} point */
  putDown(point) {
    this.growing = [point];
    this.strokes.push(this.growing);
    this.grown();
  }

  /** @param {Point} point */
  extend(point) {
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    if (this.growing && points < MOST_POINTS) this.growing.push(point);
  }

  grown() {
    this.place = this.growing?.at(-1) ?? this.place;
    this.paint();
    this.onStroke();
  }

  lift() {
    if (!this.growing) return;
    this.growing = null;
    this.onLift();
  }

  undo() {
    const wasThere = this.strokes.pop() !== undefined;
    this.growing = null;
    this.paint();
    this.say(wasThere ? "Last stroke taken back" : "There is no stroke to take back");
    this.onLift();
  }

  clear() {
    this.strokes = [];
    this.growing = null;
    this.paint();
    this.onLift();
  }

  get isEmpty() {
    return this.strokes.length === 0;
  }

  /** uint8 [784], as MNIST has its digits; null if nothing is drawn. */
  digit() {
    return asDigit(this.strokes);
  }

  paint() {
    const { pen, canvas } = this;
    pen.clearRect(0, 0, RESOLUTION, RESOLUTION);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = pen.shadowColor = "#f8fffb";
    pen.lineWidth = (THICK / SIDE) * RESOLUTION * 0.9;
    pen.shadowBlur = (BLUR / SIDE) * RESOLUTION * 0.8;
    for (const stroke of this.strokes) {
      pen.beginPath();
      for (const [x, y] of [stroke[0], ...stroke]) pen.lineTo(x * RESOLUTION, y * RESOLUTION);
      pen.stroke();
    }
    pen.shadowBlur = 0;
    if (canvas.matches(":focus-visible") || this.isByKeys) this.paintPen();
  }

  /** A ring where the pen of the keys is: filled while it is down. */
  paintPen() {
    const { pen } = this;
    pen.beginPath();
    pen.arc(this.place[0] * RESOLUTION, this.place[1] * RESOLUTION, 0.03 * RESOLUTION, 0, 2 * Math.PI);
    pen.lineWidth = 5;
    pen.strokeStyle = pen.fillStyle = "#57c98d";
    pen.stroke();
    if (this.growing) pen.fill();
  }
}

/** @param {number} share */
function inside(share) {
  return Math.min(1, Math.max(0, share));
}
