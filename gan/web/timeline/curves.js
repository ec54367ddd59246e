// The curves of a run, or of two, over steps or training time, one plot below the other; above them a cursor and the
// mark of what is pinned.

import { Chart, Cursor } from "../kit/chart.js";
import { element } from "../kit/dom.js";
import { domainOf, linear, logarithmic } from "../kit/scale.js";
import { themeOf } from "../kit/theme.js";
import { secondsWords, short } from "./words.js";

/** @import { Box, ChartLine } from "../kit/chart.js" */
/** @import { Scale } from "../kit/scale.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { Curve, Line } from "./types.d.ts" */

const PLOT = 150; // pixels high, as all that follows
const AXIS = 44; // the pin's label below the numbers
const MARGIN = { left: 60, right: 22, top: 32, bottom: 8 };
const TYPE = 16;
const SWATCH = 1.6; // times the type: a piece of a line beside its name
const [MINE, OTHER] = [
  { width: 3, alpha: 1, dot: 3 },
  { width: 1.5, alpha: 0.7, dot: 2 },
];
const ROOMY = 16; // pixels from dot to dot, at least

export class Curves {
  /** @param {(step: number) => void} moved told where a pointer drags the cursor */
  constructor(moved) {
    const canvas = element("canvas", "", {
      role: "img",
      "aria-label": "Curves of the run: the text above says where they stand",
    });
    this.cursor = new Cursor("timeline-cursor");
    this.mark = new Cursor("timeline-cursor timeline-mark");
    this.label = element("div", "timeline-label", {}, "pinned");
    this.element = element(
      "div",
      "timeline-plots",
      {},
      canvas,
      this.mark.element,
      this.label,
      this.cursor.element,
    );
    this.chart = new Chart(canvas);
    this.theme = themeOf(this.element);
    this.byTime = false;
    this.extent = 1; // steps, or seconds
    /** @type {Scale} from them to pixels */
    this.x = () => 0;
    this.listen(moved);
  }

  /** @param {(step: number) => void} moved */
  listen(moved) {
    const place = this.element;
    /** @param {PointerEvent} event */
    const follow = (event) => {
      if (event.buttons) moved(this.stepAt(event.clientX - place.getBoundingClientRect().left));
    };
    place.addEventListener("pointerdown", (event) => {
      place.setPointerCapture(event.pointerId);
      follow(event);
    });
    place.addEventListener("pointermove", follow);
  }

  /**
   * Draw the curves of `timeline`, and those of `other` whose titles are `overlaid`.
   * @param {Timeline} timeline
   * @param {Timeline | undefined} other
   * @param {string[]} overlaid
   * @param {boolean} byTime
   */
  draw(timeline, other, overlaid, byTime) {
    this.timeline = timeline;
    this.byTime = byTime;
    this.theme = themeOf(this.element);
    const { curves, last } = timeline.data;
    const [width, height] = [this.element.clientWidth, curves.length * PLOT + AXIS];
    const inner = width - MARGIN.left - MARGIN.right;
    this.extent = this.along(timeline, last) || 1;
    this.x = linear({ low: 0, high: this.extent }, MARGIN.left, MARGIN.left + inner);
    this.element.style.height = `${height}px`;
    this.chart.begin(width, height);
    curves.forEach((curve, i) => {
      const second = other?.data.curves.find(({ title }) => title === curve.title);
      const isShared = other && second && overlaid.includes(curve.title);
      const top = i * PLOT + MARGIN.top;
      const box = { left: MARGIN.left, top, width: inner, height: PLOT - MARGIN.top - MARGIN.bottom };
      this.plot(box, timeline, curve, isShared ? { timeline: other, curve: second } : undefined);
    });
    this.axis(inner, curves.length * PLOT + 14);
  }

  /**
   * @param {Timeline} timeline
   * @param {number} step
   */
  along(timeline, step) {
    return this.byTime ? timeline.secondsAt(step) : step;
  }

  /** @param {number} x in pixels from the left */
  stepAt(x) {
    const [left, right] = [this.x(0), this.x(this.extent)];
    const along = ((x - left) / (right - left)) * this.extent;
    return this.byTime && this.timeline ? this.timeline.stepAt(along) : along;
  }

  /** @param {number} step */
  move(step) {
    if (this.timeline) this.cursor.moveTo(this.x(this.along(this.timeline, step)));
  }

  /**
   * Mark this step, or none.
   * @param {number | undefined} step
   */
  pin(step) {
    const { mark, label, timeline } = this;
    mark.element.hidden = label.hidden = step === undefined;
    if (step === undefined || !timeline) return;
    const x = this.x(this.along(timeline, step));
    mark.moveTo(x);
    const half = label.offsetWidth / 2;
    const most = this.element.clientWidth - 2 * half;
    label.style.transform = `translateX(${Math.max(0, Math.min(x - half, most))}px)`;
  }

  /**
   * One curve, and that of the other run below it, on one axis.
   * @param {Box} box
   * @param {Timeline} timeline
   * @param {Curve} curve
   * @param {{ timeline: Timeline, curve: Curve }} [other]
   */
  plot(box, timeline, curve, other) {
    const mine = this.valuesOf(timeline, curve);
    const others = other ? this.valuesOf(other.timeline, other.curve) : [];
    const domain = domainOf([...mine, ...others].flatMap(({ values }) => values.map(([, value]) => value)));
    this.chart.frame(box, this.theme.rule);
    this.heading(box, curve);
    if (!domain) return;
    const y = (curve.logarithmic ? logarithmic : linear)(domain, box.top + box.height, box.top);
    this.values(box, domain.low < domain.high ? [domain.low, domain.high] : [domain.low], y);
    const below = others.map((line) => this.lineOf(line, y, OTHER, other?.curve.dots ?? false));
    const above = mine.map((line) => this.lineOf(line, y, MINE, curve.dots));
    this.chart.lines(box, [...below, ...above]);
    this.letters(box, below);
  }

  /**
   * Each line with its values that there are, up to where the axis ends.
   * @param {Timeline} timeline
   * @param {Curve} curve
   */
  valuesOf(timeline, { steps, lines }) {
    const along = steps.map((step) => this.along(timeline, step));
    return lines.map((line) => {
      /** @type {[along: number, value: number][]} */
      const values = [];
      line.values.forEach((value, i) => {
        if (value !== null && along[i] <= this.extent) values.push([along[i], value]);
      });
      return { line, values };
    });
  }

  /**
   * @param {{ line: Line, values: [along: number, value: number][] }} line
   * @param {Scale} y
   * @param {{ width: number, alpha: number, dot: number }} look
   * @param {boolean} hasDots
   * @returns {ChartLine}
   */
  lineOf({ line: { colour, dash }, values }, y, { width, alpha, dot }, hasDots) {
    const room = this.x(this.extent) - this.x(0);
    const isDotted = values.length === 1 || (hasDots && values.length < room / ROOMY);
    const points = values.map(
      ([along, value]) => /** @type {[number, number]} */ ([this.x(along), y(value)]),
    );
    return { points, colour, dash, width, alpha, dot: isDotted ? dot : 0 };
  }

  /**
   * Numbers beside the box.
   * @param {Box} box
   * @param {number[]} values the lowest first
   * @param {Scale} y
   */
  values({ left }, values, y) {
    const { quiet, family } = this.theme;
    const type = { colour: quiet, font: `${TYPE - 1}px ${family}`, align: /** @type {const} */ ("right") };
    values.forEach((value, i) => {
      this.chart.write(short(value, 2), left - 8, y(value) + (i ? 12 : 0), type);
    });
  }

  /**
   * A letter where each line of the other run ends, on the page's own ground, none on another.
   * @param {Box} box
   * @param {ChartLine[]} lines
   */
  letters({ top }, lines) {
    const font = `bold ${TYPE - 2}px ${this.theme.family}`;
    const ends = lines.flatMap(({ colour, points }) => {
      const end = points.at(-1);
      return end ? [{ colour, x: end[0] + 5, y: end[1] + 5 }] : [];
    });
    let free = top + 12;
    for (const { colour, x, y } of ends.sort((a, b) => a.y - b.y)) {
      const base = Math.max(y, free);
      free = base + TYPE - 2;
      this.chart.write("B", x, base, { colour, font, halo: this.theme.ground });
    }
  }

  /**
   * The title, and each line's name beside a piece of it, as large as there is room for.
   * @param {Box} box
   * @param {Curve} curve
   */
  heading({ left, top }, { title, lines }) {
    const { family, ink } = this.theme;
    const [size, room] = [this.headingWidth(TYPE, title, lines), this.element.clientWidth - left];
    const type = TYPE * Math.min(1, (0.98 * room) / size);
    const [gap, swatch, base] = [type, type * SWATCH, top + 20 - MARGIN.top];
    const [bold, plain] = [`bold ${type}px ${family}`, `${type}px ${family}`];
    this.chart.write(title, left, base, { colour: ink, font: bold });
    let x = left + this.chart.widthOf(title, bold) + gap;
    for (const { name, colour, dash } of lines) {
      const [end, y] = [x + swatch, base - type / 3];
      this.chart.line({ points: [[x, y], [end, y]], colour, dash, width: MINE.width }); // biome-ignore format: a piece
      this.chart.write(name, end + gap / 2, base, { colour, font: plain });
      x = end + gap / 2 + this.chart.widthOf(name, plain) + gap;
    }
  }

  /**
   * How wide a heading is.
   * @param {number} type in pixels
   * @param {string} title
   * @param {Line[]} lines
   */
  headingWidth(type, title, lines) {
    const { family } = this.theme;
    const names = lines.map(({ name }) => this.chart.widthOf(name, `${type}px ${family}`));
    const pieces = names.reduce((sum, name) => sum + type * (1.5 + SWATCH) + name, 0);
    return this.chart.widthOf(title, `bold ${type}px ${family}`) + pieces;
  }

  /**
   * Where the axis begins, is half way, and ends.
   * @param {number} width
   * @param {number} base
   */
  axis(width, base) {
    const { quiet, family } = this.theme;
    /** @param {number} along */
    const words = (along) => (this.byTime ? secondsWords(along) : short(Math.round(along), 9));
    const end = `${words(this.extent)} ${this.byTime ? "of training" : "steps"}`;
    /** @type {[share: number, align: CanvasTextAlign, text: string][]} */
    const labels = [
      [0, "left", words(0)],
      [0.5, "center", words(this.extent / 2)],
      [1, "right", end],
    ];
    for (const [share, align, text] of labels)
      this.chart.write(text, MARGIN.left + share * width, base, {
        colour: quiet,
        font: `${TYPE - 1}px ${family}`,
        align,
      });
  }
}
