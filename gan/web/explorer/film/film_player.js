// Moves along a film: a slider of steps, Play and Pause. Knows positions, not what is there.

import { button, element, prefersStillness, say } from "../../kit/dom.js";

const LENGTH = 4000; // ms that a film plays
const FASTEST = 40; // ms between two pictures
const SLOWEST = 400;
const STILL_PICTURES = 6; // for those who want less movement
const STILL_PAUSE = 1000; // ms

/**
 * How a film plays: the positions that are shown after `from`, and how long each, in ms.
 * @param {number} from
 * @param {number} steps
 * @param {boolean} isStill whether people want less movement
 */
export function showing(from, steps, isStill) {
  const most = isStill ? STILL_PICTURES : LENGTH / FASTEST;
  const stride = Math.max(1, Math.ceil(steps / most));
  const pause = isStill ? STILL_PAUSE : Math.min(SLOWEST, (LENGTH * stride) / steps);
  const positions = [];
  for (let position = from + stride; position < steps; position += stride) positions.push(position);
  return { positions: [...positions, steps], pause };
}

export class FilmPlayer {
  /**
   * @param {object} handlers
   * @param {(position: number) => void} handlers.onMove as it moves
   * @param {() => void} handlers.onRest when it has come to rest
   */
  constructor({ onMove, onRest }) {
    this.onMove = onMove;
    this.onRest = onRest;
    this.position = 0;
    this.steps = 1;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.slider = element("input", "", {
      type: "range",
      min: 0,
      max: 1,
      step: 1,
      value: 0,
      "aria-label": "Step of the film",
      "data-testid": "film-position",
    });
    this.play = button("Play", () => this.toggle(), {
      class: "main",
      title: "Play or pause (Space)",
      "data-testid": "film-play",
    });
    this.place = element("output", "", { "aria-live": "off", "data-testid": "film-place" });
    this.element = element(
      "div",
      "film-player",
      {},
      this.slider,
      element("div", "row", {}, this.play, this.place),
    );
    this.slider.addEventListener("input", () => this.drag(this.slider.valueAsNumber));
    this.slider.addEventListener("change", () => this.onRest());
  }

  get isPlaying() {
    return this.timer !== undefined;
  }

  /** Another film, or another place in it, without anybody's hand. @param {number} steps @param {number} position */
  set(steps, position) {
    if (steps !== this.steps) this.halt();
    this.steps = steps;
    this.slider.max = String(steps);
    this.show(position);
  }

  /** @param {number} position */
  show(position) {
    this.position = Math.min(this.steps, Math.max(0, position));
    this.slider.value = String(this.position);
    this.slider.style.setProperty("--to", String(this.position / this.steps));
  }

  /** Where it is. While it plays, a screen reader is not told of each picture. @param {string} words */
  showWords(words) {
    say(this.place, words);
    if (!this.isPlaying) this.slider.setAttribute("aria-valuetext", words);
  }

  /** @param {number} position */
  move(position) {
    this.show(position);
    this.onMove(this.position);
  }

  /** @param {number} position */
  drag(position) {
    this.halt();
    this.move(position);
  }

  /** @param {number} position */
  goTo(position) {
    this.drag(position);
    this.onRest();
  }

  // ---- by itself

  toggle() {
    if (this.isPlaying) return this.pause();
    const isOver = this.position === this.steps;
    const { positions, pause } = showing(isOver ? 0 : this.position, this.steps, prefersStillness());
    say(this.play, "Pause");
    this.playOn(isOver ? [0, ...positions] : positions, pause);
  }

  /** @param {number[]} positions that are left @param {number} pause ms */
  playOn([next, ...others], pause) {
    if (next === undefined) return this.pause();
    this.timer = setTimeout(() => this.playOn(others, pause), pause);
    this.move(next);
  }

  pause() {
    this.halt();
    this.onRest();
  }

  /** Ends the movement and tells nobody. */
  halt() {
    clearTimeout(this.timer);
    this.timer = undefined;
    say(this.play, "Play");
  }
}
