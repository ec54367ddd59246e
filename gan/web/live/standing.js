// How far a run is, in a bar and a sentence.

import { element, say } from "../kit/dom.js";
import { textOf } from "../kit/message.js";
import { pushed } from "../kit/pushed.js";
import "./styles.js";

/** @import { Bytes } from "../kit/message.js" */

/** @typedef {{ words: string, fraction: number }} Found  fraction: of the run's budget, 0 to 1 */

const BAR = {
  role: "progressbar",
  "aria-label": "How much of the run's time or steps is used",
  "aria-valuemin": 0,
  "aria-valuemax": 100,
};

class Standing {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.words = element("p", "live-standing");
    this.fill = element("div");
    this.bar = element("div", "live-bar", BAR, this.fill);
    root.append(this.words, this.bar);
  }

  /**
   * @param {Bytes} body
   * @returns {Found}
   */
  read(body) {
    return JSON.parse(textOf(body));
  }

  /** @param {Found} found */
  draw({ words, fraction }) {
    say(this.words, words);
    this.fill.style.width = `${100 * fraction}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * fraction)));
  }
}

export default pushed(Standing);
