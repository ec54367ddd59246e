// A curve over the positions of a path, for both ways of it.

import { element, say } from "../../kit/dom.js";
import { linear } from "../../kit/scale.js";
import { KIND_WORDS, KINDS } from "../../latent/journey.js";
import { axis, extent } from "../../pictures/axis.js";
import { CurveDrawing } from "./curve_drawing.js";

/** @import { ByKind, Kind } from "../../latent/types" */

/**
 * How a value reads; step: between the ticks of its axis, for those.
 * @typedef {(value: number, step?: number) => string} Format
 */

/**
 * What a curve shows.
 * @typedef {object} Measure
 * @property {ByKind<ArrayLike<number>> | null} lines values of all frames, NaN where there is none yet; null: nothing is
 *   there
 * @property {number} legs
 * @property {{ value: number, words: string } | null} [level] what the values are compared with
 * @property {{ low: number, high: number } | null} [band] and where half of that is
 * @property {{ from?: number, to?: number, least?: number }} [range] what the axis holds at least
 * @property {string | null} [instead] what is said where there is nothing to draw
 * @property {string | null} [key] what the level is, for those who see it
 */

export class Curve {
  /**
   * @param {string} id
   * @param {string} title what is measured, with its unit
   * @param {string} note
   * @param {Format} format
   */
  constructor(id, title, note, format) {
    this.format = format;
    this.now = element("output", "", { "aria-live": "off" });
    this.note = element("p", "quiet", { hidden: "" });
    this.drawing = new CurveDrawing({ "data-testid": `curve-${id}` });
    /** @type {ByKind<ArrayLike<number>> | null} */
    this.lines = null;
    this.labels = element("div", "ticks", { "aria-hidden": "true" });
    this.title = title;
    this.name = element("span", "", {}, title);
    this.key = element("span", "level-key");
    this.heading = element("h4", "", { title: note }, this.name, this.key);
    this.plot = element(
      "div",
      "plot",
      {},
      this.labels,
      this.drawing.canvas,
      element("div", "cursor", { "aria-hidden": "true" }),
    );
    this.element = element(
      "div",
      "curve",
      {},
      element("div", "head", {}, this.heading, this.now),
      this.plot,
      this.note,
    );
  }

  /** @param {Measure} measure */
  show({ lines, legs, level = null, band = null, range, instead, key }) {
    this.lines = lines;
    say(this.key, key ? `  ${key}` : "");
    this.plot.hidden = !lines;
    this.note.hidden = !instead;
    say(this.note, instead ?? "");
    if (!lines) return this.follow(0);
    const values = KINDS.flatMap((kind) => Array.from(lines[kind]));
    const others = [...(level ? [level.value] : []), ...(band ? [band.low, band.high] : [])];
    const scale = axis([...values, ...others], range);
    const percent = linear(scale, 100, 0);
    this.labels.replaceChildren(
      ...scale.ticks.map((tick) =>
        element("span", "", { style: `top: ${percent(tick)}%` }, this.format(tick, scale.step)),
      ),
    );
    this.drawing.show({ lines, legs, axis: scale, level: level?.value, band: band ?? undefined });
    this.describe(lines, level);
  }

  /** @param {string} title */
  rename(title) {
    this.title = title;
    say(this.name, title);
  }

  /**
   * In words, for those who do not see it.
   * @param {ByKind<ArrayLike<number>>} lines
   * @param {{ value: number, words: string } | null} level
   */
  describe(lines, level) {
    const { drawing, format } = this;
    const parts = KINDS.map((kind) => {
      const [low, high] = extent(Array.from(lines[kind]));
      return Number.isFinite(low) ? `${KIND_WORDS[kind]}: from ${format(low)} to ${format(high)}` : "";
    });
    const all = [...parts, level ? `${level.words}: ${format(level.value)}` : ""].filter(Boolean);
    drawing.canvas.setAttribute("aria-label", `${this.title}, along the path. ${all.join("; ")}.`);
  }

  /** What it is at a share of the path. @param {number} share */
  follow(share) {
    const { lines, format } = this;
    const values = lines
      ? KINDS.map((kind) => lines[kind][Math.round(share * (lines[kind].length - 1))])
      : [];
    const read = (/** @type {number} */ value) => (Number.isFinite(value) ? format(value) : "–");
    const words = KINDS.map((kind, i) => `${KIND_WORDS[kind]} ${read(values[i])}`);
    say(this.now, lines ? words.join(" · ") : "");
  }
  close() {
    this.drawing.close();
  }
}

/** A short piece of a kind's line. @param {Kind} kind */
export function swatch(kind) {
  return element("span", `swatch ${kind}`, { "aria-hidden": "true" });
}
