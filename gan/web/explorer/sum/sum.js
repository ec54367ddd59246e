// Arithmetic: averaged latent vectors added and subtracted, A - B + C, as Radford, Metz and Chintala 2016
// (section 6.3.2) did; beside it the same with single vectors, which shows what averaging is for.

import { isCancelled } from "../../inference/inference.js";
import { mostOf, TRAITS } from "../../inference/traits.js";
import { button, element, say } from "../../kit/dom.js";
import { add, MOST_AMOUNT, mean, readEquation, spellEquation } from "../../latent/equation.js";
import { normals } from "../../latent/geometry.js";
import { Collector } from "./collector.js";
import { Group } from "./group.js";
import { SumView } from "./sum_view.js";

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const EXAMPLE = [3, 8]; // the digits of the ready example, where the network draws them
const EACH = 8; // vectors that a group collects until people choose otherwise
const MANY = 16; // vectors a group of the example: of 20 such sums on `digits`, 19 read as 8; with 8 each, 17
const POOL = 4; // times as many as are kept are looked for, so that the most extreme are extreme

export class Sums {
  id = "sum";
  title = "Arithmetic";

  constructor(explorer) {
    this.explorer = explorer;
    this.amount = 1;
    this.news = null; // what a screen reader is told with the next result
    this.wantsExample = true; // until there was one, or something else
    this.isOpening = false; // whether the example is about to come by itself
    this.groups = [
      new Group("A", "start with", { digit: EXAMPLE[0], trait: "thick", count: EACH }, this),
      new Group("B", "minus", { digit: EXAMPLE[0], trait: "thin", count: EACH }, this),
      new Group("C", "plus", { digit: EXAMPLE[1], trait: "thin", count: EACH }, this),
    ];
    this.view = new SumView(this, () => this.hearDrawn());
    this.collector = new Collector(explorer);
    this.about = element("p", "quiet");
    this.long = element(
      "p",
      "quiet",
      { hidden: "" },
      "These groups are too long for the page's address: a link to this page opens without them.",
    );
    this.example = button("", () => this.showExample(), { "data-testid": "sum-example" });
    this.clear = button("Clear the example", () => this.clearExample(), { "data-testid": "sum-clear" });
    this.mark = element(
      "div",
      "row",
      { hidden: "", "data-testid": "sum-mark" },
      element("span", "badge", {}, "Example"),
      element("span", "quiet", {}, "What you add or collect takes its place, group by group."),
      this.clear,
    );
    this.element = element(
      "div",
      "sums",
      { "data-testid": "sums" },
      this.about,
      element("div", "row", {}, this.example),
      this.collector.element,
      this.mark,
      this.view.equation,
      this.buildAmount(),
      this.view.outcome,
      this.long,
      element("div", "groups", {}, ...this.groups.map((group) => group.element)),
    );
    this.element.equation = () => this.told(); // for tests and assistive scripts
  }

  buildAmount() {
    this.slider = element("input", "", {
      type: "range",
      min: 0,
      max: MOST_AMOUNT,
      step: 0.05,
      value: 1,
      "data-testid": "sum-amount",
    });
    this.amountShown = element("output", "", {}, "1.00");
    this.slider.addEventListener("input", () => this.setAmount(this.slider.valueAsNumber));
    this.slider.addEventListener("change", () => this.tell(`Amount ${this.amount.toFixed(2)}`));
    this.go = button("Go there", () => this.goThere(), {
      class: "main",
      disabled: "",
      "data-testid": "sum-go",
    });
    return element(
      "div",
      "steer",
      {},
      element(
        "label",
        "amount",
        { title: "What is drawn is A + amount × (C − B): A's mean at 0, the plain sum at 1." },
        element("span", "name", {}, "Amount of C − B"),
        this.amountShown,
        this.slider,
      ),
      this.go,
    );
  }

  /** Called once the network is known. */
  build() {
    const { leaning, classes, learned } = this.explorer.network;
    this.digits = classes ? learned : DIGITS;
    for (const group of this.groups) group.showDigits(this.digits);
    const [first, second] = this.exampleDigits();
    say(this.example, `A thick ${first}, minus thin ${first}s, plus thin ${second}s`);
    this.example.hidden = first === second;
    say(
      this.about,
      [
        "Averaged latent vectors can be added and subtracted: thick digits minus thin ones of the same " +
          "kind plus thin ones of another kind should be a thick one of that kind.",
        classes
          ? "This network is asked for its digit, which is not in z: the sum is of z alone, and drawn as the digit chosen under “Digit to draw”."
          : "",
        leaning
          ? `In this network the first ${leaning} numbers of z lean towards the digits, each to one.`
          : "",
      ]
        .filter(Boolean)
        .join(" "),
    );
  }

  /** Two digits that the network draws, 3 and 8 if it does. */
  exampleDigits() {
    const [first = this.digits[0]] = EXAMPLE.filter((digit) => this.digits.includes(digit));
    const others = this.digits.filter((digit) => digit !== first);
    return [first, others.includes(EXAMPLE[1]) ? EXAMPLE[1] : (others.at(-1) ?? first)];
  }

  refresh(changed) {
    const { explorer } = this;
    const isNew = changed.has("mode") || changed.has("network");
    this.collector.follow();
    if (isNew && this.isOpening) this.openExample();
    if (isNew || changed.has("bookmarks"))
      for (const group of this.groups) group.showBookmarks(explorer.bookmarks.list);
    if (isNew) this.paint();
    if (isNew || (changed.has("digit") && explorer.network.classes)) this.view.draw();
  }

  enter() {
    this.isOpening = this.wantsExample;
    this.explorer.change("mode");
  }

  // ---- what it holds

  /** Puts other items into a group; words say so. */
  fill(group, items, words) {
    this.wantsExample = false;
    if (this.isOpening) this.collector.stop();
    this.isOpening = false;
    group.put(items);
    this.paint();
    this.view.draw();
    this.tell(words);
  }

  setAmount(amount) {
    this.amount = Math.round(100 * amount) / 100;
    this.slider.value = this.amount;
    say(this.amountShown, this.amount.toFixed(2));
    this.view.draw();
  }

  /** The sum of the groups' means, or of the vectors at one place of each: { z, clipped }. Null if there is none. */
  sum(place = null) {
    const parts = this.groups.map(({ items }) =>
      (place === null ? items : items.slice(place, place + 1)).map(({ z }) => z),
    );
    return parts.some((vectors) => vectors.length === 0) ? null : add(...parts.map(mean), this.amount);
  }

  told() {
    const groups = this.groups.map(({ letter, items }) => [letter, items.map(({ z }) => Array.from(z))]);
    return { ...Object.fromEntries(groups), amount: this.amount, z: Array.from(this.sum()?.z ?? []) };
  }

  goThere() {
    const { explorer } = this;
    explorer.remember();
    explorer.goTo({ z: this.sum().z, digit: explorer.digit, scale: 1, origin: null });
    explorer.settle(`At the sum. ${this.view.words.textContent}`);
  }

  // ---- collecting

  /** wish: { group, digit, trait, count }. */
  async collect(wish) {
    this.wantsExample = false;
    const told = await this.collector.look(
      [wish.digit],
      POOL * wish.count,
      `Collecting for ${wish.group.letter}`,
    );
    if (told) this.take([wish], told);
  }

  async showExample() {
    this.wantsExample = false;
    const told = await this.lookForExample(this.exampleDigits());
    if (told) this.takeExample(this.exampleDigits(), told);
  }

  /** Where there is nothing yet: of the digit that is asked for, if one is. */
  async openExample() {
    const { network, digit } = this.explorer;
    const [first, second] = this.exampleDigits();
    const wanted = network.classes ? [first === digit ? second : first, digit] : [first, second];
    if (this.collector.looking || wanted[0] === wanted[1]) return;
    this.wantsExample = false;
    const told = await this.lookForExample(wanted);
    if (!this.isOpening) return; // people left, or put in something
    if (!told && network.url !== this.explorer.network.url) return this.openExample();
    this.isOpening = false;
    if (told) this.takeExample(wanted, told, true);
  }

  clearExample() {
    for (const group of this.groups) if (group.isExample) group.put([]);
    this.paint();
    this.view.draw();
    this.tell("The example is cleared");
    this.example.focus();
  }

  lookForExample(wanted) {
    return this.collector.look(wanted, POOL * MANY, "Collecting for A, B and C");
  }

  /** isExample: nobody asked for it. */
  takeExample(wanted, told, isExample = false) {
    const { network } = this.explorer;
    const count = (digit) => found(told, digit).length;
    const common = [...this.digits].sort((a, b) => count(b) - count(a));
    if (count(common[1]) < 2) return this.giveUp(told, common[0]);
    const isOther = wanted.some((digit) => count(digit) < MANY) && network.classes === 0;
    const [from, to] = isOther ? common : wanted;
    const before = isOther
      ? `This network draws too few ${wanted.join("s or ")}s: these are what it draws most. `
      : "";
    const wish = (group, i) => ({
      group,
      digit: i < 2 ? from : to,
      trait: i === 0 ? "thick" : "thin",
      count: MANY,
    });
    this.take(this.groups.map(wish), told, { before, isExample });
    if (network.classes && !isExample && this.explorer.digit !== to) this.explorer.choose(to);
  }

  giveUp({ draws }, digit) {
    const words =
      `In ${draws.toLocaleString("en")} draws the classifier was sure of hardly anything but ${digit}s: ` +
      "too few other digits for a sum. The groups are as they were.";
    this.collector.note(words);
    this.explorer.say(words);
  }

  /** Fills groups with the best of what was found, and says what there was. */
  take(wishes, told, { before = "", isExample = false } = {}) {
    const digits = [...new Set(wishes.map(({ digit }) => digit))];
    const counts = digits.map((digit) => `${found(told, digit).length} ${digit}s`).join(" and ");
    const words = wishes.map((wish) => this.keepBest(wish, found(told, wish.digit), isExample));
    const draws = told.draws.toLocaleString("en");
    const kept = words.join(". ");
    this.collector.note(
      `${before}In ${draws} draws the classifier was sure (90% or more) of ${counts}. ${kept}.`,
    );
    this.paint();
    this.view.draw();
    this.tell(kept);
  }

  /** Fills a group with those of `all` that show its trait most; returns how that reads. */
  keepBest({ group, digit, trait, count }, all, isExample) {
    const best = mostOf(all, trait, count);
    const { letter } = group;
    group.showWish({ digit, trait, count });
    if (best.length === 0) return `${letter}: none, so it stays as it was`;
    group.put(
      best.map(({ seed }) => ({ z: normals(seed, this.explorer.z.length), origin: seed, digit })),
      isExample,
    );
    if (best.length < count) return `${letter}: only ${best.length} instead of ${count}`;
    return `${letter}: ${trait === "any" ? `the first ${count}` : `the ${count} ${TRAITS.get(trait).most}`} ${digit}s`;
  }

  // ---- drawing

  /** Draws the groups' digits and their means. */
  async paint() {
    const { explorer, groups } = this;
    this.mark.hidden = groups.every((group) => !group.isExample);
    this.painting?.abort();
    this.painting = new AbortController();
    const pictures = groups.flatMap((group, i) => group.pictures(this.view.means[i]));
    if (pictures.length === 0) return;
    const { network } = explorer.drawing();
    try {
      await explorer.studio.run(
        "drawMany",
        {
          network,
          zs: Float64Array.from(pictures.flatMap(({ z }) => Array.from(z))),
          labels: pictures.map(({ digit }) => digit),
        },
        {
          signal: this.painting.signal,
          onPart: ({ from, pixels }) => {
            for (let i = 0; i * 784 < pixels.length; i++)
              pictures[from + i].show(pixels.subarray(i * 784, (i + 1) * 784));
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    }
  }

  /** Once the sum is drawn: it can be gone to, and a screen reader is told if there was news. */
  hearDrawn() {
    this.go.disabled = this.sum() === null;
    if (this.news === null) return;
    this.explorer.say(`${this.news}. ${this.view.words.textContent}`);
    this.news = null;
  }

  tell(news) {
    this.news = news;
    this.long.hidden = this.isExample || this.spell().includes("~"); // else only the amount fits
    this.explorer.settle(news);
    if (this.view.isSettled) this.hearDrawn();
  }

  // ---- the address

  /** Whether all that there is came, or comes, by itself: then it comes again, and no address has to carry it. */
  get isExample() {
    return this.isOpening || this.groups.every((group) => group.isExample);
  }

  spell() {
    if (this.isExample) return this.amount === 1 ? null : String(this.amount);
    return spellEquation(
      this.groups.map(({ items }) => items),
      this.amount,
      this.explorer.network.classes > 0,
    );
  }

  follow(text) {
    const { amount, groups } = readEquation(text, this.explorer.network);
    groups?.forEach((items, i) => this.groups[i].put(items));
    if (groups) this.wantsExample = this.isOpening = false;
    this.setAmount(amount);
    this.explorer.change("mode");
  }

  leave() {
    this.wantsExample ||= this.isOpening; // it is looked for again
    this.isOpening = false;
    this.collector.stop();
    this.painting?.abort();
  }

  close() {
    this.leave();
  }
}

function found(told, digit) {
  return told.found.filter((one) => one.digit === digit);
}
