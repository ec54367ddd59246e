// Looks for random digits in the background, shows how far it is, and ends when it is told to.

import { isCancelled } from "../../inference/inference.js";
import { button, element, say } from "../../kit/dom.js";

const MOST_DRAWS = 1000;
const CANCELLED = "Cancelled: the groups are as they were.";
const OTHER = "Collecting ended, as the network is another now: the groups are as they were.";

export class Collector {
  constructor(explorer) {
    this.explorer = explorer;
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

  /** What `sampleDigits` of rejection.js finds of `digits`; null if it was cancelled, or the network is another by then. */
  async look(digits, enough, doing) {
    this.stop();
    const mine = (this.looking = new AbortController());
    const { network, studio } = this.explorer;
    this.network = network;
    this.began = this.element.getRootNode().activeElement;
    this.note("");
    this.show(doing, { draws: 0, least: 0 }, enough);
    this.explorer.say(doing);
    try {
      const told = await studio.run(
        "sampleDigits",
        {
          network: network.url,
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
      if (!isCancelled(error)) this.explorer.fail(error);
      else if (this.looking === mine) this.note(this.isOutdated ? OTHER : CANCELLED);
      return null;
    } finally {
      if (this.looking === mine) {
        this.looking = null;
        this.work.hidden = true;
      }
    }
  }

  show(doing, { draws, least }, enough) {
    this.work.hidden = false;
    this.bar.value = Math.max(draws / MOST_DRAWS, least / enough);
    say(this.words, `${doing}: ${draws.toLocaleString("en")} drawn, ${least} found`);
  }

  /** Whether what is looked for would be digits of another network than the one that is shown. */
  get isOutdated() {
    return this.network?.url !== this.explorer.network.url;
  }

  /** Follows the network. */
  follow() {
    if (!this.looking || !this.isOutdated) return;
    this.stop();
    this.explorer.say(OTHER);
  }

  note(words) {
    say(this.outcome, words);
  }

  /** By hand: the focus, which cannot stay on a button that goes, returns to where it began. */
  cancel() {
    this.stop();
    this.explorer.say("Cancelled");
    this.began?.focus();
  }

  stop() {
    this.looking?.abort();
  }
}
