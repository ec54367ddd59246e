// Which snapshot of the training the network is of: the same z, from noise to digit.

import { button, element, prefersStillness, say } from "../kit/dom.js";

/** @import { State } from "./state.js" */

const STILL = 350; // ms that a snapshot is shown while time passes

export class Snapshots {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** While time passes: what shows the next one; null while that is on its way. @type {number | null | undefined} */
    this.timer = undefined;
    /** The one that the slider asked for last. @type {Promise<void> | undefined} */
    this.going = undefined;
    this.input = element("input", "", {
      type: "range",
      min: 0,
      max: 0,
      step: 1,
      value: 0,
      "data-testid": "snapshot",
      "aria-label": "Snapshot of the training",
    });
    this.shown = element("output", "", { "data-testid": "snapshot-step" });
    this.play = button("Grow", () => this.toggle(), {
      "aria-pressed": "false",
      title: "Show the same z at one snapshot of the training after the other",
    });
    this.element = element(
      "div",
      "snapshots",
      { hidden: "" },
      element("label", "", {}, element("span", "name", {}, "Trained for"), this.shown, this.input),
      this.play,
    );
    this.input.addEventListener("input", () => {
      this.stop();
      this.going = this.show(this.input.valueAsNumber);
    });
    this.input.addEventListener("change", () => this.settle(this.input.valueAsNumber));
    state.subscribe(["network"], () => this.refresh());
  }

  refresh() {
    const { steps } = this.state.about;
    const words = this.words(this.here);
    this.element.hidden = steps.length < 2;
    this.input.max = String(steps.length - 1);
    this.input.value = String(this.here);
    say(this.shown, words);
    this.input.setAttribute("aria-valuetext", words);
  }

  /** The place of the one that is shown. */
  get here() {
    return this.state.about.steps.indexOf(this.state.network.step);
  }

  /** @param {number} place */
  words(place) {
    return `${this.state.about.steps[place].toLocaleString("en")} steps`;
  }

  /** Goes to a snapshot; those beyond are fetched when they are needed. @param {number} place */
  show(place) {
    say(this.shown, this.words(place));
    return this.state.goToStep(this.state.about.steps[place]);
  }

  /** The hand lets go: the address follows once the snapshot is there. @param {number} place */
  async settle(place) {
    const { state } = this;
    const step = state.about.steps[place];
    await this.going;
    if (state.network.step === step) state.settle(this.words(this.here));
  }

  /** To the one before (-1) or after (1); it may be that the last one asked for is still on its way. @param {number} by */
  async stepOn(by) {
    const { state } = this;
    const { steps } = state.about;
    const place = steps.indexOf(state.wantedStep ?? NaN) + by;
    if (place < 0 || place >= steps.length)
      return state.say(by < 0 ? "There is no earlier snapshot" : "There is no later snapshot");
    this.stop();
    await this.show(place);
    state.settle(this.words(place));
  }

  // ---- time passes

  toggle() {
    if (this.timer !== undefined) return this.stop();
    const last = this.state.about.steps.length - 1;
    this.play.setAttribute("aria-pressed", "true");
    this.state.isGrowing = true;
    this.advance(this.here === last ? 0 : this.here, last);
  }

  /**
   * @param {number} place
   * @param {number} last
   */
  async advance(place, last) {
    this.timer = null;
    await this.show(place);
    if (this.timer === undefined) return; // stopped meanwhile
    if (place >= last) return this.stop();
    const pause = prefersStillness() ? 4 * STILL : STILL;
    this.timer = window.setTimeout(() => this.advance(place + 1, last), pause);
  }

  stop() {
    if (this.end()) this.state.settle(this.words(this.here));
  }

  /** Time no longer passes. Whether it did. */
  end() {
    if (this.timer === undefined) return false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = undefined;
    this.state.isGrowing = false;
    this.play.setAttribute("aria-pressed", "false");
    return true;
  }

  close() {
    this.end();
  }
}
