// What a step of a run is compared with: a step that was pinned, or one of another run.

/** @import { Timeline } from "./timeline.js" */

/**
 * @typedef {object} Comparison
 * @property {Timeline} timeline whose step it is
 * @property {number} step
 * @property {string} name in few letters
 * @property {boolean} isPinned whether it is a step of the same run
 * @property {boolean} isOver whether the other run had ended before
 * @property {(title: string) => boolean} compares whether numbers of the curve of this title mean the same
 */

/**
 * With a step of the same run.
 * @param {Timeline} timeline
 * @param {number} step
 * @returns {Comparison}
 */
export function withPinned(timeline, step) {
  return { timeline, step, name: "pinned", isPinned: true, isOver: false, compares: () => true };
}

/**
 * A step of `timeline` with one of another run: the same step, or the one after the same training time.
 * @param {Timeline} timeline
 * @param {number} step
 * @param {Timeline} other
 * @param {boolean} byTime
 * @param {string[]} overlaid titles of the curves that compare
 * @returns {Comparison}
 */
export function withOther(timeline, step, other, byTime, overlaid) {
  const { last } = other.data;
  const seconds = timeline.secondsAt(step);
  return {
    timeline: other,
    step: Math.min(byTime ? other.stepAt(seconds) : step, last),
    name: "B",
    isPinned: false,
    isOver: byTime ? seconds > other.secondsAt(last) : step > last,
    compares: (title) => overlaid.includes(title),
  };
}
