// The error of a search against time.

import { FittedChart } from "../../kit/chart.js";
import { linear } from "../../kit/scale.js";

/** @typedef {[seconds: number, error: number]} Trial  The error of the best after so much time. */

const EDGE = 3; // pixels between the axes and the canvas's border
const SHORTEST = 0.1; // s across, at least
const LEAST = 1; // of 255, upwards

export class ErrorCurve {
  constructor() {
    /** @type {Trial[]} */
    this.trials = [];
    const label = "The error of the best so far, against time";
    this.fitted = new FittedChart({ "aria-label": label }, (chart, width, height) => {
      const points = this.points(width, height);
      chart.line({ points, colour: this.fitted.colour("var(--generated)"), width: 2.5 });
    });
    this.canvas = this.fitted.canvas;
  }

  /** @param {Trial[]} trials in the order of time */
  show(trials) {
    this.trials = trials;
    this.fitted.ask();
  }

  /**
   * From nothing at the bottom to the largest error at the top; all of the time so far across.
   * @param {number} width
   * @param {number} height
   * @returns {[x: number, y: number][]}
   */
  points(width, height) {
    const longest = Math.max(SHORTEST, ...this.trials.map(([seconds]) => seconds));
    const most = Math.max(LEAST, ...this.trials.map(([, error]) => error));
    const x = linear({ low: 0, high: longest }, 0, width);
    const y = linear({ low: 0, high: most }, height - EDGE, EDGE);
    return this.trials.map(([seconds, error]) => [x(seconds), y(error)]);
  }

  close() {
    this.fitted.close();
  }
}
