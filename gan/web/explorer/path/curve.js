// A curve over the positions of a path, for both ways of it.

import { element, say } from "../../kit/dom.js";
import { KIND_WORDS, KINDS } from "../../latent/journey.js";
import { axis, extent } from "../../pictures/axis.js";

/** @import { ByKind, Kind } from "../../latent/types" */

const WIDTH = 1000; // of the drawings' own coordinates, which are stretched
const HEIGHT = 100;

const SVG = "http://www.w3.org/2000/svg";

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
    this.svg = shape("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "data-testid": `curve-${id}`,
    });
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
      this.svg,
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
    const y = (/** @type {number} */ value) => (HEIGHT * (scale.high - value)) / (scale.high - scale.low);
    this.labels.replaceChildren(
      ...scale.ticks.map((tick) =>
        element("span", "", { style: `top: ${y(tick)}%` }, this.format(tick, scale.step)),
      ),
    );
    this.svg.replaceChildren(
      ...(band ? [block("band", y(band.high), y(band.low))] : []),
      ...scale.ticks.map((tick) => across("grid", y(tick))),
      ...Array.from({ length: legs + 1 }, (_, i) => upright("grid", (WIDTH * i) / legs)),
      ...(level ? [across("level", y(level.value))] : []),
      ...KINDS.map((kind) => shape("polyline", { class: kind, points: points(lines[kind], y) })),
    );
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
    const { svg, format } = this;
    const parts = KINDS.map((kind) => {
      const [low, high] = extent(Array.from(lines[kind]));
      return Number.isFinite(low) ? `${KIND_WORDS[kind]}: from ${format(low)} to ${format(high)}` : "";
    });
    const all = [...parts, level ? `${level.words}: ${format(level.value)}` : ""].filter(Boolean);
    svg.setAttribute("aria-label", `${this.title}, along the path. ${all.join("; ")}.`);
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
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** @param {string} name @param {number} y */
function across(name, y) {
  return shape("line", { class: name, x1: 0, x2: WIDTH, y1: y, y2: y });
}

/** @param {string} name @param {number} x */
function upright(name, x) {
  return shape("line", { class: name, x1: x, x2: x, y1: 0, y2: HEIGHT });
}

/** @param {string} name @param {number} top @param {number} bottom */
function block(name, top, bottom) {
  return shape("rect", { class: name, x: 0, width: WIDTH, y: top, height: Math.max(1, bottom - top) });
}

/** @param {ArrayLike<number>} values @param {(value: number) => number} y */
function points(values, y) {
  /** @type {string[]} */
  const found = [];
  for (let i = 0; i < values.length; i++) {
    const x = (WIDTH * i) / (values.length - 1);
    if (Number.isFinite(values[i])) found.push(`${x.toFixed(1)},${y(values[i]).toFixed(2)}`);
  }
  return found.join(" ");
}

/** A short piece of a kind's line. @param {Kind} kind */
export function swatch(kind) {
  const svg = shape("svg", { class: "swatch", viewBox: "0 0 32 8", "aria-hidden": "true" });
  svg.append(shape("polyline", { class: kind, points: "0,4 32,4" }));
  return svg;
}
