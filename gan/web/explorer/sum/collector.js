// Looks for random digits in the background, shows how far it is, and ends when it is told to.

import { isCancelled } from "../../inference/inference.js";
import { button, element, say } from "../../kit/dom.js";

/** @import { Tasks } from "../../inference/protocol" */
/** @import { State } from "../state.js" */

const MOST_DRAWS = 1000;
const CANCELLED = "Cancelled: the groups are as they were.";
const OTHER = "Collecting ended, as the network is another now: the groups are as they were.";

export class Collector {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {AbortController | null} */
    this.looking = null;
    /** The network that it looks at, an address. @type {string | undefined} */
    this.url = undefined;
    /** What had the focus. @type {Element | null} */
    this.began = null;
    this.bar = element("progress", "", { max: 1, value: 0, "aria-label": "Collecting" });
    this.words = element("span", "quiet", { "data-testid": "collecting" });
    this.work = element(
      "div",
      "row",
      { hidden: "" },
      this.bar,
      this.words,
      button("Cancel", () => this.cancel()),
    );
    this.outcome = element("p", "outcome", { "data-testid": "collected" });
    this.element = element("div", "collector", {}, this.work, this.outcome);
  }

  /**
   * Random digits; null if it was cancelled, or the network is another by then.
   * @param {number[]} digits that are looked for
   * @param {number} enough of each
   * @param {string} doing in words
   * @returns {Promise<Tasks["sampleDigits"]["value"] | null>}
   */
  async look(digits, enough, doing) {
    this.stop();
    const mine = new AbortController();
    this.looking = mine;
    const { network, inference } = this.state;
    this.url = network.url;
    this.began = focusedBeside(this.element);
    this.note("");
    this.show(doing, { draws: 0, least: 0 }, enough);
    this.state.say(doing);
    try {
      const told = await inference.run(
        "sampleDigits",
        {
          network: network.url,
          ...this.state.sampling.quick,
          classifier: network.classifier,
          digits,
          enough,
          most: MOST_DRAWS,
        },
        { signal: mine.signal, onPart: (part) => this.show(doing, part, enough) },
      );
      if (!this.isOutdated) return told;
      this.note(OTHER);
      return null;
    } catch (error) {
      if (!isCancelled(error)) this.state.fail(error);
      else if (this.looking === mine) this.note(this.isOutdated ? OTHER : CANCELLED);
      return null;
    } finally {
      if (this.looking === mine) {
        this.looking = null;
        this.work.hidden = true;
      }
    }
  }

  /** @param {string} doing @param {Tasks["sampleDigits"]["part"]} part @param {number} enough */
  show(doing, { draws, least }, enough) {
    this.work.hidden = false;
    this.bar.value = Math.max(draws / MOST_DRAWS, least / enough);
    say(this.words, `${doing}: ${draws.toLocaleString("en")} drawn, ${least} found`);
  }

  /** Whether what is looked for would be digits of another network than the one that is shown. */
  get isOutdated() {
    return this.url !== this.state.network.url;
  }

  /** Follows the network. */
  follow() {
    if (!this.looking || !this.isOutdated) return;
    this.stop();
    this.state.say(OTHER);
  }

  /** @param {string} words */
  note(words) {
    say(this.outcome, words);
  }

  /** By hand: the focus, which cannot stay on a button that goes, returns to where it began. */
  cancel() {
    this.stop();
    this.state.say("Cancelled");
    if (this.began instanceof HTMLElement) this.began.focus();
  }

  stop() {
    this.looking?.abort();
  }
}

/** What has the focus in the same part of the page. @param {Element} place */
function focusedBeside(place) {
  const root = place.getRootNode();
  return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
}
