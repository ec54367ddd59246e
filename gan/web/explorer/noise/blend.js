// A blend of two noises: a slider from the one that was there to another, along the sphere on which noise lies.

import { button, element, say } from "../../kit/dom.js";
import { newSeed, normals, slerp } from "../../latent/geometry.js";
import { NoiseTile } from "./noise_canvas.js";

/** @import { LatentVector } from "../../latent/types" */
/** @import { State } from "../state.js" */

const ABOUT =
  "From this noise to another, on the sphere on which noise lies: half of each, simply added up, would be weaker than " +
  "the noise that the network learned with.";
/** Of its changes, and of Undo and Back. */
const GESTURE = "blend";

export class Blend {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** Where it begins; null before anybody blends. @type {{ z: LatentVector, origin: number | null } | null} */
    this.from = null;
    this.seed = newSeed(); // of where it ends
    /** z where it led. @type {LatentVector | null} */
    this.here = null;
    this.first = new NoiseTile(element("canvas", "", { "aria-hidden": "true" }));
    this.second = new NoiseTile(element("canvas", "", { "aria-hidden": "true" }));
    this.slider = element("input", "", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: 0,
      "aria-label": "Blend with another noise",
      "data-testid": "noise-blend",
    });
    this.slider.addEventListener("input", () => this.go(this.slider.valueAsNumber));
    this.slider.addEventListener("change", () => this.rest());
    this.shown = element("output", "", {}, "0%");
    this.element = element(
      "div",
      "noise-blend",
      { role: "group", "aria-label": "Blend" },
      element("div", "head", {}, element("span", "name", {}, "Blend with another noise"), this.shown),
      element("div", "noise-ends", {}, this.first.canvas, this.second.canvas, this.slider),
      element(
        "div",
        "row",
        {},
        button("Another to blend with", () => this.renew(), { "data-testid": "noise-other" }),
      ),
      element("p", "quiet", {}, ABOUT),
    );
  }

  /** Others led z elsewhere: a blend begins there. */
  follow() {
    const { z, origin } = this.state;
    if (this.here?.every((value, i) => value === z[i])) return;
    this.from = { z: z.slice(), origin };
    this.here = z.slice();
    this.paint(0);
  }

  /** @param {number} share */
  go(share) {
    const { state, from } = this;
    if (!from) return;
    state.wander.stop();
    state.remember(GESTURE);
    const to = normals(this.seed, from.z.length);
    const [z, origin] =
      share === 0
        ? [from.z, from.origin]
        : share === 1
          ? [to, this.seed]
          : [slerp(from.z, to, share, new Float64Array(to.length)), null];
    state.move(z, origin);
    this.here = state.z.slice();
    this.show(share);
  }

  rest() {
    this.state.settle(`${Math.round(100 * this.slider.valueAsNumber)}% of the other noise`, GESTURE);
  }

  renew() {
    this.seed = newSeed();
    this.here = null;
    this.follow();
    this.state.say("There is another noise to blend with");
  }

  /** @param {number} share */
  paint(share) {
    if (!this.from) return;
    this.first.paintNoise(this.from.z);
    this.second.paintNoise(normals(this.seed, this.from.z.length));
    this.slider.value = String(share);
    this.show(share);
  }

  /** @param {number} share */
  show(share) {
    this.slider.style.setProperty("--to", String(share));
    say(this.shown, `${Math.round(100 * share)}%`);
  }
}
