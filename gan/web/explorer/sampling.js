// How a diffusion model draws here: in how many steps and by which sampler; and the film of the large digit. Of a
// network that draws in one go there is nothing of all this.

/** @import { Sampler } from "../inference/diffusion.js" */
/** @import { AskOptions, How, Tasks } from "../inference/protocol" */
/** @import { State } from "./state.js" */
/** @import { Film, Network } from "./types" */

export const QUICK = 5; // steps of a picture that follows the hand: nearly the digit that more of them draw
/** That can be chosen, beside those that the network's file says. */
export const STEPS = [1, 2, 5, 10, 20, 50, 100, 250];
export const MOST_STEPS = 1000;
/** @type {Sampler[]} */
export const SAMPLERS = ["ddim", "ddpm"];

export class Sampling {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.steps = 0;
    /** @type {Sampler | null} */
    this.sampler = null;
    /** Of the place where people are, once it is made. @type {Film | null} */
    this.film = null;
    this.made = 0; // steps of the film that is being made
    /** ms that one step took here, in the last film. @type {number | null} */
    this.pace = null;
  }

  /** As the network's file says, to begin with. @param {Network} network */
  open({ steps, sampler }) {
    this.steps = steps;
    this.sampler = sampler;
  }

  get isStepwise() {
    return this.steps > 0;
  }

  // ---- what tasks of a worker are asked with

  /** For the picture as it is. @returns {How} */
  get full() {
    return this.sampler === null ? {} : { steps: this.steps, sampler: this.sampler };
  }

  /**
   * For a picture that follows the hand. Where fresh noise is added on the way, fewer steps would lead to another digit.
   * @returns {How}
   */
  get quick() {
    if (this.sampler !== "ddim") return this.full;
    return { steps: Math.min(QUICK, this.steps), sampler: this.sampler };
  }

  /** For many pictures: at once roughly, and then as they are. @returns {How[]} */
  get passes() {
    return this.quick.steps === this.full.steps ? [this.full] : [this.quick, this.full];
  }

  /**
   * Many pictures by the task of that name: those of a network that takes steps come twice.
   * @param {Tasks["drawMany"]["args"]} args
   * @param {AskOptions<"drawMany">} options
   */
  async drawMany(args, options) {
    for (const how of this.passes) await this.state.inference.run("drawMany", { ...args, ...how }, options);
  }

  // ---- what people choose

  /** @param {number} steps */
  setSteps(steps) {
    this.steps = steps;
    this.state.change("sampling");
  }

  /** @param {Sampler} sampler */
  setSampler(sampler) {
    this.sampler = sampler;
    this.state.change("sampling");
  }

  /** The numbers of steps that are offered, rising. */
  get offered() {
    return [...new Set([...STEPS, this.state.network.steps, this.steps])].sort((a, b) => a - b);
  }

  /** How long a picture takes here, in seconds, as far as that is known. @param {number} steps */
  seconds(steps) {
    return this.pace === null ? null : (steps * this.pace) / 1000;
  }

  // ---- the film

  /** A new one is being made. @param {number} made steps of it */
  tellMade(made) {
    this.made = made;
    this.state.change("film");
  }

  /** @param {Film} film */
  take(film) {
    this.film = film;
    this.pace = film.ms / film.steps;
    this.state.change("film");
  }
}
