// A plane through latent space as a map of digits, with the large digit at its cursor.

import { button, element, later, say } from "../../kit/dom.js";
import { AddressError } from "../../latent/address.js";
import { hundredths } from "../../latent/geometry.js";
import { planeOf } from "../../latent/plane.js";
import { readPlane, spellPlane } from "../../latent/plane_address.js";
import { View } from "../../latent/plane_view.js";
import { DIRECTIONS, PlaneChoice } from "./plane_choice.js";
import { MapHand } from "./plane_hand.js";
import { HUES, PlaneMap } from "./plane_map.js";
import { PlaneMarks } from "./plane_marks.js";

const STILL = 300; // ms after which keys that were pressed are a gesture that ended
const SOON = 600; // ms of drawing that need no words
const HELP =
  "Drag, or use the arrow keys (Shift: larger steps; Home: the middle). To zoom: + and −, two fingers, or the " +
  "wheel while the map has the focus. To move the map: Shift and drag, two fingers, or Alt and arrow keys.";
const BEYOND =
  "Numbers of z stop at ±3: the veiled part of the plane is beyond, and the cursor stays within.";
const CORNERS = [0.001, 0.999].flatMap((right) => [0.001, 0.999].map((down) => [right, down])); // in shares of the map
const SVG = "http://www.w3.org/2000/svg";

export class Pad {
  id = "map";
  title = "Map";

  constructor(explorer) {
    this.explorer = explorer;
    this.isTinted = false;
    this.choice = new PlaneChoice(explorer, (span, given) => this.lay(span, given));
    this.choice.onDrop = () => (this.awaited = null);
    this.marks = new PlaneMarks((mark) => this.goToMark(mark));
    this.element = element("div", "pad", {}, this.choice.element, this.buildMap(), this.buildButtons());
    for (const hand of ["pointerdown", "focusin"])
      this.element.addEventListener(hand, () => this.choice.touch());
    this.map = new PlaneMap(explorer, this.canvas);
    this.map.onProgress = (share) => this.showProgress(share);
    new MapHand(this.plate, {
      begin: () => this.begin(),
      steer: (...share) => this.go(...this.view.point(...share)),
      pan: (...share) => this.look(this.view.panned(...share)),
      zoom: (...how) => this.look(this.view.zoomed(...how)),
      nudge: (x, y) => this.step(this.cursor.x + x, this.cursor.y + y),
      home: () => this.step(...this.plane.home),
      rest: (isSoon) => (isSoon ? this.restSoon() : this.rest()),
    });
    this.restSoon = later(() => this.rest(), STILL);
    this.tellSoon = later(() => this.tellPlace(), STILL);
  }

  buildMap() {
    this.canvas = element("canvas", "", { "aria-hidden": "true", "data-testid": "map-canvas" });
    this.border = document.createElementNS(SVG, "svg");
    const frame = { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" };
    for (const [name, value] of Object.entries(frame)) this.border.setAttribute(name, value);
    [this.veil, this.edge] = ["veil", "edge"].map((name) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      this.border.append(path);
      return path;
    });
    this.pin = element("div", "pin", { "data-testid": "map-cursor" });
    this.plate = element(
      "div",
      "plate",
      {
        tabindex: 0,
        role: "application",
        "aria-roledescription": "map",
        "aria-describedby": "map-help",
        "data-testid": "map",
      },
      this.canvas,
      this.border,
      this.marks.element,
      this.pin,
    );
    [this.across, this.upwards] = ["across", "upwards"].map((name) =>
      element(
        "div",
        `axis ${name}`,
        { "aria-hidden": "true" },
        element("span"),
        element("span", "name"),
        element("span"),
      ),
    );
    return element("div", "plane-map", {}, this.upwards, this.plate, this.across);
  }

  buildButtons() {
    const zoom = (label, levels, name, title) =>
      button(label, () => this.change(this.view.zoomed(levels)), { "aria-label": name, title });
    const [out, into] = [zoom("−", -1, "Zoom out", "Zoom out (-)"), zoom("+", 1, "Zoom in", "Zoom in (+)")];
    this.whole = button("Whole", () => this.change(new View(this.plane)), { title: "All of the map" });
    this.centre = button("Centre", () => this.change(this.view.about(this.cursor.x, this.cursor.y)), {
      title: "The cursor in the middle",
    });
    this.tint = button("Colour by digit", () => this.toggleTint(), { "aria-pressed": "false" });
    this.place = element("output", "", { "data-testid": "map-place" });
    this.progress = element("span", "quiet", { "data-testid": "map-progress" });
    this.legend = element(
      "ol",
      "hues",
      { hidden: "", "aria-label": "Colours of the digits", "data-testid": "map-legend" },
      ...HUES.map((hue, digit) => {
        const item = element("li", "", {}, String(digit));
        item.style.setProperty("--hue", `rgb(${hue})`);
        return item;
      }),
    );
    this.beyond = element("p", "quiet", { hidden: "", "data-testid": "map-beyond" }, BEYOND);
    return element(
      "div",
      "plane-tools",
      {},
      element("div", "row", {}, out, into, this.whole, this.centre, this.tint, this.place, this.progress),
      this.legend,
      this.beyond,
      element("p", "quiet", { id: "map-help" }, HELP),
    );
  }

  // ---- the plane

  enter() {
    if (!this.plane) {
      this.choice.take({ kind: "n", pick: this.choice.firstNumbers() }, {});
      this.isForNow = true;
      queueMicrotask(() => this.open()); // by then the address has been followed
    }
    this.explorer.change("mode");
  }

  /** Whoever came without an address that names a plane sees what shows most. */
  open() {
    if (this.isForNow) this.choice.open();
    this.isForNow = false;
  }

  /** Another plane. given: what an address says of it, or null if people chose it. Throws Degenerate. */
  lay(span, given) {
    const { explorer } = this;
    const through = given?.through ?? { z: explorer.z.slice(), origin: explorer.origin };
    const plane = planeOf(span, through.z);
    const { view } = given ?? {};
    Object.assign(this, { plane, span, through, steered: null });
    this.view = view ? new View(plane, view.x, view.y, view.level) : new View(plane);
    this.isTinted = given?.isTinted ?? this.isTinted;
    explorer.change("plane");
    if (given === null) explorer.settle("", "plane");
  }

  refresh(changed) {
    if (!this.plane) return;
    const isAny = (...names) => names.some((name) => changed.has(name));
    if (isAny("network", "digit")) this.choice.showMoment();
    if (isAny("bookmarks")) this.choice.showBookmarks();
    const isOther = (isAny("z", "walk", "plane", "mode") && this.locate()) || isAny("plane", "mode");
    if (isOther || isAny("view", "network", "digit", "scale")) this.draw();
    if (isOther || isAny("bookmarks", "scale"))
      this.marks.build(this.explorer.bookmarks.list, this.plane, this.explorer.scale);
    if (isOther || isAny("view", "bookmarks", "scale")) this.marks.place(this.view);
    this.showCursor();
  }

  /** Where z is on the plane; if others led z away, the plane follows it. Whether it did. */
  locate() {
    const { explorer, span } = this;
    const { z } = explorer;
    if (this.steered?.every((value, i) => value === z[i])) return false;
    this.steered = null;
    this.cursor = this.plane.placeOf(z);
    const follows = !this.cursor.isIn && span.kind !== "p" && !explorer.walk;
    if (follows) {
      this.through = { z: z.slice(), origin: explorer.origin };
      this.plane = planeOf(span, z);
      this.cursor = this.plane.placeOf(z);
    }
    const view = this.view.on(this.plane);
    this.view = this.cursor.isIn && this.isKnown ? view.revealing(this.cursor.x, this.cursor.y) : view;
    if (this.view !== view) explorer.change("view");
    this.isKnown = true;
    return follows;
  }

  draw() {
    const { plane, view, span } = this;
    this.map.show(view, this.isTinted);
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
    const [right, up] = this.choice.names();
    label(this.across, view.x, view.span, `${right} →`);
    label(this.upwards, view.y, view.span, `${up} →`);
    this.plate.setAttribute("aria-label", this.choice.title());
    this.whole.disabled = view.isWhole;
    this.tint.setAttribute("aria-pressed", this.isTinted);
    this.legend.hidden = !this.isTinted;
    this.plate.dataset.kind = span.kind;
  }

  showCursor() {
    const { cursor, pin } = this;
    const [right, down] = this.view.share(cursor.x, cursor.y);
    pin.style.setProperty("--right", right);
    pin.style.setProperty("--down", down);
    pin.dataset.in = cursor.isIn;
    say(this.place, this.placeWords());
  }

  placeWords() {
    const { x, y, isIn, distance } = this.cursor;
    const words = `x ${signed(x)}, y ${signed(y)}`;
    return isIn ? words : `${words}: the large digit is ${distance.toFixed(1)} away from this plane`;
  }

  showProgress(share) {
    this.began = share === 1 ? null : (this.began ?? performance.now());
    const isLong = share < 1 && performance.now() - this.began > SOON;
    say(this.progress, isLong ? `${Math.round(100 * share)}% drawn` : "");
  }

  // ---- moving

  begin() {
    this.explorer.stopWalk();
    this.explorer.remember("map");
    this.isMoved = true;
  }

  /** The cursor to (x, y), or as near as z can come. */
  go(x, y) {
    const { explorer, plane } = this;
    const place = plane.nearest(x, y);
    explorer.move(plane.at(...place));
    this.steered = explorer.z.slice();
    this.cursor = { x: place[0], y: place[1], isIn: true, distance: 0 };
  }

  step(x, y) {
    this.begin();
    this.go(hundredths(x), hundredths(y));
    this.look(this.view.revealing(this.cursor.x, this.cursor.y));
  }

  look(view) {
    if (view === this.view) return;
    this.view = view;
    this.explorer.change("view");
  }

  change(view) {
    this.look(view);
    this.rest();
  }

  /** The hand lets go. */
  rest() {
    this.look(this.view.rounded());
    this.explorer.settle("", "map");
    const { x, y, span } = this.view;
    if (this.isMoved) this.tellSoon();
    else
      this.explorer.say(
        `The map shows ${span.toFixed(2)} by ${span.toFixed(2)} about x ${signed(x)}, y ${signed(y)}`,
      );
    this.isMoved = false;
  }

  /** For screen readers, once the digit is drawn. */
  tellPlace() {
    const { view } = this.explorer;
    if (view.canvas.dataset.settled !== "true") return this.tellSoon();
    this.explorer.say(`${this.placeWords()}: reads as ${view.reading}`);
  }

  goToMark(mark) {
    const { explorer } = this;
    explorer.remember();
    explorer.goTo(mark);
    explorer.settle(`At ${mark.name}`);
  }

  toggleTint() {
    this.isTinted = !this.isTinted;
    this.explorer.change("view");
    const words = this.isTinted
      ? "Each digit of the map has the colour of what it is read as"
      : "The map has one colour";
    this.explorer.settle(words, "tint");
  }

  // ---- the address

  spell() {
    if (this.awaited) return this.awaited;
    const isForNow = this.isForNow || this.choice.isOpening; // no address makes that good
    if (!this.plane || isForNow) return null;
    const { span, through, explorer } = this;
    const isDirections = span.step !== undefined;
    const isThere = through.z.every((value, i) => value === explorer.z[i]);
    const view = this.view.rounded();
    return spellPlane({
      ...span,
      view: view.isWhole ? null : view,
      isTinted: this.isTinted,
      step: isDirections && span.step !== explorer.network.step ? span.step : null,
      through: isDirections && !isThere ? through : null,
    });
  }

  /** Throws AddressError. */
  follow(text) {
    const { about, network, wantedStep } = this.explorer;
    const given = readPlane(text, network.latentDim, DIRECTIONS);
    const { kind, pick } = given;
    const step = given.step ?? wantedStep;
    if (!about.steps.includes(step)) {
      throw new AddressError(
        `This address spans the map by directions of step ${step}, of which nothing is kept.`,
      );
    }
    this.isKnown = false; // it shows what the address says, wherever the cursor is
    if (kind === "n") this.choice.take({ kind, pick }, given);
    else if (kind === "p") this.followPictures(given);
    else {
      this.choice.chooseDirections(kind, pick, step, given);
      this.awaited = text;
    }
    this.isForNow = false;
  }

  followPictures(given) {
    const points = given.points.map((point, i) => ({
      ...point,
      name: `the address's ${["first", "second", "third"][i]}`,
    }));
    if (this.choice.take({ kind: "p", points }, given)) return;
    throw new AddressError("The three pictures in this address span no plane.");
  }

  leave() {
    this.map.stop();
    this.restSoon.cancel();
    this.tellSoon.cancel();
  }

  close() {
    this.leave();
    this.choice.close();
  }
}

/** An axis: its ends and what it is. */
function label(axis, middle, span, name) {
  const [from, what, to] = axis.children;
  say(from, signed(middle - span / 2));
  say(what, name);
  say(to, signed(middle + span / 2));
}

function signed(value) {
  return value.toFixed(2).replace("-", "−");
}
