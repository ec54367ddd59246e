// The small charts that move with a hand: lines on a canvas, drawn once for all places of a cursor, which is an element
// of its own above them. Charts that stand still on a page are Plotly's.

import { element, NextFrame, penOf } from "./dom.js";
import { thinned } from "./scale.js";
import { colourAt, onTheme } from "./theme.js";

/** @import { Attributes } from "./dom.js" */
/** @import { Point } from "./scale.js" */

/** @typedef {{ left: number, top: number, width: number, height: number }} Box  In CSS pixels, as all that follows. */

/**
 * @typedef {object} ChartLine
 * @property {Point[]} points from left to right
 * @property {string} colour
 * @property {number} width
 * @property {number[]} [dash] lengths of its pieces and gaps; none of a solid line
 * @property {number} [alpha] 0 to 1
 * @property {number} [dot] half the side of a square at each point, if these are to be seen
 */

/**
 * @typedef {object} Type
 * @property {string} colour
 * @property {string} font as CSS says it
 * @property {CanvasTextAlign} [align]
 * @property {string} [halo] a colour that keeps lines from running through the text
 */

export class Chart {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = penOf(canvas);
  }

  /**
   * Begin anew, on an empty canvas of this size.
   * @param {number} width
   * @param {number} height
   */
  begin(width, height) {
    const ratio = devicePixelRatio;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.pen.scale(ratio, ratio);
  }

  /**
   * @param {Box} box
   * @param {string} colour
   */
  frame({ left, top, width, height }, colour) {
    Object.assign(this.pen, { strokeStyle: colour, lineWidth: 1 });
    this.pen.strokeRect(left, top, width, height);
  }

  /**
   * A filled box.
   * @param {Box} box
   * @param {string} colour
   */
  block({ left, top, width, height }, colour) {
    this.pen.fillStyle = colour;
    this.pen.fillRect(left, top, width, height);
  }

  /**
   * Lines within a box; what leaves it is cut off.
   * @param {Box} box
   * @param {ChartLine[]} lines those that lie below first
   */
  lines({ left, top, width, height }, lines) {
    const { pen } = this;
    pen.save();
    pen.beginPath();
    pen.rect(left - 2, top - 2, width + 4, height + 4); // whole lines at the edges
    pen.clip();
    for (const line of lines) this.line(line);
    pen.restore();
  }

  /** @param {ChartLine} line */
  line({ points, colour, width, dash = [], alpha = 1, dot = 0 }) {
    const { pen } = this;
    pen.save();
    Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: width, lineJoin: "round" });
    pen.globalAlpha = alpha;
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [x, y] of thinned(points)) pen.lineTo(x, y);
    pen.stroke();
    if (dot) for (const [x, y] of points) pen.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
    pen.restore();
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y of the line that letters stand on
   * @param {Type} type
   */
  write(text, x, y, { colour, font, align = "left", halo }) {
    const { pen } = this;
    Object.assign(pen, { font, textAlign: align, fillStyle: colour });
    if (halo) {
      Object.assign(pen, { strokeStyle: halo, lineWidth: 4 });
      pen.strokeText(text, x, y);
    }
    pen.fillText(text, x, y);
  }

  /**
   * How wide a text is.
   * @param {string} text
   * @param {string} font
   */
  widthOf(text, font) {
    this.pen.font = font;
    return this.pen.measureText(text).width;
  }
}

/** A chart as large as its style sheet makes it, drawn again when that or the theme changes. */
export class FittedChart {
  /**
   * @param {Attributes} attributes of the canvas
   * @param {(chart: Chart, width: number, height: number) => void} draw on an empty canvas of this size
   */
  constructor(attributes, draw) {
    this.canvas = element("canvas", "", { role: "img", ...attributes });
    this.chart = new Chart(this.canvas);
    this.draw = draw;
    this.frame = new NextFrame(() => this.redraw());
    this.resizing = new ResizeObserver(() => this.frame.ask());
    this.resizing.observe(this.canvas);
    this.forgetTheme = onTheme(() => this.frame.ask());
  }

  /** There is something else to draw. */
  ask() {
    this.frame.ask();
  }

  redraw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return; // hidden
    this.chart.begin(width, height);
    this.draw(this.chart, width, height);
  }

  /**
   * A colour as it is here.
   * @param {string} colour as CSS says it
   */
  colour(colour) {
    return colourAt(this.canvas, colour);
  }

  close() {
    this.frame.cancel();
    this.resizing.disconnect();
    this.forgetTheme();
  }
}

/** An upright line above a chart, which moves without anything being drawn again. */
export class Cursor {
  /** @param {string} className */
  constructor(className) {
    this.element = element("div", className, { "aria-hidden": true });
  }

  /** @param {number} x of its middle, from the left of what it lies in */
  moveTo(x) {
    this.element.style.transform = `translateX(${x - 1}px)`;
  }
}
