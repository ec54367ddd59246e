// A plane through latent space as a map of digits, with the large digit at its cursor.

import { element, later } from "../../kit/dom.js";
import { AddressError } from "../../latent/address.js";
import { hundredths } from "../../latent/geometry.js";
import { planeOf } from "../../latent/plane.js";
import { readPlane, spellPlane } from "../../latent/plane_address.js";
import { View } from "../../latent/plane_view.js";
import { RoundPlane } from "../../latent/round_plane.js";
import { MapInput } from "./map_input.js";
import { MapView, placeWords, signed } from "./map_view.js";
import { PlaneChoice } from "./plane_choice.js";
import { PlaneMap } from "./plane_map.js";
import { PlaneMarks } from "./plane_marks.js";
import { addressed, axisNames, cornersSpan, DIRECTIONS, numbersSpan, titleOf } from "./plane_span.js";

/** @import { Located, Plane } from "../../latent/plane.js" */
/** @import { Draw, LatentVector, PlaneAddress } from "../../latent/types" */
/** @import { State } from "../state.js" */
/** @import { Change, Changed } from "../types" */
/** @import { Given } from "./plane_choice.js" */
/** @import { Span } from "./plane_span.js" */

const ONLY_PICTURES =
  "This address spans the map by numbers of z; that of this network is spanned by pictures.";
const STILL = 300; // ms after which keys that were pressed are a gesture that ended

/**
 * What is shown: `span` as a plane through a z, the part of it that is seen, and where the cursor is.
 * @typedef {{ span: Span, plane: Plane, through: Draw, view: View, cursor: Located }} Shown
 */

export class MapMode {
  get id() {
    return "map";
  }

  get title() {
    return "Map";
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {Shown | null} */
    this.shown = null;
    /** z where the cursor led it, as long as nobody leads it elsewhere. @type {LatentVector | null} */
    this.steered = null;
    this.isTinted = false;
    this.isKnown = false; // whether the view has to show the cursor
    this.isForNow = false; // whether what is shown is, until what shows most is known
    this.isMoved = false; // whether the gesture moved the cursor
    /** The address's text, as long as what it asks for is waited for. @type {string | null} */
    this.awaited = null;
    this.choice = new PlaneChoice(
      state,
      (span, given) => this.lay(span, given),
      () => {
        this.awaited = null;
      },
    );
    this.marks = new PlaneMarks((mark) => state.visit(mark));
    this.view = new MapView(this.marks.element, {
      onZoom: (levels) => this.change(({ view }) => view.zoomed(levels)),
      onWhole: () => this.change(({ plane }) => new View(plane)),
      onCentre: () => this.change(({ view, cursor }) => view.about(cursor.x, cursor.y)),
      onTint: () => this.toggleTint(),
    });
    this.element = element("div", "map-mode", {}, this.choice.element, this.view.map, this.view.tools);
    for (const name of ["pointerdown", "focusin"])
      this.element.addEventListener(name, () => this.choice.touch());
    this.map = new PlaneMap(state, this.view.canvas, (share) => this.view.showProgress(share));
    this.hear();
    this.restSoon = later(() => this.rest(), STILL);
    this.tellSoon = later(() => this.tellPlace(), STILL);
  }

  hear() {
    new MapInput(this.view.plate, {
      begin: () => this.begin(),
      steer: (right, down) => this.shown && this.go(...this.shown.view.point(right, down)),
      pan: (right, down) => this.look(({ view }) => view.panned(right, down)),
      zoom: (levels, right, down) => this.look(({ view }) => view.zoomed(levels, right, down)),
      nudge: (x, y) => this.shown && this.step(this.shown.cursor.x + x, this.shown.cursor.y + y),
      home: () => this.shown && this.step(...this.shown.plane.home),
      rest: (isSoon) => (isSoon ? this.restSoon() : this.rest()),
    });
  }

  // ---- the plane

  enter() {
    if (this.shown) return;
    if (this.state.sampling.isStepwise) return this.choice.spanNoises({});
    this.choice.take(numbersSpan(this.choice.firstNumbers()), {});
    this.isForNow = true;
    queueMicrotask(() => this.open()); // by then the address has been followed
  }

  /** Whoever came without an address that names a plane sees what shows most. */
  open() {
    if (this.isForNow) this.choice.open();
    this.isForNow = false;
  }

  /** Another plane. Throws Degenerate. @param {Span} span @param {Given} given */
  lay(span, given) {
    const { state } = this;
    const through = given?.through ?? { z: state.z.slice(), origin: state.origin };
    const plane = this.planeOf(span, through.z);
    const view = given?.view
      ? new View(plane, given.view.x, given.view.y, given.view.level)
      : new View(plane);
    this.shown = { span, plane, through, view, cursor: plane.placeOf(state.z) };
    this.steered = null;
    this.isTinted = given?.isTinted ?? this.isTinted;
    state.change("plane");
    if (given === null) state.settle("", "plane");
  }

  /** Through a z, but for three pictures. Throws Degenerate. @param {Span} span @param {LatentVector} z */
  planeOf(span, z) {
    if (!this.state.sampling.isStepwise || span.kind !== "p") return planeOf(span, z);
    const [a, b, c] = span.points;
    return new RoundPlane(a.z, b.z, c.z);
  }

  /** @param {Changed} changed */
  refresh(changed) {
    const { shown, state, marks } = this;
    if (!shown) return;
    const isAny = (/** @type {Change[]} */ ...names) => names.some((name) => changed.has(name));
    if (isAny("network", "digit")) this.choice.showSnapshot();
    if (isAny("bookmarks")) this.choice.showBookmarks();
    const isLed = isAny("z", "walk", "plane", "mode") && this.locate(shown);
    const isOther = isLed || isAny("plane", "mode");
    if (isOther || isAny("view", "network", "digit", "scale", "sampling")) this.draw(shown);
    if (isOther || isAny("bookmarks", "scale")) marks.build(state.bookmarks.list, shown.plane, state.scale);
    if (isOther || isAny("view", "bookmarks", "scale")) marks.place(shown.view);
    this.view.showCursor(shown.cursor, shown.view);
  }

  /** Where z is on the plane; if others led z away, the plane follows it. Whether it did. @param {Shown} shown */
  locate(shown) {
    const { state } = this;
    const { z } = state;
    if (this.steered?.every((value, i) => value === z[i])) return false;
    this.steered = null;
    shown.cursor = shown.plane.placeOf(z);
    const follows = !shown.cursor.isIn && shown.span.kind !== "p" && !state.wander.isOn;
    if (follows) {
      shown.through = { z: z.slice(), origin: state.origin };
      shown.plane = this.planeOf(shown.span, z);
      shown.cursor = shown.plane.placeOf(z);
    }
    const { x, y, isIn } = shown.cursor;
    const view = shown.view.on(shown.plane);
    shown.view = isIn && this.isKnown ? view.revealing(x, y) : view;
    if (shown.view !== view) state.change("view");
    this.isKnown = true;
    return follows;
  }

  /** @param {Shown} shown */
  draw({ span, plane, view }) {
    const { isTinted } = this;
    this.map.show(view, isTinted);
    this.view.show(plane, view, { names: axisNames(span), title: titleOf(span), isTinted });
  }

  // ---- moving

  begin() {
    this.state.wander.stop();
    this.state.remember("map");
    this.isMoved = true;
  }

  /** The cursor to (x, y), or as near as z can come. @param {number} x @param {number} y */
  go(x, y) {
    const { shown, state } = this;
    if (!shown) return;
    const [nearX, nearY] = shown.plane.nearest(x, y);
    state.move(shown.plane.at(nearX, nearY));
    this.steered = state.z.slice();
    shown.cursor = { x: nearX, y: nearY, isIn: true, distance: 0 };
  }

  /** @param {number} x @param {number} y */
  step(x, y) {
    this.begin();
    this.go(hundredths(x), hundredths(y));
    this.look(({ view, cursor }) => view.revealing(cursor.x, cursor.y));
  }

  /** Shows another part of the plane. @param {(shown: Shown) => View} viewOf */
  look(viewOf) {
    const { shown } = this;
    if (!shown) return;
    const view = viewOf(shown);
    if (view === shown.view) return;
    shown.view = view;
    this.state.change("view");
  }

  /** @param {(shown: Shown) => View} viewOf */
  change(viewOf) {
    this.look(viewOf);
    this.rest();
  }

  /** The hand lets go. */
  rest() {
    const { shown, state } = this;
    if (!shown) return;
    this.look(({ view }) => view.rounded());
    state.settle("", "map");
    const { x, y, span } = shown.view;
    const side = span.toFixed(2);
    if (this.isMoved) this.tellSoon();
    else state.say(`The map shows ${side} by ${side} about x ${signed(x)}, y ${signed(y)}`);
    this.isMoved = false;
  }

  /** For screen readers, once the digit is drawn. */
  tellPlace() {
    const { shown, state } = this;
    if (!shown) return;
    if (!state.isDrawn) return this.tellSoon();
    state.say(`${placeWords(shown.cursor)}: reads as ${state.reading}`);
  }

  toggleTint() {
    this.isTinted = !this.isTinted;
    this.state.change("view");
    const words = this.isTinted
      ? "Each digit of the map has the colour of what it is read as"
      : "The map has one colour";
    this.state.settle(words, "tint");
  }

  // ---- the address

  spell() {
    if (this.awaited) return this.awaited;
    const { shown, state } = this;
    const isForNow = this.isForNow || this.choice.isOpening; // no address makes that good
    if (!shown || isForNow) return null;
    const { span, through } = shown;
    const isThere = through.z.every((value, i) => value === state.z[i]);
    const view = shown.view.rounded();
    return spellPlane({
      ...addressed(span),
      view: view.isWhole ? null : view,
      isTinted: this.isTinted,
      step: span.step === state.network.step ? null : span.step,
      through: span.step !== null && !isThere ? through : null,
    });
  }

  /** Throws AddressError. @param {string} text */
  follow(text) {
    const { about, network, sampling, wantedStep } = this.state;
    const given = readPlane(text, network.latentDim, DIRECTIONS);
    const { kind, pick } = given;
    if (sampling.isStepwise && kind !== "p") throw new AddressError(ONLY_PICTURES);
    const step = given.step ?? wantedStep ?? network.step;
    if (!about.steps.includes(step)) {
      throw new AddressError(
        `This address spans the map by directions of step ${step}, of which nothing is kept.`,
      );
    }
    this.isKnown = false; // it shows what the address says, wherever the cursor is
    if (kind === "p") this.followPictures(given);
    else if (kind === "n") this.choice.take(numbersSpan(pick ?? [0, 1]), given);
    else {
      this.choice.chooseDirections(kind, pick ?? [0, 1], step, given);
      this.awaited = text;
    }
    this.isForNow = false;
  }

  /** @param {PlaneAddress} given */
  followPictures(given) {
    const names = ["the address's first", "the address's second", "the address's third"];
    const points = (given.points ?? []).map((point, i) => ({ ...point, name: names[i] }));
    if (this.choice.take(cornersSpan(points), given)) return;
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
