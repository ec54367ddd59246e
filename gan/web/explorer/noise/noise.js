// The noise that a diffusion model begins with, as a picture: painted on, drawn anew, blended with another.

import { button, Choice, element, say } from "../../kit/dom.js";
import { leaning, strength, touched } from "../../latent/brush.js";
import { randomLatent } from "../../latent/geometry.js";
import { Blend } from "./blend.js";
import { NoiseCanvas } from "./noise_canvas.js";

/** @import { Brush, Lean } from "../../latent/brush.js" */
/** @import { State } from "../state.js" */
/** @import { Changed, Network } from "../types" */

const ABOUT =
  "The noise has a number for each pixel, too many for sliders, so it is shown as a picture: grey is 0, white 3 and " +
  "black −3. Drag over it: the digit follows roughly at once, and comes exactly when the hand rests. Where the noise is " +
  "lighter on the whole, ink comes of it; where it is darker, paper.";
const LINK =
  "Noise that was painted on or blended is no draw from a seed: all of its numbers go into the address, which becomes " +
  "long. A bookmark or a saved file keeps it as well.";
const WEAK = 0.9; // of the strength that a network is trained with
const STRONG = 1.1;
/** @type {[Brush, string][]} */
const BRUSHES = [
  ["fresh", "other grains"],
  ["lighter", "lighter"],
  ["darker", "darker"],
];

export class NoiseMode {
  get id() {
    return "noise";
  }

  get title() {
    return "Noise";
  }

  get instead() {
    return "The noise of this network is no picture: its numbers have sliders, under Sliders.";
  }

  /** @param {Network} network */
  suits({ steps }) {
    return steps > 0;
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.canvas = new NoiseCanvas({
      onBegin: (isByKey) => this.begin(isByKey),
      onTouch: (x, y) => this.touch(x, y),
      onLift: () => state.settle("Painted on the noise", "noise"),
      say: (words) => state.say(words),
    });
    this.brushes = new Choice("The brush makes the noise", BRUSHES, () => {}, {
      "data-testid": "noise-brush",
    });
    this.brushes.show("fresh");
    this.blend = new Blend(state);
    this.strength = element("p", "quiet", { "data-testid": "noise-strength" });
    const draw = button("New noise", () => state.random(), {
      class: "main",
      title: "All grains anew, from a seed (N)",
      "data-testid": "noise-new",
    });
    this.element = element(
      "div",
      "noise-mode",
      {},
      element("p", "quiet", {}, ABOUT),
      element(
        "div",
        "noise-work",
        {},
        this.canvas.element,
        element(
          "div",
          "noise-tools",
          {},
          this.brushes.element,
          element("div", "row", {}, draw),
          this.strength,
          this.blend.element,
        ),
      ),
      element("p", "quiet", {}, LINK),
    );
  }

  /** @param {Changed} changed */
  refresh(changed) {
    const { state } = this;
    if (!(changed.has("z") || changed.has("mode"))) return;
    this.canvas.show(state.z);
    this.blend.follow();
    const words = [strengthWords(strength(state.z)), leanWords(leaning(state.z))];
    say(this.strength, words.filter(Boolean).join(" "));
  }

  // ---- painting

  /** @param {boolean} isByKey whose touches in quick succession are one step of Undo */
  begin(isByKey) {
    this.state.wander.stop();
    this.state.remember(isByKey ? "noise" : null);
  }

  /** @param {number} x @param {number} y */
  touch(x, y) {
    const { state } = this;
    const brush = /** @type {Brush} */ (this.brushes.value); // one of BRUSHES
    state.move(touched(state.z, x, y, brush, randomLatent(state.z.length)), null);
  }
}

/** How strong the noise is, and what that does. @param {number} share of what the network learned with */
export function strengthWords(share) {
  const percent = `${Math.round(100 * share)}%`;
  if (share < WEAK)
    return `This noise is weaker than what the network learned with (${percent} of its length): digits become plainer.`;
  if (share > STRONG)
    return `This noise is stronger than what the network learned with (${percent} of its length): it has seen none like it.`;
  return `This noise is about as strong as what the network learned with (${percent} of its length).`;
}

/** @type {Record<Lean, string>} */
const UNLIKE = {
  lighter:
    "But on the whole it is lighter than any draw: the network has seen none like it, and may make a blob of it.",
  darker:
    "But on the whole it is darker than any draw: the network has seen none like it, and may leave the picture empty.",
  patchy:
    "But grains side by side are alike, as in no draw: the network takes them for a part of a digit, or makes a blob of " +
    "them.",
};

/** What noise is unlike a draw in; nothing of one that is like it. @param {Lean | null} lean */
export function leanWords(lean) {
  return lean === null ? "" : UNLIKE[lean];
}
