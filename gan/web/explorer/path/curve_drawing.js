// The drawing of a curve: both ways of a path over its positions, what they are compared with, and a grid.

import { FittedChart } from "../../kit/chart.js";
import { linear } from "../../kit/scale.js";
import { KINDS } from "../../latent/journey.js";

/** @import { Box, Chart } from "../../kit/chart.js" */
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
    this.fitted = new FittedChart(attributes, (chart, width, height) => {
      if (this.drawn) this.draw(chart, this.drawn, width - 2 * EDGE, height - 2 * EDGE);
    });
    this.canvas = this.fitted.canvas;
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    this.drawn = drawn;
    this.fitted.ask();
  }

  /**
   * @param {Chart} chart
   * @param {Drawn} drawn
   * @param {number} width between the edges
   * @param {number} height
   */
  draw(chart, { lines, legs, axis, level, band }, width, height) {
    const { fitted } = this;
    const box = { left: EDGE, top: EDGE, width, height };
    const x = linear({ low: 0, high: 1 }, EDGE, EDGE + width);
    const y = linear(axis, EDGE + height, EDGE);
    if (band) {
      const [top, bottom] = [y(band.high), y(band.low)];
      const colour = fitted.colour("color-mix(in srgb, var(--st-blue-color) 18%, transparent)");
      chart.block({ ...box, top, height: Math.max(1, bottom - top) }, colour);
    }
    const grid = { colour: fitted.colour("var(--line)"), width: 1 };
    for (const tick of axis.ticks) chart.line({ points: across(box, y(tick)), ...grid });
    for (let leg = 0; leg <= legs; leg++) chart.line({ points: upright(box, x(leg / legs)), ...grid });
    if (level !== undefined) {
      const look = { colour: fitted.colour("var(--text)"), width: 1.5, dash: [1.5, 4] };
      chart.line({ points: across(box, y(level)), ...look });
    }
    const ways = KINDS.map((kind) => {
      const { colour, dash } = WAYS[kind];
      return { points: along(lines[kind], x, y), colour: fitted.colour(colour), width: 2.25, dash };
    });
    chart.lines(box, ways);
  }

  close() {
    this.fitted.close();
  }
}

/**
 * @param {Box} box
 * @param {number} y
 * @returns {Point[]}
 */
function across({ left, width }, y) {
  return [
    [left, y],
    [left + width, y],
  ];
}

/**
 * @param {Box} box
 * @param {number} x
 * @returns {Point[]}
 */
function upright({ top, height }, x) {
  return [
    [x, top],
    [x, top + height],
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
