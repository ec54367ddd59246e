// Curves over the positions of a path, both ways of it, one below the other on one axis.

import { element, say } from "../../kit/dom.js";
import { KIND_WORDS, KINDS } from "../../latent/journey.js";
import { axis, extent } from "../../pictures/axis.js";

const WIDTH = 1000; // of the drawings' own coordinates, which are stretched
const HEIGHT = 100;

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Curve {
  /** id: of tests; title: what is measured, with its unit; format: how a value reads. */
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
    this.labels = element("div", "ticks", { "aria-hidden": "true" });
    this.title = title;
    this.heading = element("h4", "", { title: note }, title);
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

  /**
   * lines: values by kind, or null while there are none; NaN where there is none yet. level: { value, words }, band:
   * { low, high }, both optional. range: as `axis` takes it. instead: what is said where there is nothing to draw.
   * key: what the level is, for those who see it.
   */
  show({ lines, legs, level, band, range, instead, key }) {
    this.lines = lines;
    if (key) this.heading.dataset.level = key;
    else delete this.heading.dataset.level;
    this.plot.hidden = !lines;
    this.note.hidden = !instead;
    say(this.note, instead ?? "");
    if (!lines) return this.follow(0);
    const values = KINDS.flatMap((kind) => Array.from(lines[kind]));
    const others = [...(level ? [level.value] : []), ...(band ? [band.low, band.high] : [])];
    const scale = axis([...values, ...others], range);
    const y = (value) => (HEIGHT * (scale.high - value)) / (scale.high - scale.low);
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
    this.describe(level);
  }

  rename(title) {
    this.title = title;
    say(this.heading, title);
  }

  /** In words, for those who do not see it, and as numbers. */
  describe(level) {
    const { svg, lines, format } = this;
    const parts = KINDS.map((kind) => {
      const [low, high] = extent(lines[kind]);
      svg.dataset[`${kind}Min`] = low;
      svg.dataset[`${kind}Max`] = high;
      return Number.isFinite(low) ? `${KIND_WORDS[kind]}: from ${format(low)} to ${format(high)}` : "";
    });
    const all = [...parts, level ? `${level.words}: ${format(level.value)}` : ""].filter(Boolean);
    svg.setAttribute("aria-label", `${this.title}, along the path. ${all.join("; ")}.`);
  }

  /** What it is at a share of the path. */
  follow(share) {
    const { lines, format } = this;
    const values = lines
      ? KINDS.map((kind) => lines[kind][Math.round(share * (lines[kind].length - 1))])
      : [];
    const read = (value) => (Number.isFinite(value) ? format(value) : "–");
    const words = KINDS.map((kind, i) => `${KIND_WORDS[kind]} ${read(values[i])}`);
    say(this.now, lines ? words.join(" · ") : "");
  }
}

function across(name, y) {
  return shape("line", { class: name, x1: 0, x2: WIDTH, y1: y, y2: y });
}

function upright(name, x) {
  return shape("line", { class: name, x1: x, x2: x, y1: 0, y2: HEIGHT });
}

function block(name, top, bottom) {
  return shape("rect", { class: name, x: 0, width: WIDTH, y: top, height: Math.max(1, bottom - top) });
}

function points(values, y) {
  const found = [];
  values.forEach((value, i) => {
    if (Number.isFinite(value))
      found.push(`${((WIDTH * i) / (values.length - 1)).toFixed(1)},${y(value).toFixed(2)}`);
  });
  return found.join(" ");
}

/** Curves below each other, with what stands for what, the stops below them, and a line where the path is. */
export class Curves {
  /** onDrag(share) while a pointer moves over them, onDrop() when it lets go. */
  constructor(curves, { onDrag, onDrop }) {
    this.curves = curves;
    this.stops = element("div", "stop-axis", { "aria-hidden": "true" });
    this.legend = element(
      "p",
      "legend",
      {},
      ...KINDS.map((kind) => element("span", kind, {}, swatch(kind), KIND_WORDS[kind])),
    );
    this.area = element(
      "div",
      "curve-area",
      { "data-testid": "path-curves" },
      ...curves.map((curve) => curve.element),
      this.stops,
    );
    this.element = element("div", "curves", {}, this.legend, this.area);
    const drag = (event) => onDrag(this.shareAt(event));
    this.area.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.target.closest(".plot, .stop-axis")) return;
      this.area.setPointerCapture(event.pointerId);
      this.held = event.pointerId;
      drag(event);
    });
    this.area.addEventListener("pointermove", (event) => event.pointerId === this.held && drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.area.addEventListener(end, (event) => {
        if (event.pointerId !== this.held) return;
        this.held = undefined;
        onDrop();
      });
    }
  }

  shareAt(event) {
    const { left, width } = this.curves[0].svg.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  }

  name(stops) {
    this.stops.replaceChildren(
      ...stops.map((stop, i) =>
        element("span", "", { style: `--place: ${i / (stops.length - 1)}` }, `${i + 1}. ${stop.name}`),
      ),
    );
    this.stops.style.setProperty("--count", stops.length);
  }

  follow(share) {
    this.area.style.setProperty("--place", share);
    for (const curve of this.curves) curve.follow(share);
  }
}

/** A short piece of a kind's line. */
export function swatch(kind) {
  const svg = shape("svg", { class: "swatch", viewBox: "0 0 32 8", "aria-hidden": "true" });
  svg.append(shape("polyline", { class: kind, points: "0,4 32,4" }));
  return svg;
}
