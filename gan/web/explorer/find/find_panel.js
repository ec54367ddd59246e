// What Find shows: the place to draw or pick a digit, the search beside it, and how to begin and end one.

import { button, Choice, element, say } from "../../kit/dom.js";

/** Where a search begins. @typedef {"encoder" | "draws"} Way */

/** What may be searched for. @typedef {"draw" | "real"} Source */

/**
 * @typedef {object} Handlers
 * @property {(source: Source) => void} onSource
 * @property {() => void} onWay
 * @property {() => void} onSearch
 * @property {() => void} onCancel
 * @property {() => void} onCompare
 * @property {() => void} onClear of the drawing
 * @property {() => void} onUndo of a stroke
 */

/**
 * @typedef {object} Parts
 * @property {HTMLElement} drawing
 * @property {HTMLElement} real digits to pick from
 * @property {HTMLElement} view of the search
 * @property {HTMLElement} encoder
 */

export const INVITATION =
  "Draw a digit, or pick a real one: the search for the noise that makes it begins by itself.";
const KEYS =
  "By keyboard: arrow keys move the pen (Shift: farther), Space puts it down and lifts it, Backspace takes a stroke back.";
/** @type {[Source, string][]} */
const SOURCES = [
  ["draw", "a digit that I draw"],
  ["real", "a real digit"],
];
/** @type {[Way, string][]} */
const WAYS = [
  ["encoder", "the encoder's guess, too"],
  ["draws", "random draws only"],
];

export class FindPanel {
  /**
   * @param {Parts} parts
   * @param {Handlers} handlers
   */
  constructor(parts, handlers) {
    this.source = new Choice("Look for", SOURCES, (value) =>
      handlers.onSource(/** @type {Source} */ (value)),
    );
    this.source.show("draw");
    this.begin = new Choice("Start from", WAYS, handlers.onWay);
    this.begin.show("encoder");
    this.search = button("Search", handlers.onSearch, { class: "main", disabled: "" });
    this.cancel = button("Cancel", handlers.onCancel, { hidden: "", "data-testid": "find-cancel" });
    this.compare = button("Compare with random starts", handlers.onCompare, { hidden: "" });
    this.progress = element("progress", "", {
      max: 1,
      value: 0,
      hidden: "",
      "aria-label": "Progress of the search",
    });
    this.words = element("p", "outcome", { role: "status", "data-testid": "find-words" }, INVITATION);
    this.compared = element("p", "quiet", { role: "status", "data-testid": "find-compared" });
    this.easel = element(
      "div",
      "easel",
      {},
      parts.drawing,
      element("div", "row", {}, button("Clear", handlers.onClear), button("Undo stroke", handlers.onUndo)),
      element("p", "quiet", {}, KEYS),
    );
    this.start = element("div", "find-start");
    this.real = parts.real;
    this.real.hidden = true;
    this.element = this.layOut(parts);
  }

  /** @param {Parts} parts */
  layOut({ view, encoder }) {
    this.start.append(element("div", "start", {}, this.begin.element, this.compare), encoder);
    const search = element(
      "div",
      "search",
      {},
      view,
      element("div", "row", {}, this.search, this.cancel, this.progress),
      this.words,
    );
    return element(
      "div",
      "find-mode",
      { "data-testid": "find" },
      this.source.element,
      element("div", "bench", {}, element("div", "sources", {}, this.easel, this.real), search),
      this.start,
      this.compared,
    );
  }

  /** Where there is nothing to choose of where a search begins. */
  hideWays() {
    this.start.hidden = true;
  }

  /** @returns {Way} that people want */
  get way() {
    return this.begin.value === "encoder" ? "encoder" : "draws";
  }

  /** @param {Source} source */
  showSource(source) {
    this.easel.hidden = source !== "draw";
    this.real.hidden = source !== "real";
  }

  /**
   * @param {boolean} isSearching
   * @param {boolean} hasTarget whether there is anything to search for
   */
  showState(isSearching, hasTarget) {
    const { search, cancel } = this;
    const focused = [search, cancel].find((one) => one.matches(":focus"));
    cancel.hidden = this.progress.hidden = !isSearching;
    search.disabled = isSearching || !hasTarget;
    if (isSearching && focused === search) cancel.focus(); // those who search by keyboard keep their place
    if (!isSearching && focused === cancel) search.focus();
    this.element.setAttribute("aria-busy", String(isSearching));
    if (isSearching) this.progress.value = 0;
  }

  /** @param {Way | null} left the comparison that is left to make, if it can be made now */
  showCompare(left) {
    this.compare.hidden = left === null;
    say(this.compare, left === "encoder" ? "Compare with the encoder's guess" : "Compare with random starts");
  }
}
