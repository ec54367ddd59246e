// A run as a film: one cursor through its samples and its curves, all drawn here.

import { component, same, settle, themeOf, unpack } from "./live.js";

const TILE = 28; // pixels a side in a sheet
const PLOT = 150; // pixels high
const MARGIN = { left: 56, right: 12, top: 30, bottom: 8 };
const SPEEDS = [0.5, 1, 2, 4]; // times `PACE`
const PACE = 8; // sheets a second

class Film {
  constructor(place) {
    this.place = place;
    this.frame = element("div", "film");
    this.frame.dataset.testid = "film";
    this.sheet = element("canvas", "film-sheet");
    this.sheet.setAttribute("role", "img");
    this.plots = element("canvas", "film-plots");
    this.plots.setAttribute("role", "img");
    this.words = element("p", "film-words");
    this.slider = element("input", "film-slider");
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.slider.setAttribute("aria-label", "Moment of the run");
    this.play = element("button", "film-button");
    this.speed = element("select", "film-button");
    this.speed.setAttribute("aria-label", "Speed");
    for (const times of SPEEDS) this.speed.add(new Option(`${times} x`, times, times === 1, times === 1));
    this.branch = element("button", "film-button");
    this.jumps = element("div", "film-row");
    const controls = element("div", "film-row");
    controls.append(this.play, this.speed, this.slider, this.branch);
    const sides = element("div", "film-sides");
    sides.append(this.sheet, this.plots);
    this.frame.append(controls, this.jumps, this.words, sides);
    place.append(this.frame);
    this.listen();
    this.turn = 0;
    this.resizing = new ResizeObserver(() => this.bitmaps && this.prepare());
    this.resizing.observe(this.frame);
  }

  listen() {
    this.slider.addEventListener("input", () => this.hold().go(this.slider.valueAsNumber));
    this.play.addEventListener("click", () => (this.playing ? this.hold() : this.run()));
    this.branch.addEventListener("click", () => this.trigger("branch", this.snapshot()));
    const follow = (event) => {
      if (event.buttons) this.hold().go(this.nearest(this.stepAt(event.offsetX)));
    };
    this.plots.addEventListener("pointerdown", (event) => {
      this.plots.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.plots.addEventListener("pointermove", follow);
  }

  async show(data, trigger) {
    this.trigger = trigger;
    if (same(data, this.data)) return this.prepare(); // but the theme may have changed
    const turn = ++this.turn;
    const [about, body] = unpack(data);
    let start = 0;
    const sheets = about.sizes.map((size) => body.subarray(start, (start += size)));
    const bitmaps = await Promise.all(sheets.map((png) => createImageBitmap(new Blob([png], { type: "image/png" }))));
    if (turn !== this.turn) return;
    this.bitmaps?.forEach((bitmap) => bitmap.close());
    Object.assign(this, { data, about, bitmaps });
    settle(this.place);
    this.slider.max = bitmaps.length - 1;
    this.at = Math.min(this.at ?? bitmaps.length - 1, bitmaps.length - 1);
    this.jumps.replaceChildren(...about.moments.map((moment) => this.jump(moment)));
    this.branch.hidden = about.snapshots.length === 0;
    this.hold();
    this.prepare();
  }

  jump({ step, text }) {
    const button = element("button", "film-button film-jump");
    button.textContent = `${text} (${short(step, 9)})`;
    button.addEventListener("click", () => this.hold().go(this.nearest(step)));
    return button;
  }

  run() {
    if (this.at === this.bitmaps.length - 1) this.at = 0;
    this.playing = true;
    this.label();
    let due = performance.now();
    const tick = (now) => {
      if (!this.playing) return;
      if (now >= due) {
        due = now + 1000 / (PACE * this.speed.value);
        this.go(this.at + 1);
        if (this.at === this.bitmaps.length - 1) return this.hold();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  hold() {
    this.playing = false;
    this.label();
    return this;
  }

  label() {
    this.play.textContent = this.playing ? "Hold" : "Play";
  }

  go(at) {
    this.at = Math.max(0, Math.min(at, this.bitmaps.length - 1));
    this.slider.value = this.at;
    this.next ??= requestAnimationFrame(() => {
      this.next = undefined;
      this.draw();
    });
  }

  get step() {
    return this.about.steps[this.at];
  }

  nearest(step) {
    const { steps } = this.about;
    return steps.reduce((best, each, i) => (Math.abs(each - step) < Math.abs(steps[best] - step) ? i : best), 0);
  }

  /** The last snapshot at or before the cursor, else the first there is. */
  snapshot() {
    const { snapshots } = this.about;
    return snapshots.findLast((step) => step <= this.step) ?? snapshots[0];
  }

  stepAt(x) {
    const wide = this.plots.clientWidth - MARGIN.left - MARGIN.right;
    return ((x - MARGIN.left) / wide) * this.about.last;
  }

  /** Draw what stands still, once: the curves without the cursor. */
  prepare() {
    if (!this.bitmaps || !this.frame.clientWidth) return;
    const theme = themeOf(this.frame);
    this.still = document.createElement("canvas");
    const { curves } = this.about;
    const pen = sized(this.still, this.plots.clientWidth, curves.length * PLOT);
    curves.forEach((curve, i) => this.curve(pen, curve, i * PLOT, theme));
    sized(this.plots, this.plots.clientWidth, curves.length * PLOT);
    this.plots.style.height = `${curves.length * PLOT}px`;
    this.theme = theme;
    this.go(this.at);
  }

  curve(pen, { title, lines, logarithmic }, top, theme) {
    const wide = this.plots.clientWidth - MARGIN.left - MARGIN.right;
    const high = PLOT - MARGIN.top - MARGIN.bottom;
    const scale = logarithmic ? Math.log10 : (value) => value;
    const values = lines.flatMap((line) => line.values).filter(Number.isFinite).map(scale);
    const [low, span] = [Math.min(...values), Math.max(...values) - Math.min(...values) || 1];
    const x = (step) => MARGIN.left + (step / (this.about.last || 1)) * wide;
    const y = (value) => top + MARGIN.top + (1 - (scale(value) - low) / span) * high;
    pen.font = `15px ${theme.family}`;
    pen.strokeStyle = theme.rule;
    pen.strokeRect(MARGIN.left, top + MARGIN.top, wide, high);
    pen.fillStyle = theme.quiet;
    pen.textAlign = "right";
    for (const value of [low, low + span]) {
      const shown = logarithmic ? 10 ** value : value;
      pen.fillText(short(shown, 2), MARGIN.left - 6, y(shown) + (value === low ? 0 : 12));
    }
    pen.textAlign = "left";
    pen.fillText(title, MARGIN.left, top + 20);
    let right = MARGIN.left + pen.measureText(title).width + 16;
    for (const { name, colour, dash, steps, values: heights } of lines) {
      Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: 2.5 });
      pen.fillText(name, right, top + 20);
      right += pen.measureText(name).width + 16;
      pen.setLineDash(dash);
      pen.beginPath();
      steps.forEach((step, i) => Number.isFinite(heights[i]) && pen.lineTo(x(step), y(heights[i])));
      pen.stroke();
      pen.setLineDash([]);
      pen.lineWidth = 1;
    }
  }

  draw() {
    const { about, theme, step } = this;
    const bitmap = this.bitmaps[this.at];
    if (this.sheet.width !== bitmap.width) Object.assign(this.sheet, { width: bitmap.width, height: bitmap.height });
    this.sheet.getContext("2d").drawImage(bitmap, 0, 0);
    this.sheet.setAttribute("aria-label", `${about.count} generated digits after ${step} steps`);
    const pen = this.plots.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.plots.width, this.plots.height);
    pen.drawImage(this.still, 0, 0);
    pen.scale(devicePixelRatio, devicePixelRatio);
    const wide = this.plots.clientWidth - MARGIN.left - MARGIN.right;
    const x = MARGIN.left + (step / (about.last || 1)) * wide;
    pen.fillStyle = theme.ink;
    pen.fillRect(x - 1, 0, 2, this.plots.clientHeight);
    this.words.textContent = [`Step ${short(step, 9)}`, ...about.curves.flatMap((curve) => reading(curve, step))].join(" \u00b7 ");
    this.plots.setAttribute("aria-label", this.words.textContent);
    this.slider.setAttribute("aria-valuetext", this.words.textContent);
    this.branch.textContent = `Branch from step ${short(this.snapshot() ?? 0, 9)}`;
    this.frame.dataset.step = step;
  }

  close() {
    this.hold();
    this.resizing.disconnect();
    this.bitmaps?.forEach((bitmap) => bitmap.close());
  }
}

/** What the lines of a curve stood at, at `step`, in words; nothing before the first. */
function reading({ title, lines }, step) {
  const read = lines.flatMap(({ name, steps, values }) => {
    const at = steps.findLastIndex((each) => each <= step);
    return at < 0 || !Number.isFinite(values[at]) ? [] : [`${name} ${short(values[at], 3)}`];
  });
  return read.length ? [`${title}: ${read.join(", ")}`] : [];
}

function short(number, digits) {
  return number.toLocaleString("en", { maximumSignificantDigits: digits });
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

/** A canvas of this size on the page, in device pixels; its pen draws in the page's. */
function sized(canvas, width, height) {
  Object.assign(canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio });
  const pen = canvas.getContext("2d");
  pen.scale(devicePixelRatio, devicePixelRatio);
  return pen;
}

export default component(Film);
