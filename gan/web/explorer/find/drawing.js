// A place to draw a digit, with a mouse, a finger, a pen or the arrow keys.

import { element } from "../../kit/dom.js";
import { SIDE } from "../../pictures/pictures.js";
import { asDigit, BLUR, THICK } from "../../pictures/strokes.js";

const RESOLUTION = 448;
const STRIDE = 1 / SIDE; // of the pen that arrow keys move; four of them with Shift
const MOST_POINTS = 6000;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The canvas. onStroke is called while a stroke grows, onLift when it ends or the drawing changes; say is told what
 * keys did.
 */
export class Drawing {
  constructor({ onStroke, onLift, say }) {
    Object.assign(this, { onStroke, onLift, say });
    this.strokes = [];
    this.growing = null; // the stroke under the pen
    this.pen = [0.5, 0.25]; // where the arrow keys are
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
    this.context = this.canvas.getContext("2d");
    this.hear();
    this.paint();
  }

  hear() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.follow(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(end, (event) => this.end(event));
    }
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("focus", () => this.paint());
    canvas.addEventListener("blur", () => {
      if (this.pointer === undefined) this.lift();
      this.paint();
    });
  }

  // ---- by pointer

  begin(event) {
    if (event.button !== 0 || this.pointer !== undefined) return; // a second finger draws nothing
    this.lift();
    this.isByKeys = false;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.putDown(this.placeOf(event));
  }

  follow(event) {
    if (event.pointerId !== this.pointer || !this.growing) return; // it was taken back under the pen
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 0 ? all : [event]) this.extend(this.placeOf(one));
    this.grown();
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.lift();
  }

  placeOf({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return [inside((clientX - box.left) / box.width), inside((clientY - box.top) / box.height)];
  }

  // ---- by keys

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) this.movePen(ARROWS[event.key], event.shiftKey ? 4 : 1);
    else if (event.key === " " || event.key === "Enter") this.togglePen(event.repeat);
    else if (event.key === "Backspace" || event.key === "Delete") this.undo();
    else return;
    event.preventDefault();
  }

  movePen([alongX, alongY], times) {
    const [x, y] = this.pen;
    this.isByKeys = true;
    this.pen = [inside(x + alongX * times * STRIDE), inside(y + alongY * times * STRIDE)];
    if (this.growing) {
      this.extend(this.pen);
      this.grown();
    } else this.paint();
    this.say(`Pen at ${Math.round(100 * this.pen[0])}% across, ${Math.round(100 * this.pen[1])}% down`);
  }

  togglePen(isHeld) {
    if (isHeld) return;
    this.isByKeys = true;
    if (this.growing) this.lift();
    else this.putDown(this.pen);
    this.say(this.growing ? "Pen down" : "Pen lifted");
  }

  // ---- strokes

  putDown(point) {
    this.growing = [point];
    this.strokes.push(this.growing);
    this.grown();
  }

  extend(point) {
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    if (this.growing && points < MOST_POINTS) this.growing.push(point);
  }

  grown() {
    this.pen = this.growing.at(-1);
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
    const { context, canvas } = this;
    context.clearRect(0, 0, RESOLUTION, RESOLUTION);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = context.shadowColor = "#f8fffb";
    context.lineWidth = (THICK / SIDE) * RESOLUTION * 0.9;
    context.shadowBlur = (BLUR / SIDE) * RESOLUTION * 0.8;
    for (const stroke of this.strokes) {
      context.beginPath();
      for (const [x, y] of [stroke[0], ...stroke]) context.lineTo(x * RESOLUTION, y * RESOLUTION);
      context.stroke();
    }
    context.shadowBlur = 0;
    if (canvas.matches(":focus-visible") || this.isByKeys) this.paintPen();
    canvas.dataset.strokes = this.strokes.length;
  }

  /** A ring where the pen of the keys is: filled while it is down. */
  paintPen() {
    const { context } = this;
    context.beginPath();
    context.arc(this.pen[0] * RESOLUTION, this.pen[1] * RESOLUTION, 0.03 * RESOLUTION, 0, 2 * Math.PI);
    context.lineWidth = 5;
    context.strokeStyle = context.fillStyle = "#57c98d";
    context.stroke();
    if (this.growing) context.fill();
  }
}

function inside(share) {
  return Math.min(1, Math.max(0, share));
}
