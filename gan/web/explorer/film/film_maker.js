// Makes the film of the large digit once the hand rests; what moves meanwhile is a quick picture.

import { isCancelled } from "../../inference/inference.js";
import { later } from "../../kit/dom.js";

/** @import { State } from "../state.js" */
/** @import { Drawn } from "../types" */

const STILL = 120; // ms that the hand has to rest

export class FilmMaker {
  /**
   * @param {State} state
   * @param {(drawn: Drawn) => void} onDigit told the digit at its end
   */
  constructor(state, onDigit) {
    this.state = state;
    this.onDigit = onDigit;
    /** @type {AbortController | null} */
    this.making = null;
    this.makeSoon = later(() => this.make(), STILL);
  }

  async make() {
    const { state } = this;
    const { sampling, network, inference } = state;
    const { steps } = sampling;
    const mine = new AbortController();
    this.making = mine;
    sampling.tellMade(0);
    const args = { ...state.drawing(), z: state.z.slice(), classifier: network.classifier };
    try {
      const film = await inference.interactive.ask("film", args, {
        signal: mine.signal,
        onPart: ({ made }) => sampling.tellMade(made),
      });
      sampling.take({ ...film, steps });
      this.onDigit(film);
    } catch (error) {
      if (!isCancelled(error)) state.refuse(error);
    }
  }

  /** What was to come is of a picture before. */
  stop() {
    this.makeSoon.cancel();
    this.making?.abort();
    this.making = null;
  }
}
