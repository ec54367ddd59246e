// Earlier places, for Undo, and those taken back, for Redo.

/** @import { Place } from "../latent/types" */

const SAME_GESTURE = 1000; // ms in which changes to one thing count as one step back
const MOST = 100;

export class PlaceHistory {
  constructor() {
    /** @type {{ name: string | null, time: number, place: Place }[]} */
    this.steps = [];
    /** @type {Place[]} */
    this.undone = [];
  }

  /**
   * Keeps a place. Changes with the same name in quick succession are one step.
   *
   * @param {Place} place
   * @param {string | null} name
   * @param {number} now ms
   */
  keep(place, name, now = performance.now()) {
    const last = this.steps.at(-1);
    this.undone = [];
    if (last && name !== null && last.name === name && now - last.time < SAME_GESTURE) {
      last.time = now;
      return;
    }
    this.steps.push({ name, time: now, place });
    if (this.steps.length > MOST) this.steps.shift();
  }

  get canUndo() {
    return this.steps.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** The place before `here`, which can be redone; null if there is none. @param {Place} here */
  undo(here) {
    const step = this.steps.pop();
    if (!step) return null;
    this.undone.push(here);
    return step.place;
  }

  /** The place that was left by the last undo; null if there is none. @param {Place} here */
  redo(here) {
    const place = this.undone.pop();
    if (!place) return null;
    this.steps.push({ name: null, time: -Infinity, place: here });
    return place;
  }
}
