// A group of latent vectors that Arithmetic averages: its digits, and the ways of filling it.

import { TRAITS } from "../../inference/traits.js";
import { button, element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { MOST, mean } from "../../latent/equation.js";
import { toSlider } from "../../latent/geometry.js";

/** @import { Item } from "../../latent/equation.js" */
/** @import { Bookmark, LatentVector, Place } from "../../latent/types" */
/** @import { Digit, Picture as Pixels } from "../../pictures/types" */
/** @import { State } from "../state.js" */
/** @import { Term } from "./sum_view.js" */

/**
 * What is to be collected: so many of a digit, those that show a trait most.
 * @typedef {{ digit: number, trait: string, count: number }} Wanted
 */
/** And for which group. @typedef {Wanted & { group: Group }} Collection */

/**
 * @typedef {object} Handlers
 * @property {(group: Group, items: Item[], words: string) => void} onFill people want other items in it
 * @property {(collection: Collection) => void} onCollect
 */

/** A picture that is to be drawn, and where it is shown. @typedef {{ z: LatentVector, digit: number, show: (pixels: Digit | Pixels) => void }} Picture */

export class Group {
  /**
   * @param {string} letter
   * @param {string} purpose
   * @param {Wanted} wanted until people choose others
   * @param {State} state
   * @param {Handlers} handlers
   */
  constructor(letter, purpose, wanted, state, handlers) {
    this.letter = letter;
    this.state = state;
    this.handlers = handlers;
    /** @type {Item[]} */
    this.items = [];
    /** @type {DigitTile[]} */
    this.tiles = [];
    this.isExample = false; // whether nobody put them in, so that what people add takes their place
    this.wantedDigit = wanted.digit;
    this.number = element("input", "", {
      type: "number",
      min: 1,
      max: MOST,
      value: wanted.count,
      "aria-label": "How many",
    });
    const traits = [...TRAITS].map(([value, { words }]) => element("option", "", { value }, words));
    this.trait = element("select", "", { "aria-label": "Trait" }, ...traits);
    this.trait.value = wanted.trait;
    this.digit = element("select", "", { "aria-label": "Digit" });
    this.marks = element("select", "", { "aria-label": "Bookmark" });
    this.addMark = button("Add", () => this.addBookmark(), {
      "aria-label": `Add the bookmark to ${letter}`,
    });
    this.count = element("span", "quiet", { "data-testid": `group-${letter}-count` }, "empty");
    this.clear = button("Empty it", () => handlers.onFill(this, [], `${letter} is empty`), {
      class: "small",
    });
    this.list = element("ol", "members", { "data-testid": `group-${letter}` });
    this.hint = element("p", "quiet", {}, "Collect some digits, or add single ones below.");
    this.element = element(
      "section",
      "group",
      { "aria-label": `Group ${letter}: ${purpose}` },
      element("div", "head", {}, element("h3", "", {}, `${letter}: ${purpose}`), this.count, this.clear),
      this.hint,
      this.list,
      this.collecting(),
      this.adding(),
    );
    this.put([]);
  }

  collecting() {
    const { letter } = this;
    const start = button("Collect", () => this.handlers.onCollect(this.collection()), {
      "data-testid": `collect-${letter}`,
    });
    const group = { role: "group", "aria-label": `Collect for ${letter}` };
    return element("div", "ways collection", group, this.number, this.trait, this.digit, start);
  }

  adding() {
    const { state, letter } = this;
    const here = button("Add the large digit", () => this.add(state.place(), "the large digit"), {
      class: "here",
    });
    const group = { role: "group", "aria-label": `Add to ${letter}` };
    return element("div", "ways", group, here, this.marks, this.addMark);
  }

  /** What is to be collected for it. @returns {Collection} */
  collection() {
    const count = Math.round(Math.min(MOST, Math.max(1, this.number.valueAsNumber || 1)));
    this.number.value = String(count);
    return { group: this, digit: Number(this.digit.value), trait: this.trait.value, count };
  }

  /** Shows what will be, or was, collected. @param {Wanted} wanted */
  showWanted({ digit, trait, count }) {
    this.digit.value = String(digit);
    this.trait.value = trait;
    this.number.value = String(count);
  }

  /** @param {number[]} digits that the network draws */
  showDigits(digits) {
    this.digit.replaceChildren(
      ...digits.map((digit) => element("option", "", { value: digit }, String(digit))),
    );
    this.digit.value = String(digits.includes(this.wantedDigit) ? this.wantedDigit : digits[0]);
  }

  /** @param {Bookmark[]} list */
  showBookmarks(list) {
    const { value } = this.marks;
    this.marks.replaceChildren(...list.map(({ id, name }) => element("option", "", { value: id }, name)));
    if (list.length === 0) this.marks.append(element("option", "", { value: "" }, "no bookmarks yet"));
    else if (list.some(({ id }) => id === value)) this.marks.value = value;
    this.marks.disabled = this.addMark.disabled = list.length === 0;
  }

  addBookmark() {
    const mark = this.state.bookmarks.find(this.marks.value);
    if (mark) this.add(mark, mark.name);
  }

  /** Adds a place: as the network takes it, so scaled. @param {Place} place @param {string} name */
  add({ z, origin, digit, scale }, name) {
    const { letter, items } = this;
    if (items.length >= MOST && !this.isExample)
      return this.state.say(`${letter} has room for ${MOST}: remove one first.`);
    const item = { z: z.map((value) => toSlider(scale * value)), origin: scale === 1 ? origin : null, digit };
    this.handlers.onFill(this, this.isExample ? [item] : [...items, item], `Added ${name} to ${letter}`);
  }

  /** @param {number} place */
  remove(place) {
    const left = this.items.filter((_, i) => i !== place);
    this.handlers.onFill(this, left, `Removed digit ${place + 1} of ${this.letter}`);
    const buttons = this.list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.number).focus();
  }

  /** @param {Item[]} items @param {boolean} isExample */
  put(items, isExample = false) {
    const { letter } = this;
    this.items = items;
    this.isExample = isExample && items.length > 0;
    const count = items.length === 1 ? "1 vector" : `${items.length} vectors`;
    say(this.count, items.length === 0 ? "empty" : this.isExample ? `${count}, an example` : count);
    this.hint.hidden = items.length > 0;
    this.clear.hidden = items.length === 0;
    this.tiles = items.map(() => new DigitTile());
    this.list.replaceChildren(
      ...this.tiles.map(({ canvas }, i) => {
        canvas.setAttribute("aria-hidden", "true");
        const remove = button("×", () => this.remove(i), {
          class: "remove",
          "aria-label": `Remove digit ${i + 1} of ${letter}`,
          title: "Remove",
        });
        return element("li", "", {}, canvas, remove);
      }),
    );
  }

  /** What is to be drawn of it. @param {Term} term where its mean is shown @returns {Picture[]} */
  pictures(term) {
    const { items, tiles, letter } = this;
    say(term.caption, items.length === 0 ? `${letter}: empty` : `${letter}: mean of ${items.length}`);
    if (items.length === 0) {
      term.show(null);
      return [];
    }
    const middle = { z: mean(items.map(({ z }) => z)), digit: commonest(items.map(({ digit }) => digit)) };
    return [
      { ...middle, show: (pixels) => term.show(pixels, `of ${items.length}`) },
      ...items.map(({ z, digit }, i) => ({
        z,
        digit,
        show: (/** @type {Digit | Pixels} */ pixels) => tiles[i].paint(pixels),
      })),
    ];
  }
}

/** @param {number[]} digits */
function commonest(digits) {
  const times = (/** @type {number} */ digit) => digits.filter((other) => other === digit).length;
  return digits.reduce((best, digit) => (times(digit) > times(best) ? digit : best));
}
