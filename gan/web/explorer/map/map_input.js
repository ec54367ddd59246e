// Pointers and keys on a map: one pointer moves the cursor, two of them (or one with Shift) move the map and zoom; keys do all of it.

const SLOP = 4; // px that a pointer may tremble without dragging
const NOTCH = 100; // px of wheel to a level of zoom; a pinched touchpad is taken as three times as far

/**
 * What pointers and keys ask for; `right` and `down` in shares of the map.
 * @typedef {object} Handlers
 * @property {() => void} begin once a gesture
 * @property {(right: number, down: number) => void} steer
 * @property {(right: number, down: number) => void} pan
 * @property {(levels: number, right: number, down: number) => void} zoom
 * @property {(isSoon?: boolean) => void} rest it lets go; isSoon: it has pressed a key that others may follow
 * @property {(x: number, y: number) => void} nudge by keys
 * @property {() => void} home by a key
 */

/** @typedef {[right: number, down: number]} Share */

/** @type {Record<string, [x: number, y: number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
/** @type {Record<string, number>} */
const LEVELS = { "+": 1, "=": 1, "-": -1, _: -1 };

export class MapInput {
  /**
   * @param {HTMLElement} map
   * @param {Handlers} handlers
   */
  constructor(map, handlers) {
    this.map = map;
    this.handlers = handlers;
    /** Where each is, by id. @type {Map<number, Share>} */
    this.pointers = new Map();
    /** @type {PointerEvent | null} */
    this.pressed = null;
    /** @type {"wait" | "steer" | "pan" | "pinch" | null} */
    this.doing = null;
    this.box = map.getBoundingClientRect();
    this.wheel = 0;
    map.addEventListener("pointerdown", (event) => this.press(event));
    map.addEventListener("pointermove", (event) => this.drag(event));
    map.addEventListener("pointerup", (event) => this.release(event));
    map.addEventListener("pointercancel", (event) => this.release(event));
    map.addEventListener("wheel", (event) => this.roll(event), { passive: false });
    map.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {MouseEvent} event @returns {Share} */
  share({ clientX, clientY }) {
    const { left, top, width, height } = this.box;
    return [(clientX - left) / width, (clientY - top) / height];
  }

  // ---- pointers

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || this.pointers.size === 2) return;
    this.box = this.map.getBoundingClientRect();
    this.pointers.set(event.pointerId, this.share(event));
    if (this.pointers.size === 2) {
      this.doing = "pinch";
      return;
    }
    this.pressed = event;
    this.doing = "wait"; // on a marker it may be a click, and a second finger may follow the first
    if (event.target === this.map && event.pointerType === "mouse") this.start(event);
  }

  /** @param {PointerEvent} event */
  start(event) {
    this.map.setPointerCapture(event.pointerId);
    this.map.focus(/** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: false })); // newer than its type
    this.doing = event.shiftKey ? "pan" : "steer";
    if (this.doing === "steer") {
      this.handlers.begin();
      this.handlers.steer(...this.share(event));
    }
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (this.doing === "wait" && this.pressed) {
      if (Math.hypot(event.clientX - this.pressed.clientX, event.clientY - this.pressed.clientY) < SLOP)
        return;
      this.start(this.pressed);
    }
    const now = this.share(event);
    if (this.doing === "pinch") this.pinch(event.pointerId, before, now);
    this.pointers.set(event.pointerId, now);
    if (this.doing === "steer") this.handlers.steer(...now);
    if (this.doing === "pan") this.handlers.pan(before[0] - now[0], before[1] - now[1]);
  }

  /**
   * Two fingers keep what is under them under them.
   * @param {number} id of the one that moved
   * @param {Share} before
   * @param {Share} now
   */
  pinch(id, before, now) {
    const other = [...this.pointers].find(([one]) => one !== id)?.[1];
    if (!other) return;
    const apart = (/** @type {Share} */ one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1e-3;
    this.handlers.pan((before[0] - now[0]) / 2, (before[1] - now[1]) / 2);
    this.handlers.zoom(
      2 * Math.log2(apart(now) / apart(before)),
      (now[0] + other[0]) / 2,
      (now[1] + other[1]) / 2,
    );
  }

  /** @param {PointerEvent} event */
  release({ pointerId, type }) {
    if (!this.pointers.delete(pointerId) || this.pointers.size > 0) return;
    const { pressed } = this;
    const isTap = this.doing === "wait" && type === "pointerup" && pressed?.target === this.map;
    if (isTap && pressed) this.start(pressed);
    if (this.doing !== "wait") this.handlers.rest();
    this.doing = null;
  }

  /** Only where people mean the map: else the page scrolls. @param {WheelEvent} event */
  roll(event) {
    const isHere = this.map.matches(":focus");
    if (!isHere && !event.ctrlKey) return;
    event.preventDefault();
    this.box = this.map.getBoundingClientRect();
    const unit = event.deltaMode === 0 ? 1 : NOTCH / 3;
    this.wheel -= event.deltaY * unit * (event.ctrlKey && Math.abs(event.deltaY) < NOTCH / 2 ? 3 : 1);
    const levels = Math.trunc(this.wheel / NOTCH);
    if (levels === 0) return;
    this.wheel -= levels * NOTCH;
    this.handlers.zoom(levels, ...this.share(event));
    this.handlers.rest(true);
  }

  // ---- keys

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target !== this.map || event.ctrlKey || event.metaKey) return;
    const way = WAYS[event.key];
    const levels = LEVELS[event.key];
    const far = event.shiftKey ? 0.5 : 0.05;
    if (way && event.altKey) this.handlers.pan(way[0] / 5, -way[1] / 5);
    else if (way) this.handlers.nudge(far * way[0], far * way[1]);
    else if (levels && !event.altKey) this.handlers.zoom(levels, 0.5, 0.5);
    else if (event.key === "Home" && !event.altKey) this.handlers.home();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.handlers.rest(true);
  }
}
