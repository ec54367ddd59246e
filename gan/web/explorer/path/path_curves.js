// Curves over the positions of a path, both ways of it, one below the other on one axis.

import { element, say } from "../../kit/dom.js";
import { linear } from "../../kit/scale.js";
import { KIND_WORDS, KINDS } from "../../latent/journey.js";
import { axis, extent } from "../../pictures/axis.js";
import { CurveDrawing } from "./curve_drawing.js";

export class Curve {
  /** id: of tests; title: what is measured, with its unit; format: how a value reads. */
  constructor(id, title, note, format) {
    this.format = format;
    this.now = element("output", "", { "aria-live": "off" });
    this.note = element("p", "quiet", { hidden: "" });
    this.drawing = new CurveDrawing({ "data-testid": `curve-${id}` });
    this.labels = element("div", "ticks", { "aria-hidden": "true" });
    this.title = title;
    this.heading = element("h4", "", { title: note }, title);
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
    const percent = linear(scale, 100, 0);
    this.labels.replaceChildren(
      ...scale.ticks.map((tick) =>
        element("span", "", { style: `top: ${percent(tick)}%` }, this.format(tick, scale.step)),
      ),
    );
    this.drawing.show({ lines, legs, axis: scale, level: level?.value, band: band ?? undefined });
    this.describe(level);
  }

  rename(title) {
    this.title = title;
    say(this.heading, title);
  }

  /** In words, for those who do not see it, and as numbers. */
  describe(level) {
    const { lines, format } = this;
    const { canvas } = this.drawing;
    const parts = KINDS.map((kind) => {
      const [low, high] = extent(lines[kind]);
      canvas.dataset[`${kind}Min`] = low;
      canvas.dataset[`${kind}Max`] = high;
      return Number.isFinite(low) ? `${KIND_WORDS[kind]}: from ${format(low)} to ${format(high)}` : "";
    });
    const all = [...parts, level ? `${level.words}: ${format(level.value)}` : ""].filter(Boolean);
    canvas.setAttribute("aria-label", `${this.title}, along the path. ${all.join("; ")}.`);
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

  close() {
    this.drawing.close();
  }
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
    const { left, width } = this.stops.getBoundingClientRect();
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

  close() {
    for (const curve of this.curves) curve.close();
  }
}

/** A short piece of a kind's line. */
export function swatch(kind) {
  return element("span", `swatch ${kind}`, { "aria-hidden": "true" });
}
