// The drawing of a curve: both ways of a path over its positions, what they are compared with, and a grid.

import { Chart } from "../../kit/chart.js";
import { element, NextFrame } from "../../kit/dom.js";
import { linear } from "../../kit/scale.js";
import { colourAt, onTheme } from "../../kit/theme.js";
import { KINDS } from "../../latent/journey.js";

/** @import { Attributes } from "../../kit/dom.js" */
/** @import { Point } from "../../kit/scale.js" */

/**
 * What is drawn, in what is measured.
 * @typedef {object} Drawn
 * @property {Record<string, ArrayLike<number>>} lines of each kind, the values along the path; NaN where there is none
 * @property {number} legs of the path
 * @property {{ low: number, high: number, ticks: number[] }} axis
 * @property {number} [level] that values are compared with
 * @property {{ low: number, high: number }} [band] where half of that is
 */

const EDGE = 3; // pixels around the axes, so that lines along them are whole; as in path.css
/** @type {Record<string, { colour: string, dash: number[] }>} */
const WAYS = {
  great: { colour: "var(--great)", dash: [] },
  straight: { colour: "var(--straight)", dash: [7, 4] },
};

export class CurveDrawing {
  /** @param {Attributes} attributes of the canvas */
  constructor(attributes) {
    this.canvas = element("canvas", "", { role: "img", ...attributes });
    this.chart = new Chart(this.canvas);
    this.frame = new NextFrame(() => this.draw());
    this.resizing = new ResizeObserver(() => this.frame.ask());
    this.resizing.observe(this.canvas);
    this.forgetTheme = onTheme(() => this.frame.ask());
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    this.drawn = drawn;
    this.frame.ask();
  }

  draw() {
    const { canvas, chart, drawn } = this;
    const [width, height] = [canvas.clientWidth - 2 * EDGE, canvas.clientHeight - 2 * EDGE];
    if (!drawn || width <= 0) return;
    const box = { left: EDGE, top: EDGE, width, height };
    const x = linear({ low: 0, high: 1 }, EDGE, EDGE + width);
    const y = linear(drawn.axis, EDGE + height, EDGE);
    chart.begin(canvas.clientWidth, canvas.clientHeight);
    const { band, level } = drawn;
    if (band) {
      const [top, bottom] = [y(band.high), y(band.low)];
      const colour = colourAt(canvas, "color-mix(in srgb, var(--st-blue-color) 18%, transparent)");
      chart.block({ ...box, top, height: Math.max(1, bottom - top) }, colour);
    }
    this.grid(x, drawn.axis.ticks.map(y), drawn.legs);
    if (level !== undefined) {
      const look = { colour: colourAt(canvas, "var(--text)"), width: 1.5, dash: [1.5, 4] };
      chart.line({ points: across(x, y(level)), ...look });
    }
    const ways = KINDS.map((kind) => {
      const { colour, dash } = WAYS[kind];
      return { points: along(drawn.lines[kind], x, y), colour: colourAt(canvas, colour), width: 2.25, dash };
    });
    chart.lines(box, ways);
  }

  /**
   * @param {(share: number) => number} x
   * @param {number[]} levels
   * @param {number} legs
   */
  grid(x, levels, legs) {
    const look = { colour: colourAt(this.canvas, "var(--line)"), width: 1 };
    for (const level of levels) this.chart.line({ points: across(x, level), ...look });
    const [top, bottom] = [EDGE, this.canvas.clientHeight - EDGE];
    for (let leg = 0; leg <= legs; leg++) {
      const stop = x(leg / legs);
      /** @type {Point[]} */
      const points = [
        [stop, top],
        [stop, bottom],
      ];
      this.chart.line({ points, ...look });
    }
  }

  close() {
    this.frame.cancel();
    this.resizing.disconnect();
    this.forgetTheme();
  }
}

/**
 * @param {(share: number) => number} x
 * @param {number} y
 * @returns {Point[]}
 */
function across(x, y) {
  return [
    [x(0), y],
    [x(1), y],
  ];
}

/**
 * The points of what is known along the path.
 * @param {ArrayLike<number>} values
 * @param {(share: number) => number} x
 * @param {(value: number) => number} y
 */
function along(values, x, y) {
  /** @type {Point[]} */
  const points = [];
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) points.push([x(i / (values.length - 1)), y(values[i])]);
  return points;
}
