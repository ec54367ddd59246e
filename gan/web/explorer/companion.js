// The digit in small, at the top of a narrow page: there, the large one scrolls away from what moves it.

import { element, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";

const SEEN = { rootMargin: "-60px 0px 0px", threshold: 0.4 }; // below Streamlit's own head, and enough of it

export class Companion {
  /** view: the DigitView, whose pictures it repeats while the large one is out of sight. */
  constructor(view) {
    this.tile = new DigitTile();
    this.reading = element("span", "reading");
    this.element = element(
      "div",
      "companion",
      { "aria-hidden": "true", "data-testid": "companion" }, // heard already
      element("div", "bar", {}, this.tile.canvas, this.reading),
    );
    this.sight = new IntersectionObserver(
      (seen) => this.element.toggleAttribute("data-shown", !seen.at(-1).isIntersecting),
      SEEN,
    );
    this.sight.observe(view.canvas);
    view.listeners.push(({ pixels }) => {
      this.tile.paint(pixels);
      say(this.reading, `reads as ${view.facts.reading.textContent}`);
    });
  }

  close() {
    this.sight.disconnect();
  }
}
