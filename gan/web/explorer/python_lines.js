// The lines that draw the same picture from Python: in a script, and in a terminal.

import { spellLatent } from "../latent/address.js";

/** @import { Place } from "../latent/types" */

export const ZOOM = 20; // as gan/drawing.py has it

/**
 * What a picture depends on; null is left out, as Python knows it.
 * @typedef {object} Picture
 * @property {string} run
 * @property {Place} place
 * @property {boolean} asks whether the network is asked for a digit
 * @property {number | null} step of the training; null: the only one that is kept
 * @property {number | null} steps in which a diffusion model draws; null: as many as the run says
 * @property {number} zoom screen pixels for a pixel of the digit
 */

/**
 * @param {Picture} picture
 * @returns {{ python: string, command: string }}
 */
export function pythonLines({ run, place, asks, step, steps, zoom }) {
  const { z, origin, digit, scale } = place;
  const spelled = spellLatent(z, origin);
  const all = {
    digit: asks ? digit : null,
    scale: scale === 1 ? null : scale,
    step,
    sampling_steps: steps,
    zoom: zoom === ZOOM ? null : zoom,
  };
  const asked = Object.entries(all).filter(([, value]) => value !== null);
  const given = asked.map(([name, value]) => `, ${name}=${value}`).join("");
  const options = asked.map(([name, value]) => ` --${name.replaceAll("_", "-")} ${value}`).join("");
  const call = `picture(${JSON.stringify(run)}, "${spelled}"${given})`;
  return {
    python: `from gan.drawing import picture; ${call}.save("digit.png")`,
    command: `python -m gan sample ${run} --z ${spelled}${options} --out digit.png`,
  };
}
