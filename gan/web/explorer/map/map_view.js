// The map as elements: the canvas of digits, what is drawn over it, its axes, and the tools below it.

import { button, element, say } from "../../kit/dom.js";
import { HUES } from "./plane_map.js";

/** @import { Located, Plane } from "../../latent/plane.js" */
/** @import { View } from "../../latent/plane_view.js" */

/**
 * @typedef {object} Tools
 * @property {(levels: number) => void} onZoom
 * @property {() => void} onWhole
 * @property {() => void} onCentre
 * @property {() => void} onTint
 */

const SOON = 600; // ms of drawing that need no words
const HELP =
  "Drag, or use the arrow keys (Shift: larger steps; Home: the middle). To zoom: + and −, two fingers, or the " +
  "wheel while the map has the focus. To move the map: Shift and drag, two fingers, or Alt and arrow keys.";
const BEYOND =
  "Numbers of z stop at ±3: the veiled part of the plane is beyond, and the cursor stays within.";
/** In shares of the map. @type {[right: number, down: number][]} */
const CORNERS = [
  [0.001, 0.001],
  [0.001, 0.999],
  [0.999, 0.001],
  [0.999, 0.999],
];
const SVG = "http://www.w3.org/2000/svg";

export class MapView {
  /**
   * @param {HTMLElement} marks shown on the map
   * @param {Tools} tools
   */
  constructor(marks, { onZoom, onWhole, onCentre, onTint }) {
    this.began = 0; // ms, when what is being drawn was begun; 0: nothing is
    this.canvas = element("canvas", "", { "aria-hidden": "true", "data-testid": "map-canvas" });
    this.veil = path("veil");
    this.edge = path("edge");
    this.pin = element("div", "pin", { "data-testid": "map-cursor" });
    this.plate = element(
      "div",
      "plate",
      {
        tabindex: 0,
        role: "application",
        "aria-roledescription": "map",
        "aria-describedby": "map-help",
        "aria-busy": "true",
        "data-testid": "map",
      },
      this.canvas,
      border(this.veil, this.edge),
      marks,
      this.pin,
    );
    this.across = new Axis("across");
    this.upwards = new Axis("upwards");
    this.map = element("div", "plane-map", {}, this.upwards.element, this.plate, this.across.element);
    this.out = zoomButton("−", "Zoom out", "Zoom out (-)", () => onZoom(-1));
    this.into = zoomButton("+", "Zoom in", "Zoom in (+)", () => onZoom(1));
    this.whole = button("Whole", onWhole, { title: "All of the map" });
    this.centre = button("Centre", onCentre, { title: "The cursor in the middle" });
    this.tint = button("Colour by digit", onTint, { "aria-pressed": "false" });
    this.place = element("output", "", { "data-testid": "map-place" });
    this.progress = element("span", "quiet", { "data-testid": "map-progress" });
    this.legend = element(
      "ol",
      "hues",
      { hidden: "", "aria-label": "Colours of the digits", "data-testid": "map-legend" },
      ...HUES.map((hue, digit) => element("li", "", { style: `--hue: rgb(${hue})` }, String(digit))),
    );
    this.beyond = element("p", "quiet", { hidden: "", "data-testid": "map-beyond" }, BEYOND);
    const buttons = [this.out, this.into, this.whole, this.centre, this.tint];
    this.tools = element(
      "div",
      "plane-tools",
      {},
      element("div", "row", {}, ...buttons, this.place, this.progress),
      this.legend,
      this.beyond,
      element("p", "quiet", { id: "map-help" }, HELP),
    );
  }

  /**
   * Everything but the digits, the marks and the cursor.
   * @param {Plane} plane
   * @param {View} view
   * @param {{ names: string[], title: string, isTinted: boolean }} told names: of the axes
   */
  show(plane, view, { names, title, isTinted }) {
    const corners = plane.reach.map(([x, y]) =>
      view
        .share(x, y)
        .map((share) => share.toFixed(5))
        .join(" "),
    );
    const outline = `M${corners.join("L")}Z`;
    this.edge.setAttribute("d", outline);
    this.veil.setAttribute("d", `M-1 -1H2V2H-1Z${outline}`);
    this.beyond.hidden = CORNERS.every((share) => plane.reaches(...view.point(...share)));
    this.across.show(view.x, view.span, names[0]);
    this.upwards.show(view.y, view.span, names[1]);
    this.plate.setAttribute("aria-label", title);
    this.whole.disabled = view.isWhole;
    this.tint.setAttribute("aria-pressed", String(isTinted));
    this.legend.hidden = !isTinted;
  }

  /** @param {Located} cursor @param {View} view */
  showCursor(cursor, view) {
    const [right, down] = view.share(cursor.x, cursor.y);
    this.pin.style.setProperty("--right", String(right));
    this.pin.style.setProperty("--down", String(down));
    this.pin.classList.toggle("apart", !cursor.isIn);
    say(this.place, placeWords(cursor));
  }

  /** @param {number} share of the map that is drawn */
  showProgress(share) {
    this.plate.setAttribute("aria-busy", String(share < 1));
    const now = performance.now();
    this.began = share < 1 ? this.began || now : 0;
    const isLong = share < 1 && now - this.began > SOON;
    say(this.progress, isLong ? `${Math.round(100 * share)}% drawn` : "");
  }
}

/** An axis: its ends and what it is. */
class Axis {
  /** @param {string} className */
  constructor(className) {
    this.from = element("span");
    this.name = element("span", "name");
    this.to = element("span");
    this.element = element(
      "div",
      `axis ${className}`,
      { "aria-hidden": "true" },
      this.from,
      this.name,
      this.to,
    );
  }

  /** @param {number} middle @param {number} span @param {string} name */
  show(middle, span, name) {
    say(this.from, signed(middle - span / 2));
    say(this.name, `${name} →`);
    say(this.to, signed(middle + span / 2));
  }
}

/** Where the cursor is, in words. @param {Located} cursor */
export function placeWords({ x, y, isIn, distance }) {
  const words = `x ${signed(x)}, y ${signed(y)}`;
  return isIn ? words : `${words}: the large digit is ${distance.toFixed(1)} away from this plane`;
}

/** @param {number} value */
export function signed(value) {
  return value.toFixed(2).replace("-", "−");
}

/** @param {string} sign @param {string} name @param {string} title @param {() => void} action */
function zoomButton(sign, name, title, action) {
  return button(sign, action, { "aria-label": name, title });
}

/** @param {string} className */
function path(className) {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", className);
  return made;
}

/** @param {SVGPathElement[]} paths */
function border(...paths) {
  const made = document.createElementNS(SVG, "svg");
  const frame = { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" };
  for (const [name, value] of Object.entries(frame)) made.setAttribute(name, value);
  made.append(...paths);
  return made;
}
