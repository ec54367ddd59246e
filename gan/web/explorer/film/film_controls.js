// In how many steps a diffusion model draws, and by which sampler: what people choose of it.

import { Choice, element, say } from "../../kit/dom.js";
import { choiceWords } from "./film_words.js";

/** @import { Sampler } from "../../inference/diffusion.js" */
/** @import { Sampling } from "../sampling.js" */

/** @type {[Sampler, string][]} */
const SAMPLERS = [
  ["ddim", "none: DDIM"],
  ["ddpm", "at each step: DDPM"],
];

export class FilmControls {
  /**
   * @param {(steps: number) => void} onSteps
   * @param {(sampler: Sampler) => void} onSampler
   */
  constructor(onSteps, onSampler) {
    this.steps = element("select", "", { "data-testid": "film-steps" });
    this.steps.addEventListener("change", () => onSteps(Number(this.steps.value)));
    this.samplers = new Choice(
      "Fresh noise",
      SAMPLERS,
      (value) => onSampler(/** @type {Sampler} */ (value)), // one of SAMPLERS
      { "data-testid": "film-sampler" },
    );
    this.element = element(
      "div",
      "film-controls",
      {},
      element("label", "", {}, element("span", "", {}, "Steps"), this.steps),
      this.samplers.element,
    );
  }

  /** @param {Sampling} sampling */
  show(sampling) {
    const offered = sampling.offered;
    if (this.steps.options.length !== offered.length)
      this.steps.replaceChildren(...offered.map((steps) => element("option", "", { value: steps })));
    for (const [i, steps] of offered.entries()) {
      const option = this.steps.options[i];
      option.value = String(steps);
      say(option, choiceWords(steps, sampling.seconds(steps)));
    }
    this.steps.value = String(sampling.steps);
    this.samplers.show(sampling.sampler);
  }
}
