// Moves along a path: a slider, Play, Loop and Speed. Knows positions, not what is there.

import { button, element, prefersStillness, say } from "../../kit/dom.js";

const SECONDS_PER_LEG = 1.6; // at speed 1: 32 frames at 20 a second, as a GIF shows them
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const LONGEST_STRIDE = 0.1; // s: after a stall, it does not jump
const LARGE_STEP = 0.1; // of a leg, with Shift

/** @type {Record<string, number>} */
const WAYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
/** @type {Record<string, number>} */
const STOPS = { PageUp: -1, PageDown: 1 };

export class Player {
  /**
   * @param {object} handlers
   * @param {() => void} handlers.onHold before it moves
   * @param {(position: number) => void} handlers.onMove as it does
   * @param {() => void} handlers.onStart
   * @param {() => void} handlers.onRest when it has come to rest
   */
  constructor({ onHold, onMove, onStart, onRest }) {
    this.onHold = onHold;
    this.onMove = onMove;
    this.onStart = onStart;
    this.onRest = onRest;
    this.position = 0;
    this.legs = 1;
    this.isPlaying = false;
    this.loops = false;
    /** ms of the last frame. @type {number | undefined} */
    this.last = undefined;
    this.frame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.slider = element("input", "", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: 0,
      "aria-label": "Position on the path",
      "data-testid": "path-position",
    });
    this.play = button("Play", () => this.toggle(), {
      class: "main",
      title: "Play or pause (Space)",
      "data-testid": "path-play",
    });
    this.loop = button("Loop", () => this.toggleLoop(), {
      "aria-pressed": "false",
      title: "After the last stop, begin again at the first",
      "data-testid": "path-loop",
    });
    this.speed = element(
      "select",
      "",
      {
        "aria-label": "Speed",
        title: `At 1×, ${SECONDS_PER_LEG} seconds from stop to stop`,
        "data-testid": "path-speed",
      },
      ...SPEEDS.map((speed) => element("option", "", { value: speed }, `${speed}×`)),
    );
    this.speed.value = "1";
    this.still = element(
      "p",
      "quiet",
      { hidden: "" },
      "Your system asks for less movement: Play goes from stop to stop without what is between.",
    );
    this.place = element("output", "", { "aria-live": "off", "data-testid": "path-place" });
    this.element = this.layOut();
    this.slider.addEventListener("input", () => this.drag(this.slider.valueAsNumber));
    this.slider.addEventListener("change", () => this.rest());
    this.slider.addEventListener("keydown", (event) => this.onKey(event));
  }

  layOut() {
    return element(
      "div",
      "player",
      {},
      element("div", "head", {}, element("span", "name", {}, "Position"), this.place),
      this.slider,
      element(
        "div",
        "row",
        {},
        this.play,
        button("◀ Previous stop", () => this.jump(-1), { title: "Page Up" }),
        button("Next stop ▶", () => this.jump(1), { title: "Page Down" }),
        this.loop,
        element("label", "speed", {}, "Speed ", this.speed),
      ),
      this.still,
    );
  }

  get pace() {
    return Number(this.speed.value);
  }

  /** Another path, or another place on it, without anybody's hand. @param {number} legs @param {number} position */
  set(legs, position = this.position) {
    this.legs = legs;
    this.slider.max = String(legs);
    this.show(Math.min(legs, position));
  }

  /** @param {number} position */
  show(position) {
    this.position = position;
    this.slider.value = String(position);
    this.slider.style.setProperty("--to", String(position / this.legs));
  }

  /** Where it is, for people. While it plays, a screen reader is not told of each frame. @param {string} words */
  showWords(words) {
    say(this.place, words);
    if (!this.isPlaying) this.slider.setAttribute("aria-valuetext", words);
  }

  /** @param {number} position */
  move(position) {
    this.show(Math.min(this.legs, Math.max(0, position)));
    this.onMove(this.position);
  }

  // ---- by hand

  /** @param {number} position */
  drag(position) {
    this.halt();
    this.onHold();
    this.move(position);
  }

  /** @param {number} position */
  goTo(position) {
    this.drag(position);
    this.rest();
  }

  /** To the stop before (-1) or after (1). @param {number} by */
  jump(by) {
    this.goTo(by < 0 ? Math.ceil(this.position) - 1 : Math.floor(this.position) + 1);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const way = WAYS[event.key];
    const stops = STOPS[event.key];
    if (stops) this.jump(stops);
    else if (event.shiftKey && way) this.goTo(this.position + way * LARGE_STEP);
    else return;
    event.preventDefault();
  }

  rest() {
    this.show(Math.round(100 * this.position) / 100);
    this.onRest();
  }

  // ---- by itself

  toggle() {
    if (this.isPlaying) this.pause();
    else this.begin();
  }

  toggleLoop() {
    this.loops = !this.loops;
    this.loop.setAttribute("aria-pressed", String(this.loops));
  }

  begin() {
    this.onHold();
    this.isPlaying = true;
    this.play.textContent = "Pause";
    if (this.position >= this.legs) this.move(0);
    this.onStart();
    this.still.hidden = !prefersStillness();
    if (prefersStillness()) return this.stepOn();
    this.last = undefined;
    this.frame = requestAnimationFrame((now) => this.advance(now));
  }

  /** @param {number} now ms */
  advance(now) {
    const seconds = Math.min(LONGEST_STRIDE, Math.max(0, now - (this.last ?? now)) / 1000);
    this.last = now;
    this.move(this.after(this.position + (this.pace * seconds) / SECONDS_PER_LEG));
    if (this.position >= this.legs && !this.loops) return this.pause();
    this.frame = requestAnimationFrame((next) => this.advance(next));
  }

  /** @param {number} position */
  after(position) {
    return this.loops && position >= this.legs ? position % this.legs : position;
  }

  /** For people who want less movement: stop by stop. */
  stepOn() {
    this.timer = setTimeout(
      () => {
        const next = Math.floor(this.position) + 1;
        this.move(next > this.legs ? 0 : next);
        if (this.position >= this.legs && !this.loops) return this.pause();
        this.stepOn();
      },
      (1000 * SECONDS_PER_LEG) / this.pace,
    );
  }

  pause() {
    this.halt();
    this.rest();
  }

  /** Ends the movement and tells nobody. */
  halt() {
    this.isPlaying = false;
    this.play.textContent = "Play";
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }
}
