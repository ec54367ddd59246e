// The curves of a run, or of two, over steps or training time. They are drawn once for all
// positions of the cursor, which is an element of its own above them.

import { themeOf } from "../live/live.js";
import { element } from "./controls.js";
import { secondsWords, short } from "./timeline.js";

const PLOT = 150; // pixels high, as all that follows
const AXIS = 44; // the pin's label below the numbers
const MARGIN = { left: 60, right: 22, top: 32, bottom: 8 };
const TYPE = 16;
const SWATCH = 1.6; // times the type: a piece of a line beside its name
const OTHER = { width: 1.5, alpha: 0.7 };

export class Plots {
  constructor(moved) {
    this.place = element("div", "film-plots");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "Curves of the run: the text above says where they stand");
    this.cursor = element("div", "film-cursor");
    this.mark = element("div", "film-cursor film-mark");
    this.label = element("div", "film-label");
    this.label.textContent = "pinned";
    this.place.append(this.canvas, this.mark, this.label, this.cursor);
    const follow = (event) => {
      if (event.buttons) moved(this.stepAt(event.clientX - this.place.getBoundingClientRect().left));
    };
    this.place.addEventListener("pointerdown", (event) => {
      this.place.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.place.addEventListener("pointermove", follow);
  }

  /** Draw the curves of `reel`, and those of `other` that are `overlaid`. */
  prepare(reel, other, overlaid, byTime) {
    Object.assign(this, { reel, byTime });
    this.wide = this.place.clientWidth - MARGIN.left - MARGIN.right;
    this.extent = this.along(reel, reel.last) || 1;
    this.theme = themeOf(this.place);
    const height = reel.curves.length * PLOT + AXIS;
    const ratio = devicePixelRatio;
    Object.assign(this.canvas, { width: this.place.clientWidth * ratio, height: height * ratio });
    this.place.style.height = `${height}px`;
    this.pen = this.canvas.getContext("2d");
    this.pen.scale(ratio, ratio);
    reel.curves.forEach((curve, i) => {
      const second =
        overlaid.includes(curve.title) && other?.curves.find(({ title }) => title === curve.title);
      this.draw(i * PLOT, curve, this.points(reel, curve, second ? other : undefined, second));
    });
    this.axis(reel.curves.length * PLOT);
  }

  along(reel, step) {
    return this.byTime ? reel.secondsAt(step) : step;
  }

  x(along) {
    return MARGIN.left + (along / this.extent) * this.wide;
  }

  stepAt(x) {
    const along = ((x - MARGIN.left) / this.wide) * this.extent;
    return this.byTime ? this.reel.stepAt(along) : along;
  }

  move(step) {
    this.cursor.style.transform = `translateX(${this.x(this.along(this.reel, step)) - 1}px)`;
  }

  /** Mark this step, or none. */
  pin(step) {
    const { mark, label } = this;
    mark.hidden = label.hidden = step === undefined;
    if (mark.hidden) return;
    const x = this.x(this.along(this.reel, step));
    mark.style.transform = `translateX(${x - 1}px)`;
    const half = label.offsetWidth / 2;
    label.style.transform = `translateX(${Math.max(0, Math.min(x - half, this.place.clientWidth - 2 * half))}px)`;
  }

  /** Lines as points on the page's x and the curve's y; those of the other run first, to lie below. */
  points(reel, curve, other, second) {
    const of = (run, { steps, lines, dots }, isOther) => {
      const xs = steps.map((step) => this.along(run, step));
      return lines.map((line) => ({
        ...line,
        dots,
        isOther,
        points: line.values
          .map((y, i) => [xs[i], y])
          .filter(([x, y]) => Number.isFinite(y) && x <= this.extent),
      }));
    };
    return [...(other ? of(other, second, true) : []), ...of(reel, curve, false)];
  }

  draw(top, { title, logarithmic }, lines) {
    const { pen, theme, wide } = this;
    const high = PLOT - MARGIN.top - MARGIN.bottom;
    const scale = logarithmic ? (value) => Math.log10(Math.max(value, Number.MIN_VALUE)) : (value) => value;
    const values = lines.flatMap(({ points }) => points.map(([, y]) => scale(y)));
    const [low, highest] = [Math.min(...values), Math.max(...values)];
    const y = (value) => top + MARGIN.top + (1 - (value - low) / (highest - low || 1)) * high;
    pen.lineWidth = 1;
    pen.strokeStyle = theme.rule;
    pen.strokeRect(MARGIN.left, top + MARGIN.top, wide, high);
    this.heading(
      top + 20,
      title,
      lines.filter(({ isOther }) => !isOther),
    );
    pen.font = `${TYPE - 1}px ${theme.family}`;
    pen.fillStyle = theme.quiet;
    pen.textAlign = "right";
    for (const value of low < highest ? [low, highest] : [low]) {
      if (Number.isFinite(value))
        pen.fillText(
          short(logarithmic ? 10 ** value : value, 2),
          MARGIN.left - 8,
          y(value) + (value === low ? 0 : 12),
        );
    }
    pen.save();
    pen.beginPath();
    pen.rect(MARGIN.left, top + MARGIN.top - 2, wide, high + 4);
    pen.clip();
    for (const line of lines) this.line(line, (value) => y(scale(value)));
    pen.restore();
    this.letters(
      lines.filter(({ isOther, points }) => isOther && points.length),
      (value) => y(scale(value)),
      top,
    );
  }

  line({ colour, dash, dots, points, isOther }, y) {
    const { pen } = this;
    Object.assign(pen, {
      strokeStyle: colour,
      fillStyle: colour,
      lineWidth: isOther ? OTHER.width : 3,
      lineJoin: "round",
    });
    pen.globalAlpha = isOther ? OTHER.alpha : 1;
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [along, value] of points) pen.lineTo(this.x(along), y(value));
    pen.stroke();
    const half = isOther ? 2 : 3;
    const isRoomy = points.length < this.wide / 16;
    for (const [along, value] of (dots && isRoomy) || points.length === 1 ? points : [])
      pen.fillRect(this.x(along) - half, y(value) - half, 2 * half, 2 * half);
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  /** A letter where each line of the other run ends, on the page's own ground, none on another. */
  letters(lines, y, top) {
    const { pen, theme } = this;
    pen.font = `bold ${TYPE - 2}px ${theme.family}`;
    pen.textAlign = "left";
    const ends = lines.map(({ colour, points }) => ({
      colour,
      x: this.x(points.at(-1)[0]) + 5,
      y: y(points.at(-1)[1]) + 5,
    }));
    let free = top + MARGIN.top + 12;
    for (const end of ends.sort((a, b) => a.y - b.y)) {
      const base = Math.max(end.y, free);
      free = base + TYPE - 2;
      Object.assign(pen, { strokeStyle: theme.ground, fillStyle: end.colour, lineWidth: 4 });
      pen.strokeText("B", end.x, base);
      pen.fillText("B", end.x, base);
    }
  }

  /** The title, and each line's name beside a piece of it, as large as there is room for. */
  heading(base, title, lines) {
    const { pen, theme } = this;
    const write = (size, put) => {
      const [gap, swatch] = [size, size * SWATCH];
      pen.textAlign = "left";
      pen.font = `bold ${size}px ${theme.family}`;
      put(() => pen.fillText(title, MARGIN.left, base), theme.ink);
      let x = MARGIN.left + pen.measureText(title).width + gap;
      pen.font = `${size}px ${theme.family}`;
      for (const { name, colour, dash } of lines) {
        const from = x;
        put(() => {
          Object.assign(pen, { strokeStyle: colour, lineWidth: 3 });
          pen.setLineDash(dash);
          pen.beginPath();
          pen.moveTo(from, base - size / 3);
          pen.lineTo(from + swatch, base - size / 3);
          pen.stroke();
          pen.setLineDash([]);
          pen.fillText(name, from + swatch + gap / 2, base);
        }, colour);
        x += swatch + gap / 2 + pen.measureText(name).width + gap;
      }
      return x - gap;
    };
    const room = (this.place.clientWidth - MARGIN.left) / (write(TYPE, () => {}) - MARGIN.left);
    write(TYPE * Math.min(1, 0.98 * room), (drawn, colour) => {
      pen.fillStyle = colour;
      drawn();
    });
  }

  axis(top) {
    const { pen, theme } = this;
    pen.font = `${TYPE - 1}px ${theme.family}`;
    pen.fillStyle = theme.quiet;
    const words = (along) => (this.byTime ? secondsWords(along) : short(Math.round(along), 9));
    const labels = [
      [0, "left"],
      [0.5, "center"],
      [1, "right"],
    ];
    for (const [share, align] of labels) {
      pen.textAlign = align;
      const unit = share === 1 ? (this.byTime ? " of training" : " steps") : "";
      pen.fillText(words(share * this.extent) + unit, MARGIN.left + share * this.wide, top + 14);
    }
  }
}
