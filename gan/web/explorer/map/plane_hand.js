// Hands on a map: one pointer moves the cursor, two of them (or one with Shift) move the map and zoom; keys do all of it.

const SLOP = 4; // px that a pointer may tremble without dragging
const NOTCH = 100; // px of wheel to a level of zoom; a pinched touchpad is taken as three times as far

/**
 * told: begin() once a gesture, steer(right, down) in shares of the map, pan(right, down), zoom(levels, right, down),
 * rest(isSoon) when the hand lets go, or has pressed a key that others may follow; nudge(x, y) and home() for keys.
 */
export class MapHand {
  constructor(map, told) {
    this.map = map;
    this.told = told;
    this.pointers = new Map(); // id -> [right, down]
    this.wheel = 0;
    map.addEventListener("pointerdown", (event) => this.press(event));
    map.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"])
      map.addEventListener(end, (event) => this.release(event));
    map.addEventListener("wheel", (event) => this.roll(event), { passive: false });
    map.addEventListener("keydown", (event) => this.key(event));
  }

  share({ clientX, clientY }) {
    const { left, top, width, height } = this.box;
    return [(clientX - left) / width, (clientY - top) / height];
  }

  // ---- pointers

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

  start(event) {
    this.map.setPointerCapture(event.pointerId);
    this.map.focus({ preventScroll: true, focusVisible: false });
    this.doing = event.shiftKey ? "pan" : "steer";
    if (this.doing === "steer") {
      this.told.begin();
      this.told.steer(...this.share(event));
    }
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (this.doing === "wait") {
      if (Math.hypot(event.clientX - this.pressed.clientX, event.clientY - this.pressed.clientY) < SLOP)
        return;
      this.start(this.pressed);
    }
    const now = this.share(event);
    if (this.doing === "pinch") this.pinch(event.pointerId, before, now);
    this.pointers.set(event.pointerId, now);
    if (this.doing === "steer") this.told.steer(...now);
    if (this.doing === "pan") this.told.pan(before[0] - now[0], before[1] - now[1]);
  }

  /** Two fingers keep what is under them under them. */
  pinch(id, before, now) {
    const other = [...this.pointers].find(([one]) => one !== id)?.[1];
    if (!other) return;
    const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1e-3;
    this.told.pan((before[0] - now[0]) / 2, (before[1] - now[1]) / 2);
    this.told.zoom(
      2 * Math.log2(apart(now) / apart(before)),
      (now[0] + other[0]) / 2,
      (now[1] + other[1]) / 2,
    );
  }

  release({ pointerId, type }) {
    if (!this.pointers.delete(pointerId) || this.pointers.size > 0) return;
    const isTap = this.doing === "wait" && type === "pointerup" && this.pressed.target === this.map;
    if (isTap) this.start(this.pressed);
    if (this.doing !== "wait") this.told.rest();
    this.doing = null;
  }

  /** Only where people mean the map: else the page scrolls. */
  roll(event) {
    const isHere = this.map.getRootNode().activeElement === this.map;
    if (!isHere && !event.ctrlKey) return;
    event.preventDefault();
    this.box = this.map.getBoundingClientRect();
    const unit = event.deltaMode === 0 ? 1 : NOTCH / 3;
    this.wheel -= event.deltaY * unit * (event.ctrlKey && Math.abs(event.deltaY) < NOTCH / 2 ? 3 : 1);
    const levels = Math.trunc(this.wheel / NOTCH);
    if (levels === 0) return;
    this.wheel -= levels * NOTCH;
    this.told.zoom(levels, ...this.share(event));
    this.told.rest(true);
  }

  // ---- keys

  key(event) {
    if (event.target !== this.map || event.ctrlKey || event.metaKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const levels = { "+": 1, "=": 1, "-": -1, _: -1 }[event.key];
    if (way && event.altKey) this.told.pan(way[0] / 5, -way[1] / 5);
    else if (way) this.told.nudge(...way.map((one) => one * (event.shiftKey ? 0.5 : 0.05)));
    else if (levels && !event.altKey) this.told.zoom(levels, 0.5, 0.5);
    else if (event.key === "Home" && !event.altKey) this.told.home();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.told.rest(true);
  }
}
