// z wanders through latent space by itself, without end.

import { Walk } from "../latent/walk.js";

/** @import { State } from "./state.js" */

const LONGEST_STRIDE = 0.05; // s: after a stall, a walk does not jump
const STILL_PACE = 1; // s between two digits of a walk, for those who want less movement

export class Wander {
  /** @param {State} state whose z it moves, but for the numbers that people locked */
  constructor(state) {
    this.state = state;
    /** @type {Walk | null} */
    this.walk = null;
    this.movedAt = 0; // ms
  }

  get isOn() {
    return this.walk !== null;
  }

  toggle() {
    if (this.isOn) return this.stop();
    this.state.remember();
    this.walk = new Walk(this.state.z);
    this.movedAt = performance.now();
    this.state.change("walk");
    this.state.say("Walking");
  }

  stop() {
    if (this.end()) this.state.settle("Walk stopped");
  }

  /** Ends it and tells nobody. Whether it was on. */
  end() {
    if (!this.isOn) return false;
    this.walk = null;
    this.state.change("walk", "z");
    return true;
  }

  /** The next stretch of the way, and another frame. @param {number} now ms */
  advance(now) {
    const { state, walk } = this;
    if (!walk) return;
    const seconds = Math.max(0, now - this.movedAt) / 1000;
    const isStill = state.page.prefersStillness();
    if (isStill && seconds < STILL_PACE) return state.change();
    this.movedAt = now;
    const stride = isStill ? STILL_PACE / 2 : Math.min(LONGEST_STRIDE, seconds);
    state.move(state.unlocked(walk.step(stride)));
  }
}
