// The training pictures that are most like the digit: is it a copy?

import { button, element, say } from "../kit/dom.js";
import { askServer, fromBase64, Refused, stateWords, toBase64 } from "../kit/requests.js";
import { DigitTile } from "../kit/tile.js";
import { inked } from "../pictures/pictures.js";

/** @import { State } from "./state.js" */

/**
 * What the server finds: `pictures` (784 bytes each, as base64, real digits), the nearest first, with their labels if
 * they have any and their distances (root mean square difference of pixels, of 255); among how many it searched, and
 * whether those are all; `typical`, the median distance of a training picture from its own nearest.
 * @typedef {{ pictures: string[], labels: number[] | null, distances: number[], searched: number, of_all: boolean,
 *   note: string | null, typical: number }} Found
 */

const NEAREST = 8; // pictures
const COPY = 0.5; // a nearest digit at less than this times the usual distance is close to a copy
const USUAL = [0.8, 1.25]; // in between, the distance is the usual one
const AMONG_ALL = {
  nearer: "No copy, but nearer to a real digit than most of these are to each other.",
  usual: "No copy: as different from the real digits as they are from each other.",
  farther: "No copy: more different from all real digits than these mostly are from each other.",
};
const AMONG_SOME = {
  nearer:
    "No copy of any that was searched, but nearer to a real digit than most of these are to each other.",
  usual: "No copy of any that was searched: as different from the real digits as they are from each other.",
  farther:
    "No copy of any that was searched: more different from all real digits than these mostly are from each other.",
};
const BEFORE = "When the digit rests, the training pictures that are most like it are looked up.";
const PAST = "These are of a digit before. When this one rests, its own are looked up.";

export class Neighbours {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** The picture that is looked for, as base64. @type {string | null} */
    this.looked = null;
    /** @type {AbortController | null} */
    this.looking = null;
    /** What is shown: the picture, and words about it. @type {{ text: string, words: string } | null} */
    this.shown = null;
    this.hasFailed = false; // until people ask again
    this.mine = new DigitTile();
    this.mine.canvas.setAttribute("role", "img");
    this.mine.canvas.setAttribute("aria-label", "This digit");
    this.row = element("ol", "neighbours", { "data-testid": "neighbours", hidden: "" });
    this.words = element("p", "quiet", { "data-testid": "neighbours-state" }, BEFORE);
    this.verdict = element("p", "", { "data-testid": "neighbours-verdict", hidden: "" });
    this.note = element("p", "quiet", { "data-testid": "neighbours-note", hidden: "" });
    this.again = button("Try again", () => this.look(true), {
      hidden: "",
      "data-testid": "neighbours-again",
    });
    this.element = element(
      "div",
      "nearest",
      { role: "group", "aria-label": "The nearest real digits" },
      element("h4", "", {}, "The nearest real digits"),
      this.row,
      this.verdict,
      this.note,
      element("div", "row", {}, this.words, this.again),
    );
    state.subscribe(["picture"], () => this.showPast());
  }

  /** Asks for those of the picture of the moment, unless they were. @param {boolean} isWanted by people, now */
  async look(isWanted = false) {
    const { picture } = this.state;
    if (!picture) return;
    const mine = inked(picture.pixels);
    const text = toBase64(mine);
    if (text === this.shown?.text && !isWanted) return this.recall();
    if ((text === this.looked || this.hasFailed) && !isWanted) return;
    this.stop();
    const looking = new AbortController();
    this.looking = looking;
    this.looked = text;
    this.again.hidden = true;
    say(this.words, "Looking among the training pictures …");
    try {
      const found = await this.ask(text, looking.signal);
      if (looking.signal.aborted) return;
      this.hasFailed = false;
      this.shown = { text, words: this.show(mine, found) };
    } catch (error) {
      if (!looking.signal.aborted) this.refuse(error);
    } finally {
      if (this.looking === looking) this.looking = null;
    }
  }

  /**
   * @param {string} picture as base64
   * @param {AbortSignal} signal
   * @returns {Promise<Found>}
   */
  ask(picture, signal) {
    const { requests, run } = this.state.about;
    return askServer(
      requests,
      { kind: "nearest", run, picture, count: NEAREST },
      { signal, onState: (told) => say(this.words, stateWords(told)) },
    );
  }

  /** @param {unknown} error */
  refuse(error) {
    if (!(error instanceof Refused)) throw error;
    this.hasFailed = true;
    say(this.words, `The nearest digits are not known. ${error.message} ${error.hint}`.trim());
    this.again.hidden = false;
  }

  /** The digit moves on: what is looked for is of another one. */
  stop() {
    this.looking?.abort();
    if (this.looking) this.looked = null;
    this.looking = null;
  }

  // ---- showing

  /** What is shown is of a digit before. */
  showPast() {
    if (this.row.hidden || this.row.classList.contains("past")) return;
    this.row.classList.add("past");
    say(this.words, PAST);
  }

  /** The digit is again the one whose neighbours are shown. */
  recall() {
    this.row.classList.remove("past");
    if (this.shown) say(this.words, this.shown.words);
    this.again.hidden = true;
  }

  /**
   * Returns what is said below.
   * @param {Uint8Array} picture
   * @param {Found} found
   */
  show(picture, { pictures, labels, distances, searched, of_all: isOfAll, note, typical }) {
    this.mine.paint(picture);
    const items = pictures.map((text, i) => realDigit(text, labels?.[i], distances[i]));
    this.row.replaceChildren(captioned("mine", this.mine.canvas, "this one", "generated"), ...items);
    this.row.hidden = this.verdict.hidden = false;
    this.row.classList.remove("past");
    say(this.verdict, verdict(distances[0], typical, isOfAll));
    const words =
      "Below each: its label, and how much its pixels differ from this digit's, of 255 (root mean " +
      `square). ${searched.toLocaleString("en")} pictures were searched.`;
    say(this.words, words);
    say(this.note, note ?? "");
    this.note.hidden = !note;
    return words;
  }
}

/**
 * @param {string} picture as base64
 * @param {number | undefined} label
 * @param {number} distance
 */
function realDigit(picture, label, distance) {
  const tile = new DigitTile(undefined, "real");
  tile.paint(fromBase64(picture));
  tile.canvas.setAttribute("role", "img");
  const name = label === undefined ? "no label" : `a ${label}`;
  tile.canvas.setAttribute("aria-label", `Real: ${name}`);
  return captioned("real", tile.canvas, name, distance.toFixed(0));
}

/**
 * @param {string} className
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 * @param {string} below
 */
function captioned(className, canvas, name, below) {
  return element(
    "li",
    className,
    {},
    canvas,
    element("span", "", {}, name),
    element("span", "quiet", {}, below),
  );
}

/**
 * Is it a copy?
 * @param {number} distance of the nearest real digit
 * @param {number} typical
 * @param {boolean} isOfAll whether all of them were searched
 */
export function verdict(distance, typical, isOfAll) {
  const share = distance / typical;
  const words = isOfAll ? AMONG_ALL : AMONG_SOME;
  const figures =
    `The nearest real digit differs from it by ${distance.toFixed(0)}; ` +
    `the real ones differ from their own nearest by ${typical.toFixed(0)} (median).`;
  if (share < COPY) return `Close to a copy. ${figures}`;
  if (share < USUAL[0]) return `${words.nearer} ${figures}`;
  return share <= USUAL[1] ? `${words.usual} ${figures}` : `${words.farther} ${figures}`;
}
