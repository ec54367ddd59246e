// One run as the time machine shows it: its sheets, its curves, and the training time of each step.

import { fromRoot } from "../kit/root.js";
import { Sheets } from "./sheets.js";

/** @import { TimelineData } from "./types.d.ts" */

/** @typedef {[title: string, lines: [name: string, value: number | null | undefined][]]} Reading  Of one curve. */

export class Timeline {
  /**
   * @param {TimelineData} data
   * @param {() => void} arrived told of each sheet that is there
   */
  constructor(data, arrived) {
    this.pictures = new Sheets(arrived);
    this.data = data;
    this.take(data);
  }

  /**
   * There is more of the same run. What is loaded of its sheets stays.
   * @param {TimelineData} data
   */
  take(data) {
    this.data = data;
    this.pictures.take(data.places.map((place) => fromRoot(`${data.folder}/${place}.png`)));
  }

  /** The place of the last sheet. */
  get end() {
    return this.data.steps.length - 1;
  }

  /**
   * The place of the sheet that is nearest to this step.
   * @param {number} step
   */
  nearest(step) {
    const { steps } = this.data;
    return steps.reduce(
      (best, each, i) => (Math.abs(each - step) < Math.abs(steps[best] - step) ? i : best),
      0,
    );
  }

  /**
   * The place of the first sheet that was drawn after this step, or just then.
   * @param {number} step
   */
  after(step) {
    const place = this.data.steps.findIndex((each) => each >= step);
    return place < 0 ? this.end : place;
  }

  /** @param {number} step */
  secondsAt(step) {
    const { steps, seconds } = this.data.clock;
    return between(steps, seconds, step);
  }

  /** @param {number} seconds of training */
  stepAt(seconds) {
    const { clock } = this.data;
    return Math.round(between(clock.seconds, clock.steps, seconds));
  }

  /**
   * The last snapshot at or before this step, else the first there is; undefined if there is none.
   * @param {number} step
   * @returns {number | undefined}
   */
  snapshot(step) {
    const { snapshots } = this.data;
    return snapshots.findLast((each) => each <= step) ?? snapshots[0];
  }

  /**
   * What each line of each curve stood at, at this step.
   * @param {number} step
   * @returns {Reading[]}
   */
  readings(step) {
    return this.data.curves.map(({ title, steps, lines }) => {
      const at = steps.findLastIndex((each) => each <= step);
      return [title, lines.map(({ name, values }) => [name, at < 0 ? undefined : values[at]])];
    });
  }

  close() {
    this.pictures.close();
  }
}

/**
 * `ys` at `x`, along straight lines between the points; level before the first and after the last.
 * @param {number[]} xs ascending
 * @param {number[]} ys
 * @param {number} x
 */
export function between(xs, ys, x) {
  const after = xs.findIndex((each) => each > x);
  if (after === 0) return ys[0];
  if (after < 0) return ys.at(-1) ?? 0;
  const share = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
  return ys[after - 1] + share * (ys[after] - ys[after - 1]);
}
