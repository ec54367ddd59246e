// What others say about the digit, once it rests: the discriminator that the generator learned with, and the training
// pictures.

import { element, later } from "../kit/dom.js";
import { DiscriminatorView } from "./discriminator_view.js";
import { Neighbours } from "./neighbours.js";

/** @import { State } from "./state.js" */

const STILL = 600; // ms that the digit has to rest before others are asked

export class Beside {
  /**
   * @param {State} state
   * @param {HTMLElement} root of the explorer: nobody is asked while a hand holds anything in it
   */
  constructor(state, root) {
    this.state = state;
    this.discriminator = new DiscriminatorView(state);
    this.neighbours = new Neighbours(state);
    this.isSeen = false;
    this.isHeld = false;
    this.element = element(
      "section",
      "beside",
      { "aria-label": "What others say about it", "data-testid": "beside" },
      element("h3", "", {}, "What others say about it"),
      element("div", "columns", {}, this.discriminator.element, this.neighbours.element),
    );
    this.whenStill = later(() => this.ask(), STILL);
    this.seen = new IntersectionObserver((entries) => {
      this.isSeen = entries.at(-1)?.isIntersecting ?? false;
      this.whenStill();
    });
    this.seen.observe(this.element);
    this.ends = new AbortController();
    const { signal } = this.ends;
    root.addEventListener("pointerdown", () => this.hold(), { signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => this.letGo(), { signal });
    document.addEventListener("visibilitychange", () => this.whenStill(), { signal });
    state.subscribe(["picture"], () => this.whenStill());
    state.subscribe(["z", "digit", "scale", "network", "walk"], () => this.wait());
  }

  /** The digit moves: others wait until it rests. */
  wait() {
    this.neighbours.stop();
    this.neighbours.showPast();
    this.whenStill();
  }

  /** A hand is on the page: what it would end is ended now, so that nothing is sent while it drags. */
  hold() {
    this.isHeld = true;
    this.neighbours.stop();
  }

  letGo() {
    this.isHeld = false;
    this.whenStill();
  }

  get isMoving() {
    const { state } = this;
    return this.isHeld || state.wander.isOn || state.isGrowing || !state.isDrawn;
  }

  ask() {
    if (!this.isSeen || document.hidden || !this.state.hasNetwork || this.isMoving) return;
    this.discriminator.ask();
    this.neighbours.look();
  }

  toggleSlope() {
    this.discriminator.toggleSlope();
  }

  close() {
    this.whenStill.cancel();
    this.seen.disconnect();
    this.ends.abort();
    this.discriminator.close();
    this.neighbours.stop();
  }
}
