// Averaged latent vectors added and subtracted, A - B + C, as Radford, Metz and Chintala 2016 (section 6.3.2) did;
// beside it the same with single vectors, which shows what averaging is for.

import { isCancelled } from "../../inference/inference.js";
import { button, element, say } from "../../kit/dom.js";
import { add, MOST_AMOUNT, mean, readEquation, spellEquation } from "../../latent/equation.js";
import { joined } from "../../latent/geometry.js";
import { PIXELS, pictureAt } from "../../pictures/pictures.js";
import { Collector } from "./collector.js";
import { Group } from "./group.js";
import { EXAMPLE, GroupFiller } from "./group_filler.js";
import { SumView } from "./sum_view.js";

/** @import { Item } from "../../latent/equation.js" */
/** @import { State } from "../state.js" */
/** @import { Changed, Network } from "../types" */
/** @import { Collection } from "./group.js" */

const EACH = 8; // vectors that a group collects until people choose otherwise
const TOO_LONG = "These groups are too long for the page's address: a link to this page opens without them.";
const TAKES_ITS_PLACE = "What you add or collect takes its place, group by group.";

export class SumMode {
  get id() {
    return "sum";
  }

  get title() {
    return "Sum";
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.amount = 1;
    /** What a screen reader is told with the next result. @type {string | null} */
    this.news = null;
    /** @type {AbortController | undefined} */
    this.painting = undefined;
    const told = {
      onFill: this.fill.bind(this),
      onCollect: (/** @type {Collection} */ collection) => this.filler.collect(collection),
    };
    this.groups = [
      new Group("A", "start with", { digit: EXAMPLE[0], trait: "thick", count: EACH }, state, told),
      new Group("B", "minus", { digit: EXAMPLE[0], trait: "thin", count: EACH }, state, told),
      new Group("C", "plus", { digit: EXAMPLE[1], trait: "thin", count: EACH }, state, told),
    ];
    this.view = new SumView(
      state,
      this.groups,
      (place) => this.sum(place),
      () => this.hearDrawn(),
    );
    this.collector = new Collector(state);
    this.filler = new GroupFiller(state, this.groups, this.collector, (words) => this.showGroups(words));
    this.about = element("p", "quiet");
    this.long = element("p", "quiet", { hidden: "" }, TOO_LONG);
    this.example = button("", () => this.filler.showExample(), { "data-testid": "sum-example" });
    this.clear = button("Clear the example", () => this.clearExample(), { "data-testid": "sum-clear" });
    this.mark = element(
      "div",
      "row",
      { hidden: "", "data-testid": "sum-mark" },
      element("span", "badge", {}, "Example"),
      element("span", "quiet", {}, TAKES_ITS_PLACE),
      this.clear,
    );
    this.slider = element("input", "", {
      type: "range",
      min: 0,
      max: MOST_AMOUNT,
      step: 0.05,
      value: 1,
      "data-testid": "sum-amount",
    });
    this.slider.addEventListener("input", () => this.setAmount(this.slider.valueAsNumber));
    this.slider.addEventListener("change", () => this.tell(`Amount ${this.amount.toFixed(2)}`));
    this.amountShown = element("output", "", {}, "1.00");
    this.go = button("Go there", () => this.goThere(), {
      class: "main",
      disabled: "",
      "data-testid": "sum-go",
    });
    this.element = this.layOut();
  }

  layOut() {
    const amount = element(
      "label",
      "amount",
      { title: "What is drawn is A + amount × (C − B): A's mean at 0, the plain sum at 1." },
      element("span", "name", {}, "Amount of C − B"),
      this.amountShown,
      this.slider,
    );
    return element(
      "div",
      "sum-mode",
      { "data-testid": "sum" },
      this.about,
      element("div", "row", {}, this.example),
      this.collector.element,
      this.mark,
      this.view.equation,
      element("div", "steer", {}, amount, this.go),
      this.view.outcome,
      this.long,
      element("div", "groups", {}, ...this.groups.map((group) => group.element)),
    );
  }

  /** Called once the network is known. */
  build() {
    this.filler.build();
    for (const group of this.groups) group.showDigits(this.filler.digits);
    const [first, second] = this.filler.exampleDigits;
    say(this.example, `A thick ${first}, minus thin ${first}s, plus thin ${second}s`);
    this.example.hidden = first === second;
    say(this.about, aboutWords(this.state.network, this.state.about.leansTo));
  }

  /** @param {Changed} changed */
  refresh(changed) {
    const { state, filler } = this;
    const isNew = changed.has("mode") || changed.has("network");
    this.collector.follow();
    if (isNew && filler.isOpening) filler.openExample();
    if (isNew || changed.has("bookmarks"))
      for (const group of this.groups) group.showBookmarks(state.bookmarks.list);
    if (isNew) this.paint();
    if (isNew || (changed.has("digit") && state.network.classes)) this.view.draw();
  }

  enter() {
    this.filler.enter();
  }

  // ---- what it holds

  /** Puts other items into a group. @param {Group} group @param {Item[]} items @param {string} words about it */
  fill(group, items, words) {
    this.filler.forgetExample();
    group.put(items);
    this.showGroups(words);
  }

  /** Groups are others now. @param {string} words about it */
  showGroups(words) {
    this.paint();
    this.view.draw();
    this.tell(words);
  }

  clearExample() {
    for (const group of this.groups) if (group.isExample) group.put([]);
    this.showGroups("The example is cleared");
    this.example.focus();
  }

  /** @param {number} amount 0 to 2 */
  setAmount(amount) {
    this.amount = Math.round(100 * amount) / 100;
    this.slider.value = String(this.amount);
    say(this.amountShown, this.amount.toFixed(2));
    this.view.draw();
  }

  /**
   * The sum of the groups' means, or of the vectors at one place of each; null if there is none.
   * @param {number | null} place
   */
  sum(place = null) {
    const [a, b, c] = this.groups.map(({ items }) =>
      (place === null ? items : items.slice(place, place + 1)).map(({ z }) => z),
    );
    if (a.length === 0 || b.length === 0 || c.length === 0) return null;
    return add(mean(a), mean(b), mean(c), this.amount);
  }

  goThere() {
    const { state } = this;
    const sum = this.sum();
    if (!sum) return;
    state.remember();
    state.goTo({ z: sum.z, digit: state.digit, scale: 1, origin: null });
    state.settle(`At the sum. ${this.view.said}`);
  }

  // ---- drawing

  /** Draws the groups' digits and their means. */
  async paint() {
    const { state, groups } = this;
    this.mark.hidden = groups.every((group) => !group.isExample);
    this.painting?.abort();
    this.painting = new AbortController();
    const { signal } = this.painting;
    const pictures = groups.flatMap((group, i) => group.pictures(this.view.means[i]));
    if (pictures.length === 0) return;
    const zs = joined(pictures.map(({ z }) => z));
    const labels = pictures.map(({ digit }) => digit);
    try {
      await state.inference.run(
        "drawMany",
        { network: state.network.url, zs, labels },
        {
          signal,
          onPart: ({ from, pixels }) => {
            for (let i = 0; i * PIXELS < pixels.length; i++) pictures[from + i].show(pictureAt(pixels, i));
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
  }

  /** Once the sum is drawn: it can be gone to, and a screen reader is told if there was news. */
  hearDrawn() {
    this.go.disabled = this.sum() === null;
    if (this.news === null) return;
    this.state.say(`${this.news}. ${this.view.said}`);
    this.news = null;
  }

  /** @param {string} news */
  tell(news) {
    this.news = news;
    this.long.hidden = this.filler.isExample || this.spelled().includes("~"); // else only the amount fits
    this.state.settle(news);
    if (this.view.isSettled) this.hearDrawn();
  }

  // ---- the address

  spelled() {
    const groups = this.groups.map(({ items }) => items);
    return spellEquation(groups, this.amount, this.state.network.classes > 0);
  }

  /** What comes again by itself is in no address. */
  spell() {
    if (!this.filler.isExample) return this.spelled();
    return this.amount === 1 ? null : String(this.amount);
  }

  /** Throws AddressError. @param {string} text */
  follow(text) {
    const { amount, groups } = readEquation(text, this.state.network);
    for (const [i, items] of groups?.entries() ?? []) this.groups[i].put(items);
    if (groups) this.filler.wantsExample = this.filler.isOpening = false;
    this.setAmount(amount);
    this.state.change("mode");
  }

  leave() {
    this.filler.leave();
    this.painting?.abort();
  }

  close() {
    this.leave();
  }
}

/**
 * What a sum is, and what of it this network decides otherwise.
 * @param {Network} network
 * @param {number[]} leansTo the digits that are hidden in z
 */
function aboutWords({ classes, hiddenClasses }, leansTo) {
  const sentences = [
    "Averaged latent vectors can be added and subtracted: thick digits minus thin ones of the same kind plus thin ones " +
      "of another kind should be a thick one of that kind.",
  ];
  if (classes)
    sentences.push(
      "This network is asked for its digit, which is not in z: the sum is of z alone, and drawn as the digit chosen " +
        "under “Digit to draw”.",
    );
  if (hiddenClasses)
    sentences.push(
      leansTo.length > 0
        ? `In this network the first ${hiddenClasses} numbers of z lean towards the digits, each to one.`
        : `In this network the first ${hiddenClasses} numbers of z lean towards the groups of pictures that it found ` +
            "by itself, each to one.",
    );
  return sentences.join(" ");
}
