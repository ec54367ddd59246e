// The equation as pictures, A - B + C = ?, and what the sum is read as.

import { isCancelled } from "../../inference/inference.js";
import { element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { SINGLES } from "../../latent/equation.js";
import { joined, largest } from "../../latent/geometry.js";
import { pictureAt } from "../../pictures/pictures.js";
import { readingWords } from "../words/judged.js";

/** @import { LatentVector } from "../../latent/types" */
/** @import { Digit, Picture } from "../../pictures/types" */
/** @import { State } from "../state.js" */

/** A sum, and how many of its numbers had to be clipped. @typedef {{ z: LatentVector, clipped: number }} Sum */
/** A group of which a sum is made. @typedef {{ letter: string, items: readonly unknown[] }} Summand */

/** A picture of the equation, and what it is. */
export class Term {
  /**
   * @param {string} letter
   * @param {string} name
   * @param {Record<string, string>} attributes of its canvas
   */
  constructor(letter, name, attributes = {}) {
    this.name = name;
    this.tile = new DigitTile(
      element("canvas", "", { role: "img", "aria-label": `${name}: nothing yet`, ...attributes }),
    );
    this.caption = element("figcaption", "", {}, letter);
    this.element = element(
      "figure",
      "term empty",
      {},
      element("div", "tile", {}, this.tile.canvas),
      this.caption,
    );
  }

  /** @param {Digit | Picture | null} pixels null for none @param {string} words */
  show(pixels, words = "nothing yet") {
    this.element.classList.toggle("empty", pixels === null);
    this.tile.canvas.setAttribute("aria-label", `${this.name}: ${words}`);
    if (pixels) this.tile.paint(pixels);
    else this.tile.clear();
  }
}

/** A sum of single vectors, and what it is read as. */
class Single {
  constructor() {
    this.tile = new DigitTile(element("canvas", "", { "aria-hidden": "true" }));
    this.caption = element("span", "", { "aria-label": "not drawn yet" }, "–");
    this.element = element("li", "", {}, this.tile.canvas, this.caption);
  }

  /** @param {Picture} pixels @param {number} reading */
  paint(pixels, reading) {
    this.tile.paint(pixels);
    this.caption.removeAttribute("aria-label");
    say(this.caption, String(reading));
  }
}

export class SumView {
  /**
   * @param {State} state
   * @param {Summand[]} groups three
   * @param {(place?: number) => Sum | null} sumOf of the groups' means, or of the vectors at one place of each
   * @param {() => void} onDrawn told each time that all of it is drawn
   */
  constructor(state, groups, sumOf, onDrawn) {
    this.state = state;
    this.groups = groups;
    this.sumOf = sumOf;
    this.onDrawn = onDrawn;
    this.asked = 0; // how often
    this.drawn = 0; // which of these was drawn last
    this.isDrawing = false;
    /** @type {AbortController | undefined} */
    this.drawingSingles = undefined;
    /** @type {Single[]} */
    this.tiles = [];
    this.means = groups.map(({ letter }) => new Term(letter, `Mean of ${letter}`));
    this.result = new Term("", "The sum", { "data-testid": "sum-picture" });
    const [a, b, c] = this.means.map((term) => term.element);
    this.result.element.classList.add("sum");
    this.equation = element(
      "div",
      "equation",
      { role: "group", "aria-label": "The equation", "aria-busy": "true" },
      a,
      operator("−"),
      b,
      operator("+"),
      c,
      operator("="),
      this.result.element,
    );
    this.words = element("p", "", { "data-testid": "sum-words" });
    this.singles = element("ol", "singles", { "data-testid": "sum-singles" });
    this.single = element(
      "div",
      "",
      { hidden: "" },
      element(
        "p",
        "quiet",
        {},
        "With one vector each: the first of A, B and C, the second of each, and so on. Below is what each is read as.",
      ),
      this.singles,
    );
    this.outcome = element("div", "result", {}, this.words, this.single);
  }

  get isSettled() {
    return this.drawn === this.asked;
  }

  /** Draws the sum, and again if it changes meanwhile. */
  async draw() {
    this.asked++;
    this.equation.setAttribute("aria-busy", "true");
    this.drawingSingles?.abort();
    if (this.isDrawing) return;
    this.isDrawing = true;
    try {
      while (this.drawn !== this.asked) await this.drawOnce(this.asked);
    } catch (error) {
      if (!isCancelled(error)) this.state.fail(error);
    } finally {
      this.isDrawing = false;
    }
  }

  /** @param {number} mine of `asked` */
  async drawOnce(mine) {
    const sum = this.sumOf();
    if (sum === null) {
      this.result.show(null);
      say(this.result.caption, "");
      this.single.hidden = true;
      say(this.words, this.missingWords());
    } else {
      const reading = await this.drawResult(sum);
      if (mine !== this.asked) return;
      const single = await this.drawSingles(reading.digit);
      if (mine !== this.asked) return;
      say(this.words, [reading.words, single, clippedWords(sum)].join(" ").trim());
    }
    this.drawn = mine;
    this.equation.setAttribute("aria-busy", "false");
    this.onDrawn();
  }

  /** What is said about the sum. */
  get said() {
    return this.words.textContent ?? "";
  }

  /** Shows the picture of the sum; returns what it is read as. @param {Sum} sum */
  async drawResult({ z }) {
    const { state } = this;
    const { classifier } = state.network;
    const args = { ...state.drawing(), z, scale: 1, classifier };
    const { pixels, reading = [] } = await state.inference.run("draw", args, {});
    const words = `reads as ${readingWords(reading)}`;
    this.result.show(pixels, words);
    say(this.result.caption, words);
    return { digit: largest(reading), words: `Averaged, the sum ${words}.` };
  }

  /** Shows sums of single vectors; returns words on how many of them are read as a digit. @param {number} digit */
  async drawSingles(digit) {
    const { state, groups } = this;
    const count = Math.min(SINGLES, ...groups.map(({ items }) => items.length));
    this.single.hidden = groups.every(({ items }) => items.length === 1);
    if (this.single.hidden) return "One vector a group leaves nothing to average.";
    const tiles = this.tilesFor(count);
    const zs = joined(tiles.flatMap((_, place) => this.sumOf(place)?.z ?? []));
    const { classifier } = state.network;
    let alike = 0;
    this.drawingSingles = new AbortController();
    const mine = this.asked;
    try {
      await state.inference.run(
        "drawMany",
        { ...state.drawing(), zs, scale: 1, labels: state.digit, classifier },
        {
          signal: this.drawingSingles.signal,
          onPart: ({ from, pixels, readings }) => {
            for (const [i, reading] of readings?.entries() ?? []) {
              tiles[from + i].paint(pictureAt(pixels, i), reading);
              if (reading === digit) alike += 1;
            }
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error) || mine === this.asked) throw error;
    }
    return `One by one, ${alike} of ${count} read as ${digit}.`;
  }

  /** `count` tiles, as they are if that many are there. @param {number} count */
  tilesFor(count) {
    if (this.tiles.length !== count) {
      this.tiles = Array.from({ length: count }, () => new Single());
      this.singles.replaceChildren(...this.tiles.map((tile) => tile.element));
    }
    return this.tiles;
  }

  missingWords() {
    const empty = this.groups.filter(({ items }) => items.length === 0).map(({ letter }) => letter);
    const rest = "Fill what is missing below, or begin with the example.";
    if (empty.length === 1) return `No sum yet: ${empty[0]} is empty. ${rest}`;
    if (empty.length === 2) return `No sum yet: ${empty[0]} and ${empty[1]} are empty. ${rest}`;
    return `No sum yet: A, B and C are empty. ${rest}`;
  }
}

/** @param {string} sign */
function operator(sign) {
  return element("span", "operator", {}, sign);
}

/** @param {Sum} sum */
function clippedWords({ z, clipped }) {
  return clipped === 0 ? "" : `${clipped} of its ${z.length} numbers were beyond ±3 and are clipped.`;
}
