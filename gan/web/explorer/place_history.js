// Earlier places, for Undo, and those taken back, for Redo.

const SAME_GESTURE = 1000; // ms in which changes to one thing count as one step back
const MOST = 100;

export class Past {
  constructor() {
    this.steps = [];
    this.undone = [];
  }

  /** Keeps a place. Changes with the same name in quick succession are one step. */
  keep(place, name) {
    const last = this.steps.at(-1);
    const now = performance.now();
    this.undone = [];
    if (name !== null && last?.name === name && now - last.time < SAME_GESTURE) {
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

  /** The place before `here`, which can be redone. */
  undo(here) {
    this.undone.push(here);
    return this.steps.pop().place;
  }

  /** The place that was left by the last undo. */
  redo(here) {
    this.steps.push({ name: null, time: -Infinity, place: here });
    return this.undone.pop();
  }
}
