// The time machine: one cursor through a run's samples and its curves, all drawn here. Beside it, a moment of it that
// was pinned, or another run.

import { component, Newest } from "../kit/component.js";
import { element, NextFrame, say } from "../kit/dom.js";
import { inflate, unpack } from "../kit/message.js";
import { complain, settle, useStyles } from "../kit/notes.js";
import { listen } from "../kit/stream.js";
import { themeOf } from "../kit/theme.js";
import { withOther, withPinned } from "./comparison.js";
import { Controls } from "./controls.js";
import { Curves } from "./curves.js";
import { SheetView } from "./sheet_view.js";
import { Timeline } from "./timeline.js";
import { allWords, stepWords } from "./words.js";

/** @import { Bytes } from "../kit/message.js" */
/** @import { Trigger } from "../kit/streamlit.d.ts" */
/** @import { Comparison } from "./comparison.js" */
/** @import { Acts } from "./controls.js" */
/** @import { TimelineData } from "./types.d.ts" */

const PACE = 8; // sheets a second
const STILL = 700; // ms without a move until a screen reader is told where the cursor stands

useStyles(new URL("./timeline.css", import.meta.url));

class TimeMachine {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.controls = new Controls(this.acts());
    this.curves = new Curves((step) => this.go(this.timeline?.nearest(step) ?? 0));
    this.words = element("p", "timeline-words");
    this.said = element("p", "timeline-said", { "aria-live": "polite" });
    this.legend = element("p", "timeline-legend");
    this.views = { pinned: new SheetView(), here: new SheetView(), other: new SheetView() };
    const figures = Object.values(this.views).map(({ figure }) => figure);
    this.sheets = element("div", "timeline-sheets", { role: "group", "aria-label": "Samples" }, ...figures);
    this.element = element(
      "div",
      "timeline",
      { role: "group", "aria-label": "Time machine" },
      this.controls.element,
      this.words,
      this.said,
      this.legend,
      element("div", "timeline-sides", {}, this.sheets, this.curves.element),
    );
    root.append(this.element);
    this.at = 0; // the place of the sheet that is looked at
    this.isPlaying = false;
    /** @type {number | undefined} a step */
    this.pinned = undefined;
    /** @type {string[]} topics: of this run, and of the one beside it */
    this.sources = [];
    /** @type {string[]} titles of the curves that both runs share */
    this.overlaid = [];
    /** @type {(Bytes | undefined)[]} of each source, what it pushed last */
    this.bodies = [];
    /** @type {(() => void)[]} */
    this.stops = [];
    /** @type {TimelineData | undefined} what the curves are drawn of, and how they look */
    this.drawn = undefined;
    this.look = "";
    this.newest = new Newest();
    this.frame = new NextFrame(() => this.draw());
    this.resizing = new ResizeObserver(() => this.prepare());
    this.resizing.observe(this.element);
  }

  /** @returns {Acts} */
  acts() {
    return {
      play: () => (this.isPlaying ? this.hold() : this.play()),
      move: (place) => this.go(place),
      jump: (step) => this.go(this.timeline?.after(step) ?? 0),
      follow: () => this.go(this.timeline?.end ?? 0),
      branch: () => this.trigger?.("branch", this.timeline?.snapshot(this.step)),
      pin: () => this.pin(this.pinned === undefined ? this.step : undefined),
      compare: () => this.prepare(),
    };
  }

  // ---- what Python and the server say

  /**
   * @param {Bytes} data a line of JSON: the topics, and the titles of the curves that both runs share
   * @param {Trigger} trigger
   */
  update(data, trigger) {
    const [{ sources, overlaid }] = unpack(data);
    this.trigger = trigger;
    this.overlaid = overlaid;
    if (sources.join() === this.sources.join()) return this.prepare(); // the theme may have changed
    for (const stop of this.stops) stop();
    this.sources = sources;
    this.bodies = this.sources.map(() => undefined);
    this.stops = this.sources.map((source, i) => listen(source, "timeline", (body) => this.hear(i, body)));
  }

  /**
   * @param {number} i which source
   * @param {Bytes} body
   */
  async hear(i, body) {
    this.bodies[i] = body;
    const bodies = this.bodies.filter((each) => each !== undefined);
    if (bodies.length < this.bodies.length) return;
    const isNewest = this.newest.begin();
    try {
      const [mine, other] = await Promise.all(bodies.map(inflate));
      if (!isNewest()) return;
      settle(this.root);
      this.take(mine, other);
    } catch (error) {
      if (isNewest()) complain(this.root, error);
    }
  }

  /**
   * @param {TimelineData} mine
   * @param {TimelineData} [other] of the run beside this one
   */
  take(mine, other) {
    const step = this.timeline && this.at !== this.timeline.end ? this.step : undefined;
    if (this.timeline) this.timeline.take(mine);
    else this.timeline = new Timeline(mine, () => this.frame.ask());
    this.at = step === undefined ? this.timeline.end : this.timeline.nearest(step);
    this.takeOther(mine, other);
    this.controls.offer(mine, other !== undefined);
    this.prepare();
  }

  /**
   * @param {TimelineData} mine
   * @param {TimelineData} [data]
   */
  takeOther(mine, data) {
    this.legend.replaceChildren();
    if (data) {
      this.pinned = undefined;
      if (this.other) this.other.take(data);
      else this.other = new Timeline(data, () => this.frame.ask());
      this.legend.append(legendOf("A", mine.name), legendOf("B", data.name));
    } else {
      this.other?.close();
      this.other = undefined;
    }
  }

  // ---- what people do

  play() {
    const { timeline } = this;
    if (!timeline) return;
    if (this.at === timeline.end) this.at = 0;
    this.isPlaying = true;
    let due = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      if (!this.isPlaying) return;
      if (now >= due) {
        due = now + 1000 / (PACE * this.controls.speed);
        this.show(this.at + 1);
        if (this.at === timeline.end) return this.hold();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  hold() {
    this.isPlaying = false;
    this.frame.ask();
  }

  /**
   * Stay at the sheet of this place.
   * @param {number} place
   */
  go(place) {
    this.hold();
    this.show(place);
  }

  /** @param {number} place */
  show(place) {
    if (!this.timeline) return;
    this.at = Math.max(0, Math.min(place, this.timeline.end));
    this.timeline.pictures.aimAt(this.at);
    this.frame.ask();
    clearTimeout(this.saying);
    this.saying = setTimeout(() => say(this.said, this.words.textContent ?? ""), STILL);
  }

  /** @param {number | undefined} step */
  pin(step) {
    this.pinned = step;
    this.prepare(); // there may be less room for the curves now
  }

  // ---- drawing

  get step() {
    return this.timeline?.data.steps[this.at] ?? 0;
  }

  /** Whether two runs are compared after the same training time. */
  get byTime() {
    return this.other !== undefined && this.controls.isByTime;
  }

  /**
   * What the cursor's step is compared with.
   * @param {Timeline} timeline
   * @returns {Comparison | undefined}
   */
  besideOf(timeline) {
    const { step, other, pinned, overlaid, byTime } = this;
    if (other) return withOther(timeline, step, other, byTime, overlaid);
    return pinned === undefined ? undefined : withPinned(timeline, pinned);
  }

  /** Draw what stands still, if it looks different now: the curves without the cursor. */
  prepare() {
    const { timeline, other, pinned, views, curves } = this;
    if (!timeline || !this.element.clientWidth) return;
    const isPair = pinned !== undefined || other !== undefined;
    views.pinned.figure.hidden = pinned === undefined;
    views.other.figure.hidden = !other;
    this.sheets.classList.toggle("timeline-pair", isPair);
    const theme = Object.values(themeOf(this.element));
    const look = [isPair, this.byTime, curves.element.clientWidth, devicePixelRatio, ...theme].join();
    if (this.drawn !== timeline.data || look !== this.look) {
      curves.draw(timeline, other, this.overlaid, this.byTime);
      this.drawn = timeline.data;
      this.look = look;
    }
    curves.pin(pinned);
    for (const view of Object.values(views)) view.fit();
    this.frame.ask();
  }

  /** Draw what moves with the cursor. */
  draw() {
    const { timeline, other, step, pinned, at } = this;
    if (!timeline || !this.drawn) return;
    this.curves.move(step);
    const beside = this.besideOf(timeline);
    this.drawSheets(timeline, beside);
    say(this.words, allWords(timeline, step, this.byTime, beside));
    const isComplete = timeline.pictures.isComplete && (!other || other.pictures.isComplete);
    this.sheets.setAttribute("aria-busy", String(!isComplete));
    this.controls.tell({
      at,
      isPlaying: this.isPlaying,
      follows: at === timeline.end,
      isPinned: pinned !== undefined,
      snapshot: timeline.snapshot(step),
      words: stepWords(step),
    });
  }

  /**
   * @param {Timeline} timeline
   * @param {Comparison} [beside]
   */
  drawSheets(timeline, beside) {
    const { views, other, pinned, at } = this;
    views.here.show(timeline, at, other ? `A: ${timeline.data.name}, ` : "");
    if (pinned !== undefined) views.pinned.show(timeline, timeline.nearest(pinned), "Pinned: ");
    if (!other || !beside) return;
    const place = other.nearest(beside.step);
    other.pictures.aimAt(place);
    views.other.show(other, place, `B: ${other.data.name}, ${beside.isOver ? "over after " : ""}`);
  }

  close() {
    this.newest.end();
    for (const stop of this.stops) stop();
    this.isPlaying = false;
    this.frame.cancel();
    clearTimeout(this.saying);
    this.resizing.disconnect();
    this.timeline?.close();
    this.other?.close();
  }
}

/**
 * A run's letter and name beside a piece of its lines.
 * @param {"A" | "B"} letter
 * @param {string} name
 */
function legendOf(letter, name) {
  return element("span", `timeline-key timeline-key-${letter}`, {}, `${letter}: ${name}`);
}

export default component(TimeMachine);
