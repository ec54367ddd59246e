// The equation as pictures, A - B + C = ?, and what the sum is read as.

import { isCancelled } from "../../inference/inference.js";
import { element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { SINGLES } from "../../latent/equation.js";

/** A picture of the equation, and what it is. */
class Term {
  constructor(letter, name, attributes = {}) {
    this.name = name;
    this.tile = new DigitTile(
      element("canvas", "", { role: "img", "aria-label": `${name}: nothing yet`, ...attributes }),
    );
    this.caption = element("figcaption", "", {}, letter);
    this.element = element(
      "figure",
      "term",
      { "data-empty": "" },
      element("div", "tile", {}, this.tile.canvas),
      this.caption,
    );
  }

  /** pixels: uint8 or float32 [784], or null for none. */
  show(pixels, words = "nothing yet") {
    this.element.toggleAttribute("data-empty", pixels === null);
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

  paint(pixels, reading) {
    this.tile.paint(pixels);
    this.caption.removeAttribute("aria-label");
    say(this.caption, String(reading));
  }
}

export class SumView {
  /** sums: knows the groups and their sum. onDrawn is told each time that all of it is drawn. */
  constructor(sums, onDrawn) {
    this.sums = sums;
    this.explorer = sums.explorer;
    this.onDrawn = onDrawn;
    this.asked = this.drawn = 0;
    this.means = sums.groups.map(({ letter }) => new Term(letter, `Mean of ${letter}`));
    this.result = new Term("", "The sum", { "data-testid": "sum-picture" });
    const [a, b, c] = this.means.map((term) => term.element);
    this.result.element.classList.add("sum");
    this.equation = element(
      "div",
      "equation",
      { role: "group", "aria-label": "The equation" },
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
    delete this.equation.dataset.settled;
    this.drawingSingles?.abort();
    if (this.isDrawing) return;
    this.isDrawing = true;
    try {
      while (this.drawn !== this.asked) await this.drawOnce(this.asked);
    } catch (error) {
      if (!isCancelled(error)) this.explorer.fail(error);
    } finally {
      this.isDrawing = false;
    }
  }

  async drawOnce(mine) {
    const sum = this.sums.sum();
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
    this.equation.dataset.settled = "true";
    this.onDrawn();
  }

  /** Shows the picture of the sum; returns what it is read as, { digit, words }. */
  async drawResult({ z }) {
    const { explorer } = this;
    const { pixels, reading } = await explorer.studio.run("draw", {
      ...explorer.drawing(),
      z,
      scale: 1,
      classifier: explorer.network.classifier,
    });
    const digit = reading.indexOf(Math.max(...reading));
    const words = `reads as ${digit} (${Math.round(100 * reading[digit])}%)`;
    this.result.show(pixels, words);
    say(this.result.caption, words);
    return { digit, words: `Averaged, the sum ${words}.` };
  }

  /** Shows sums of single vectors; returns words on how many of them are read as `digit`. */
  async drawSingles(digit) {
    const { explorer } = this;
    const { groups } = this.sums;
    const count = Math.min(SINGLES, ...groups.map(({ items }) => items.length));
    this.single.hidden = groups.every(({ items }) => items.length === 1);
    if (this.single.hidden) return "One vector a group leaves nothing to average.";
    const tiles = this.tilesFor(count);
    const zs = Float64Array.from(tiles.flatMap((_, place) => Array.from(this.sums.sum(place).z)));
    const all = [];
    this.drawingSingles = new AbortController();
    const mine = this.asked;
    try {
      await explorer.studio.run(
        "drawMany",
        {
          ...explorer.drawing(),
          zs,
          scale: 1,
          labels: explorer.digit,
          classifier: explorer.network.classifier,
        },
        {
          signal: this.drawingSingles.signal,
          onPart: ({ from, pixels, readings }) =>
            readings.forEach((reading, i) => {
              tiles[from + i].paint(pixels.subarray(i * 784, (i + 1) * 784), reading);
              all.push(reading);
            }),
        },
      );
    } catch (error) {
      if (!isCancelled(error) || mine === this.asked) throw error;
    }
    return `One by one, ${all.filter((reading) => reading === digit).length} of ${count} read as ${digit}.`;
  }

  /** `count` tiles, as they are if that many are there. */
  tilesFor(count) {
    if (this.tiles?.length !== count) {
      this.tiles = Array.from({ length: count }, () => new Single());
      this.singles.replaceChildren(...this.tiles.map((tile) => tile.element));
    }
    return this.tiles;
  }

  missingWords() {
    const empty = this.sums.groups.filter(({ items }) => items.length === 0).map(({ letter }) => letter);
    const [are, them] = empty.length === 1 ? ["is", "it"] : ["are", "them"];
    return `No sum yet: ${listed(empty)} ${are} empty. Fill ${them} below, or begin with the example.`;
  }
}

function listed(words) {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function operator(sign) {
  return element("span", "operator", {}, sign);
}

function clippedWords({ z, clipped }) {
  return clipped === 0 ? "" : `${clipped} of its ${z.length} numbers were beyond ±3 and are clipped.`;
}
