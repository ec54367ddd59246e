// The time machine's buttons and its slider: what they are called, and what they say when they are used.

import { button, element, say } from "../kit/dom.js";
import { short } from "./words.js";

/** @import { TimelineData } from "./types.d.ts" */

/**
 * What people can do.
 * @typedef {object} Acts
 * @property {() => void} play or hold
 * @property {(place: number) => void} move to a sheet
 * @property {(step: number) => void} jump
 * @property {() => void} follow the newest sheet
 * @property {() => void} branch
 * @property {() => void} pin or unpin
 * @property {() => void} compare otherwise
 */

/**
 * What the controls tell of the moment.
 * @typedef {object} Standing
 * @property {number} at the sheet's place
 * @property {boolean} isPlaying
 * @property {boolean} follows
 * @property {boolean} isPinned
 * @property {number | undefined} snapshot the step that can be branched from
 * @property {string} words what a screen reader says of the slider
 */

const SPEEDS = [0.5, 1, 2, 4];

export class Controls {
  /** @param {Acts} acts */
  constructor(acts) {
    this.acts = acts;
    this.offered = ""; // the jumps, as JSON
    this.play = pressed("", () => acts.play());
    this.speeds = choice(
      "Speed",
      SPEEDS.map((times) => [String(times), `${times} x`]),
    );
    this.speeds.value = "1";
    this.slider = element("input", "timeline-slider", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": "Moment of the run",
    });
    this.slider.addEventListener("input", () => acts.move(this.slider.valueAsNumber));
    this.branch = pressed("", () => acts.branch());
    this.follow = pressed("Follow", () => acts.follow());
    this.follow.title = "Go to the newest moment, and stay with it";
    this.pin = pressed("", () => acts.pin());
    this.basis = choice("Compare after", [
      ["time", "after the same training time"],
      ["step", "after the same step"],
    ]);
    this.basis.addEventListener("change", () => acts.compare());
    this.jumps = element("span", "timeline-row");
    this.element = element(
      "div",
      "",
      {},
      element("div", "timeline-row", {}, this.play, this.speeds, this.slider, this.branch),
      element("div", "timeline-row", {}, this.follow, this.pin, this.basis, this.jumps),
    );
  }

  /** Times the pace of one second a second. */
  get speed() {
    return Number(this.speeds.value);
  }

  /** Whether runs are compared after the same training time, else after the same step. */
  get isByTime() {
    return this.basis.value === "time";
  }

  /**
   * Offer what this run, alone or beside another, can do.
   * @param {TimelineData} data
   * @param {boolean} isBeside
   */
  offer({ steps, notable, snapshots, live }, isBeside) {
    this.slider.max = String(steps.length - 1);
    this.branch.hidden = snapshots.length === 0;
    this.follow.hidden = !live;
    this.pin.hidden = isBeside;
    this.basis.hidden = !isBeside;
    const offered = JSON.stringify(notable);
    if (offered === this.offered) return; // a button under somebody's finger stays
    this.offered = offered;
    const jumps = notable.map(({ step, text }) =>
      pressed(`${text} (${short(step, 9)})`, () => this.acts.jump(step)),
    );
    for (const jump of jumps) jump.classList.add("timeline-jump");
    this.jumps.replaceChildren(...jumps);
  }

  /** @param {Standing} standing */
  tell({ at, isPlaying, follows, isPinned, snapshot, words }) {
    this.slider.value = String(at);
    this.slider.setAttribute("aria-valuetext", words);
    say(this.play, isPlaying ? "Hold" : "Play");
    this.follow.setAttribute("aria-pressed", String(follows));
    say(this.pin, isPinned ? "Unpin" : "Pin this moment");
    say(this.branch, `Branch from step ${short(snapshot ?? 0, 9)}`);
  }
}

/**
 * @param {string} label
 * @param {() => void} action
 */
function pressed(label, action) {
  return button(label, action, { class: "timeline-button" });
}

/**
 * @param {string} label
 * @param {[value: string, text: string][]} options
 */
function choice(label, options) {
  const made = element("select", "timeline-button", { "aria-label": label });
  for (const [value, text] of options) made.add(new Option(text, value));
  return made;
}
