// A group of latent vectors that Arithmetic averages: its digits, and the ways of filling it.

import { TRAITS } from "../../inference/traits.js";
import { button, element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { MOST, mean } from "../../latent/equation.js";
import { toSlider } from "../../latent/geometry.js";

/** Its items are { z (Float64Array), origin, digit }; `digit` is what a conditional network is asked for. */
export class Group {
  /** wish: the { digit, trait, count } to collect until people choose others. mode: told of every change. */
  constructor(letter, purpose, wish, mode) {
    this.letter = letter;
    this.mode = mode;
    this.items = [];
    this.tiles = [];
    this.count = element("span", "quiet", { "data-testid": `group-${letter}-count` }, "empty");
    this.clear = button("Empty it", () => mode.fill(this, [], `${letter} is empty`), { class: "small" });
    this.list = element("ol", "members", { "data-testid": `group-${letter}` });
    this.hint = element("p", "quiet", {}, "Collect some digits, or add single ones below.");
    this.element = element(
      "section",
      "group",
      { "aria-label": `Group ${letter}: ${purpose}` },
      element("div", "head", {}, element("h3", "", {}, `${letter}: ${purpose}`), this.count, this.clear),
      this.hint,
      this.list,
      this.buildCollect(wish),
      this.buildAdd(),
    );
    this.put([]);
  }

  buildCollect({ digit, trait, count }) {
    const { letter } = this;
    this.number = element("input", "", {
      type: "number",
      min: 1,
      max: MOST,
      value: count,
      "aria-label": "How many",
    });
    this.trait = element(
      "select",
      "",
      { "aria-label": "Trait" },
      ...options(TRAITS, ([value, { words }]) => [value, words]),
    );
    this.trait.value = trait;
    this.digit = element("select", "", { "aria-label": "Digit" });
    this.wishedDigit = digit;
    const start = button("Collect", () => this.mode.collect(this.wish()), {
      "data-testid": `collect-${letter}`,
    });
    return element(
      "div",
      "ways wish",
      { role: "group", "aria-label": `Collect for ${letter}` },
      this.number,
      this.trait,
      this.digit,
      start,
    );
  }

  buildAdd() {
    const { explorer } = this.mode;
    this.marks = element("select", "", { "aria-label": "Bookmark" });
    this.addMark = button(
      "Add",
      () => {
        const mark = explorer.bookmarks.find(this.marks.value);
        if (mark) this.add(mark, mark.name);
      },
      { "aria-label": `Add the bookmark to ${this.letter}` },
    );
    const addHere = button("Add the large digit", () => this.add(explorer.place(), "the large digit"), {
      class: "here",
    });
    return element(
      "div",
      "ways",
      { role: "group", "aria-label": `Add to ${this.letter}` },
      addHere,
      this.marks,
      this.addMark,
    );
  }

  /** What is to be collected for it. */
  wish() {
    const count = Math.round(Math.min(MOST, Math.max(1, this.number.valueAsNumber || 1)));
    this.number.value = count;
    return { group: this, digit: Number(this.digit.value), trait: this.trait.value, count };
  }

  /** Shows what will be, or was, collected by a wish. */
  showWish({ digit, trait, count }) {
    this.digit.value = digit;
    this.trait.value = trait;
    this.number.value = count;
  }

  showDigits(digits) {
    this.digit.replaceChildren(...options(digits, (digit) => [digit, digit]));
    this.digit.value = digits.includes(this.wishedDigit) ? this.wishedDigit : digits[0];
  }

  showBookmarks(list) {
    const { value } = this.marks;
    this.marks.replaceChildren(...options(list, ({ id, name }) => [id, name]));
    if (list.length === 0) this.marks.append(element("option", "", { value: "" }, "no bookmarks yet"));
    else if (list.some(({ id }) => id === value)) this.marks.value = value;
    this.marks.disabled = this.addMark.disabled = list.length === 0;
  }

  /** Adds a place { z, origin, digit, scale }: as the network takes it, so scaled. */
  add({ z, origin, digit, scale }, name) {
    const { letter, items, mode } = this;
    if (items.length >= MOST && !this.isExample)
      return mode.explorer.say(`${letter} has room for ${MOST}: remove one first.`);
    const item = { z: z.map((value) => toSlider(scale * value)), origin: scale === 1 ? origin : null, digit };
    mode.fill(this, this.isExample ? [item] : [...items, item], `Added ${name} to ${letter}`);
  }

  remove(place) {
    this.mode.fill(
      this,
      this.items.filter((_, i) => i !== place),
      `Removed digit ${place + 1} of ${this.letter}`,
    );
    const buttons = this.list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.number).focus();
  }

  /** isExample: nobody put them in, so that what people add takes their place. */
  put(items, isExample = false) {
    const { letter } = this;
    this.items = items;
    this.isExample = isExample && items.length > 0;
    const count = `${items.length} ${items.length === 1 ? "vector" : "vectors"}`;
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

  /** What is to be drawn of it, { z, digit, show(pixels) } each; term: where its mean is shown. */
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
      ...items.map(({ z, digit }, i) => ({ z, digit, show: (pixels) => tiles[i].paint(pixels) })),
    ];
  }
}

function commonest(digits) {
  const times = (digit) => digits.filter((other) => other === digit).length;
  return digits.reduce((best, digit) => (times(digit) > times(best) ? digit : best));
}

function options(list, read) {
  return [...list].map((one) => {
    const [value, words] = read(one);
    return element("option", "", { value }, words);
  });
}
