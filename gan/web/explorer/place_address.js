// Where people are, as the page's address holds it. What the modes add to it is theirs.

import { AddressError, readLatent, spellLatent } from "../latent/address.js";
import { MOST_STEPS, SAMPLERS } from "./sampling.js";

/** @import { State } from "./state.js" */

/** Goes where an address leads. Returns what could not be read of it, in sentences. */
export class AddressReader {
  /** @param {ReadonlyMap<string, string>} address */
  constructor(address) {
    this.address = address;
    /** @type {string[]} */
    this.problems = [];
  }

  /**
   * Does what the address says under a name. What is damaged in it is a problem more, and nothing else.
   *
   * @param {string} name
   * @param {(text: string) => void} action throws AddressError
   * @param {string} [otherwise] what it says where it says nothing
   */
  attempt(name, action, otherwise) {
    const text = this.address.get(name) ?? otherwise;
    if (text === undefined) return;
    try {
      action(text);
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      this.problems.push(error.message);
    }
  }

  /** The state goes there. @param {State} state */
  follow(state) {
    this.attempt("z", (text) => {
      const { z, origin } = readLatent(text, state.z.length);
      state.move(z, origin);
    });
    this.attempt("digit", (text) => followDigit(state, text));
    this.attempt("scale", (text) => followScale(state, text), "1");
    if (state.sampling.isStepwise) {
      const { steps, sampler } = state.network;
      this.attempt("steps", (text) => followSteps(state, text), String(steps));
      this.attempt("sampler", (text) => followSampler(state, text), String(sampler));
    }
    this.attempt("step", (text) => followStep(state, text), String(state.about.steps.at(-1)));
  }
}

/**
 * @param {State} state
 * @param {string} text
 */
function followDigit(state, text) {
  const { classes, learned } = state.network;
  if (!classes)
    throw new AddressError("This address asks for a digit; this network chooses itself what it draws.");
  const digit = learned.find((known) => String(known) === text);
  if (digit === undefined)
    throw new AddressError(
      `This address asks for a digit that this network has not learned: it knows ${learned.join(", ")}.`,
    );
  state.setDigit(digit);
}

/**
 * @param {State} state
 * @param {string} text
 */
function followScale(state, text) {
  const scale = Number(text);
  if (!/^\d(\.\d{1,2})?$/.test(text) || scale > 1)
    throw new AddressError("This address scales z by something that is not from 0 to 1.");
  state.setScale(scale);
}

/**
 * @param {State} state
 * @param {string} text
 */
function followSteps({ sampling }, text) {
  const steps = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (steps < 1 || steps > MOST_STEPS)
    throw new AddressError(`This address draws in steps of which there are not 1 to ${MOST_STEPS}.`);
  sampling.setSteps(steps);
}

/**
 * @param {State} state
 * @param {string} text
 */
function followSampler({ sampling }, text) {
  const sampler = SAMPLERS.find((one) => one === text);
  if (sampler === undefined)
    throw new AddressError(`This address draws in another way than by ${SAMPLERS.join(" or ")}.`);
  sampling.setSampler(sampler);
}

/**
 * @param {State} state
 * @param {string} text
 */
function followStep(state, text) {
  const step = state.about.steps.find((known) => String(known) === text);
  if (step === undefined)
    throw new AddressError(`This address asks for step ${text.slice(0, 12)}, of which nothing is kept.`);
  if (step !== state.network.step) state.goToStep(step);
}

/**
 * What an address holds of where people are, in its order; null is left out.
 *
 * @param {State} state
 * @param {string | null} mode null for the first one
 * @returns {[string, string | number | null][]}
 */
export function spellPlace(state, mode) {
  const { about, network, sampling, z, origin, digit, scale } = state;
  const isNewest = Boolean(state.isFollowing) && about.isLive;
  return [
    ["run", about.run],
    ["step", about.steps.length > 1 && !isNewest ? network.step : null],
    ["mode", mode],
    ["z", spellLatent(z, origin)],
    ["digit", network.classes ? digit : null],
    ["scale", scale === 1 ? null : scale],
    ["steps", sampling.steps === network.steps ? null : sampling.steps],
    ["sampler", sampling.sampler === network.sampler ? null : sampling.sampler],
  ];
}
