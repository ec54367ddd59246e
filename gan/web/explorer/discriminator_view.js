// What the discriminator that the generator learned with makes of the digit.

import { isCancelled } from "../inference/inference.js";
import { scoreRandomDigits } from "../inference/random_scores.js";
import { button, element, say } from "../kit/dom.js";
import { judgedWords, shareWords } from "./words/judged.js";

/** @import { RandomScores } from "../inference/types" */
/** @import { State } from "./state.js" */

const MARKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999]; // of the scale of probabilities
const SPARE = 0.25; // of the scale of other numbers, beyond its ends
const NO_ONE = "An autoencoder learns without a discriminator: nobody judges its digits.";
const NO_ONE_EITHER = "A diffusion model learns without a discriminator: nobody judges its digits.";
const NOT_HERE = "This network came without its discriminator, so there is nobody to ask.";
const COLOURS =
  "The colours are the gradient of D's logit by each pixel: what a small change of that pixel would do, all others " +
  "left alone.";

/** On a scale that the digit shares with this generator's random digits. */
export class DiscriminatorView {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** Whose view it is, an address. @type {string | null | undefined} */
    this.judge = undefined;
    /** @type {RandomScores | null} */
    this.scores = null;
    /** @type {AbortController | undefined} */
    this.asking = undefined;
    this.isAsked = false;
    /** Whether the scale is laid for probabilities; undefined before it is. @type {boolean | undefined} */
    this.laid = undefined;
    this.from = 0; // the ends of the scale, logits
    this.to = 1;
    this.look = button("Where D looks", () => this.toggleSlope(), {
      "aria-pressed": "false",
      "data-testid": "where-d-looks",
      title: "Colour the digit by what D would rather see (D)",
    });
    this.none = element("p", "quiet", { "data-testid": "no-discriminator", hidden: "" });
    this.now = element("p", "now", { "data-testid": "discriminator-now" });
    this.band = element("div", "band");
    this.middle = element("div", "middle");
    this.marker = element("div", "marker", { "data-testid": "discriminator-marker" });
    this.marks = element("div", "marks");
    this.others = element("p", "quiet", { "data-testid": "discriminator-others" });
    this.body = this.layOut();
    this.element = element(
      "div",
      "discriminator",
      { role: "group", "aria-label": "The discriminator" },
      element("h4", "", {}, "The discriminator"),
      this.none,
      this.body,
    );
    state.subscribe(["network"], () => this.follow());
    state.subscribe(["picture"], () => this.show());
  }

  layOut() {
    const track = element("div", "track", {}, this.band, this.middle, this.marker);
    return element(
      "div",
      "body",
      {},
      this.now,
      element("div", "judged-scale", { "aria-hidden": "true" }, track, this.marks),
      this.others,
      this.look,
      element(
        "ul",
        "legend",
        {},
        element("li", "more", {}, "more ink there would make D surer that it is real"),
        element("li", "less", {}, "less would"),
      ),
      element("p", "quiet", {}, COLOURS),
    );
  }

  toggleSlope() {
    const { state } = this;
    if (!state.network.discriminator) return state.say("This network has no discriminator to ask.");
    const isShown = state.toggleSlope();
    this.look.setAttribute("aria-pressed", String(isShown));
    state.say(isShown ? "The digit is coloured by where D looks" : "The digit is plain again");
  }

  /** For another network: nothing is known of how D sees it. */
  follow() {
    const { about, network } = this.state;
    if (network.discriminator === this.judge) return;
    this.judge = network.discriminator;
    this.asking?.abort();
    this.scores = null;
    this.isAsked = false;
    this.none.hidden = this.judge !== null;
    this.body.hidden = this.judge === null;
    const noOne = network.steps > 0 ? NO_ONE_EITHER : NO_ONE;
    say(this.none, about.discriminator === "" ? noOne : NOT_HERE);
    say(this.others, "");
  }

  /** What D gives this generator's random digits: asked once a network, in the background. */
  async ask() {
    const { inference, network } = this.state;
    const { discriminator } = network;
    if (discriminator === null || this.isAsked) return;
    this.isAsked = true;
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const scores = await scoreRandomDigits(inference, { ...network, discriminator }, signal);
      if (signal.aborted) return;
      this.scores = scores;
      this.lay();
    } catch (error) {
      if (isCancelled(error)) return;
      this.isAsked = false;
      const reason = error instanceof Error ? error.message : String(error);
      say(this.others, `What D gives other digits could not be computed: ${reason}.`);
    }
  }

  /** One more picture, up to one a frame: sets what changed and no more. */
  show() {
    const { logit, isProbability = false } = this.state.picture ?? {};
    if (logit === undefined || this.body.hidden) return;
    say(this.now, `D on this digit: ${judgedWords(logit, isProbability)}`);
    this.marker.style.left = this.percent(logit);
    if (!this.scores || isProbability !== this.laid) this.lay();
  }

  // ---- the scale

  /** Probabilities as logits, so that those near 0% and 100% can be told apart; other numbers as they are. */
  lay() {
    const { logit, isProbability = false } = this.state.picture ?? {};
    if (logit === undefined) return;
    const { scores } = this;
    this.laid = isProbability;
    const ends = scores ? [scores.sorted[0], scores.sorted[scores.count - 1]] : [logit, logit];
    if (isProbability) this.layProbabilities(ends);
    else this.layNumbers(ends);
    this.band.hidden = this.middle.hidden = scores === null;
    this.marker.style.left = this.percent(logit);
    if (!scores) return;
    this.band.style.left = this.percent(scores.low);
    this.band.style.right = `calc(100% - ${this.percent(scores.high)})`;
    this.middle.style.left = this.percent(scores.middle);
    const low = isProbability ? shareWords(scores.low) : judgedWords(scores.low, false);
    const high = judgedWords(scores.high, isProbability);
    say(
      this.others,
      `The band: of ${scores.count} random digits of this generator, the middle half get from ${low} to ${high}.`,
    );
  }

  /** @param {number[]} ends of what was found, logits */
  layProbabilities([low, high]) {
    const marks = MARKS.map(logitOf);
    this.from = Math.min(marks[0], low);
    this.to = Math.max(marks[marks.length - 1], high);
    this.mark(marks.map((at, i) => [at, `${+(100 * MARKS[i]).toFixed(1)}%`]));
  }

  /** @param {number[]} ends of what was found */
  layNumbers([low, high]) {
    const { scores } = this;
    const spare = SPARE * (high - low || 1);
    [this.from, this.to] = [low - spare, high + spare];
    const marks = scores ? [scores.low, scores.middle, scores.high] : [];
    this.mark(marks.map((value) => [value, value.toFixed(1)]));
  }

  /** @param {[at: number, words: string][]} marks */
  mark(marks) {
    this.marks.replaceChildren(
      ...marks.map(([at, words]) => {
        const mark = element("span", "", {}, words);
        mark.style.left = this.percent(at);
        return mark;
      }),
    );
  }

  /** Where a value is on the scale, which ends at both sides. @param {number} value */
  percent(value) {
    const share = (value - this.from) / (this.to - this.from);
    return `${(100 * Math.min(1, Math.max(0, share || 0))).toFixed(2)}%`;
  }

  close() {
    this.asking?.abort();
  }
}

/** @param {number} share */
function logitOf(share) {
  return Math.log(share / (1 - share));
}
