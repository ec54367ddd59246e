// The digit in small, at the top of a narrow page: there, the large one scrolls away from what moves it.

import { element, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";
import { readingWords } from "./words/judged.js";

/** @import { State } from "./state.js" */

const SEEN = { rootMargin: "-60px 0px 0px", threshold: 0.4 }; // below Streamlit's own head, and enough of it

export class Companion {
  /**
   * @param {State} state
   * @param {Element} large what shows the digit in large, as long as it is in sight
   */
  constructor(state, large) {
    this.tile = new DigitTile();
    this.reading = element("span", "reading");
    this.element = element(
      "div",
      "companion",
      { "aria-hidden": "true", "data-testid": "companion" }, // heard already
      element("div", "bar", {}, this.tile.canvas, this.reading),
    );
    this.sight = new IntersectionObserver(
      (seen) => this.element.toggleAttribute("data-shown", !seen.at(-1)?.isIntersecting),
      SEEN,
    );
    this.sight.observe(large);
    state.subscribe(["picture"], () => {
      if (!state.picture) return;
      const { pixels, reading } = state.picture;
      this.tile.paint(pixels);
      if (reading) say(this.reading, `reads as ${readingWords(reading)}`);
    });
  }

  close() {
    this.sight.disconnect();
  }
}
