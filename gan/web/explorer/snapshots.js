// Which moment of the training the network is of: the same z, from noise to digit.

import { button, element, prefersStillness, say } from "../kit/dom.js";

const STILL = 350; // ms that a moment is shown while time passes

export class Moments {
  constructor(explorer) {
    this.explorer = explorer;
    this.input = element("input", "", {
      type: "range",
      min: 0,
      max: 0,
      step: 1,
      value: 0,
      "data-testid": "moment",
      "aria-label": "Moment of the training",
    });
    this.shown = element("output", "", { "data-testid": "moment-step" });
    this.play = button("Grow", () => this.toggle(), {
      "aria-pressed": "false",
      title: "Show the same z at one moment of the training after the other",
    });
    this.element = element(
      "div",
      "moments",
      { hidden: "" },
      element("label", "", {}, element("span", "name", {}, "Trained for"), this.shown, this.input),
      this.play,
    );
    this.input.addEventListener("input", () => {
      this.stop();
      this.going = this.show(this.input.valueAsNumber);
    });
    this.input.addEventListener("change", () => this.settle(this.input.valueAsNumber));
  }

  refresh(changed) {
    if (!changed.has("network")) return;
    const { about, network } = this.explorer;
    this.element.hidden = about.steps.length < 2;
    this.input.max = about.steps.length - 1;
    const place = about.steps.indexOf(network.step);
    this.input.value = place;
    say(this.shown, this.words(place));
    this.input.setAttribute("aria-valuetext", this.words(place));
  }

  words(place) {
    return `${this.explorer.about.steps[place].toLocaleString("en")} steps`;
  }

  /** Goes to a moment; those beyond are fetched when they are needed. */
  show(place) {
    say(this.shown, this.words(place));
    return this.explorer.goToStep(this.explorer.about.steps[place]);
  }

  /** The hand lets go: the address follows once the moment is there. */
  async settle(place) {
    const { explorer } = this;
    const step = explorer.about.steps[place];
    await this.going;
    if (explorer.network.step === step) explorer.settle(this.words(explorer.about.steps.indexOf(step)));
  }

  toggle() {
    if (this.timer !== undefined) return this.stop();
    const last = this.explorer.about.steps.length - 1;
    const here = this.explorer.about.steps.indexOf(this.explorer.network.step);
    this.play.setAttribute("aria-pressed", "true");
    this.advance(here === last ? 0 : here, last);
  }

  async advance(place, last) {
    this.timer = null;
    await this.show(place);
    if (this.timer === undefined) return; // stopped meanwhile
    if (place >= last) return this.stop();
    this.timer = setTimeout(() => this.advance(place + 1, last), prefersStillness() ? 4 * STILL : STILL);
  }

  stop() {
    if (this.end())
      this.explorer.settle(this.words(this.explorer.about.steps.indexOf(this.explorer.network.step)));
  }

  /** Time no longer passes. Whether it did. */
  end() {
    if (this.timer === undefined) return false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.play.setAttribute("aria-pressed", "false");
    return true;
  }

  close() {
    this.end();
  }
}
