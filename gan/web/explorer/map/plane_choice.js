// What spans the map's plane: how it is chosen, and the wait for what only the server can compute.

import { isCancelled } from "../../inference/inference.js";
import { askServer, Refused, stateWords } from "../../kit/requests.js";
import { newSeed, normals } from "../../latent/geometry.js";
import { Degenerate } from "../../latent/plane.js";
import { PlaneControls } from "./plane_controls.js";
import { cornerOf, cornersSpan, directionsSpan, isSame, numbersSpan, titleOf } from "./plane_span.js";

/** @import { PlaneAddress, PlaneKind } from "../../latent/types" */
/** @import { State } from "../state.js" */
/** @import { Found, Span } from "./plane_span.js" */

/**
 * What else an address says of a plane; null if people chose it.
 * @typedef {Partial<PlaneAddress> | null} Given
 */

/** @type {[number, number]} */
const FIRST = [0, 1];
const MISSING = [
  "Three pictures are three bookmarks, and there are none: press Bookmark (or B) at three digits that you like.",
  "Three pictures are three bookmarks, and there is one: press Bookmark (or B) at two more digits that you like.",
  "Three pictures are three bookmarks, and there are two: press Bookmark (or B) at one more digit that you like.",
];

export class PlaneChoice {
  /**
   * @param {State} state
   * @param {(span: Span, given: Given) => void} onSpan told of each; throws Degenerate if it is no plane
   * @param {() => void} onDrop told when nothing is waited for any more
   */
  constructor(state, onSpan, onDrop) {
    this.state = state;
    this.onSpan = onSpan;
    this.onDrop = onDrop;
    /** What the server found, by step. @type {Map<number, Found>} */
    this.known = new Map();
    /** The two that were chosen last. @type {Partial<Record<PlaneKind, [number, number]>>} */
    this.picks = {};
    /** @type {Span | null} */
    this.span = null;
    /** What is waited for. @type {AbortController | null} */
    this.asking = null;
    /** The wait that nobody asked for. @type {AbortController | null} */
    this.opening = null;
    /** What came while people had their hands on the map. @type {Span | null} */
    this.offered = null;
    this.isTouched = false;
    this.wantsPictures = false; // as soon as there are three
    this.controls = new PlaneControls({
      onKind: (kind) => this.choose(kind),
      onAxis: (place, chosen) => this.pickAxis(place, chosen),
      onCorner: (place, id) => this.pickCorner(place, id),
      onRenew: () => this.span && this.choose(this.span.kind),
      onCancel: () => this.asking?.abort(),
      onAccept: () => this.offered && this.take(this.offered),
      onNoises: () => this.spanNoises(null),
    });
    this.element = this.controls.element;
  }

  // ---- opening

  /**
   * On what shows most: the principal directions, which only the server finds. Until they come, on the two numbers that
   * change the picture most. Who touched the map meanwhile keeps what is under the hand, and is offered them.
   */
  async open() {
    const mine = this.begin();
    this.opening = mine;
    const { step } = this.state.network;
    const meanwhile = this.showStrongest(mine);
    try {
      const span = directionsSpan("f", FIRST, step, await this.ask(step, mine.signal));
      if (this.asking !== mine) return;
      if (this.isTouched) this.offer(span);
      else if (this.take(span, {})) this.state.writeAddress("mode", true);
    } catch (error) {
      await meanwhile;
      if (this.asking === mine) this.giveUp(error);
    }
  }

  /**
   * Two numbers of z, better ones than any. What they change is measured once, roughly: the sliders take more time.
   * @param {AbortController} mine
   */
  async showStrongest(mine) {
    const { state } = this;
    try {
      const args = { network: state.network.url, label: state.digit, count: 1 };
      state.effects ??= await state.inference.run("effects", args, { signal: mine.signal });
      if (this.asking === mine && !this.isTouched) this.put(numbersSpan(this.firstNumbers()), {});
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
  }

  /** Whether what is shown may still change without anybody asking for it. */
  get isOpening() {
    return this.asking !== null && this.asking === this.opening;
  }

  touch() {
    this.isTouched = true;
  }

  /** @param {Span} span */
  offer(span) {
    this.asking = null;
    this.offered = span;
    this.controls.showOffer("The principal directions are there.");
  }

  /** From the digit of the moment to two random draws: what a diffusion model is shown between. @param {Given} given */
  spanNoises(given) {
    const { z, origin } = this.state;
    const others = ["a second noise", "a third noise"].map((name) => {
      const seed = newSeed();
      return { name, z: normals(seed, z.length), origin: seed };
    });
    this.take(cornersSpan([{ name: "the digit as it was", z: z.slice(), origin }, ...others]), given);
  }

  // ---- choosing

  /** @param {PlaneKind} kind */
  choose(kind) {
    if (kind === "n") this.take(numbersSpan(this.picks.n ?? this.firstNumbers()));
    else if (kind === "p") this.choosePictures();
    else this.chooseDirections(kind, this.picks[kind] ?? FIRST);
  }

  /** The two numbers that change the picture most, if that is known. @returns {[number, number]} */
  firstNumbers() {
    const { effects } = this.state;
    if (!effects) return FIRST;
    const [first, second] = Array.from(effects.keys()).sort((a, b) => effects[b] - effects[a]);
    return [first, second];
  }

  choosePictures() {
    const marks = this.state.bookmarks.list;
    if (marks.length >= 3) return this.take(cornersSpan(marks.slice(-3).map(cornerOf)));
    this.drop();
    this.wantsPictures = true;
    this.controls.tell(`${MISSING[marks.length]} Until then the map stays as it is.`);
  }

  /**
   * Asks for directions of the network of a step.
   * @param {"f" | "w"} kind
   * @param {[number, number]} pick
   * @param {number} step
   * @param {Given} given
   */
  async chooseDirections(kind, pick, step = this.state.network.step, given = null) {
    const mine = this.begin();
    this.controls.kinds.show(kind);
    try {
      const found = await this.ask(step, mine.signal);
      if (this.asking === mine) this.take(directionsSpan(kind, pick, step, found), given);
    } catch (error) {
      if (this.asking === mine) this.giveUp(error);
    }
  }

  /** Waits for something else. */
  begin() {
    this.drop();
    const mine = new AbortController();
    this.asking = mine;
    return mine;
  }

  /**
   * @param {number} step
   * @param {AbortSignal} signal
   * @returns {Promise<Found>}
   */
  async ask(step, signal) {
    const known = this.known.get(step);
    if (known) return known;
    const { requests, run } = this.state.about;
    this.controls.showWait("Asking the server for directions");
    const found = await askServer(
      requests,
      { kind: "directions", run, step },
      { signal, onState: (told) => this.controls.showWait(`Directions: ${stateWords(told)}`) },
    );
    this.known.set(step, found);
    return found;
  }

  /** @param {unknown} error */
  giveUp(error) {
    this.drop();
    this.show();
    this.controls.tell(whyNot(error));
  }

  /** No longer waits for anything. */
  drop() {
    const { asking } = this;
    this.asking = null; // first, so that its end is nobody's business any more
    asking?.abort();
    this.onDrop();
    this.wantsPictures = false;
    this.controls.hideWait();
    this.controls.tell("");
  }

  /** A span that is complete. Whether it is a plane. @param {Span} span @param {Given} given */
  take(span, given = null) {
    this.drop();
    return this.put(span, given);
  }

  /** The same, while what is waited for is waited for. @param {Span} span @param {Given} given */
  put(span, given) {
    try {
      this.onSpan(span, given);
    } catch (error) {
      if (!(error instanceof Degenerate)) throw error;
      this.show();
      this.controls.tell("These lie on one line and span no plane: choose others. The map stays as it was.");
      return false;
    }
    this.span = span;
    if (span.kind !== "p") this.picks[span.kind] = span.pick;
    this.show();
    if (given === null) this.state.say(titleOf(span));
    return true;
  }

  /** @param {number} place @param {number} chosen */
  pickAxis(place, chosen) {
    if (!this.span) return;
    const [first, second] = this.span.pick;
    /** @type {[number, number]} */
    const pick = place === 0 ? [chosen, second] : [first, chosen];
    if (pick[0] === pick[1]) pick.splice(0, 2, second, first); // they change places
    this.take({ ...this.span, pick });
  }

  /** @param {number} place @param {string} id of a bookmark */
  pickCorner(place, id) {
    const mark = this.state.bookmarks.find(id);
    if (!this.span || !mark) return;
    const points = this.span.points.slice();
    const point = cornerOf(mark);
    const other = points.findIndex((one, i) => i !== place && isSame(one, point));
    if (other >= 0) points[other] = points[place]; // they change places
    points[place] = point;
    this.take({ ...this.span, points });
  }

  // ---- showing

  /** What is chosen. */
  show() {
    if (this.span) this.controls.show(this.span, this.state);
  }

  showSnapshot() {
    if (this.span) this.controls.showSnapshot(this.span, this.state);
  }

  showBookmarks() {
    if (this.wantsPictures) this.choosePictures();
    else if (this.span?.kind === "p") this.controls.showCorners(this.span, this.state.bookmarks.list);
  }

  close() {
    this.drop();
  }
}

/** Why nothing came of asking, in sentences. Throws what is nobody's doing. @param {unknown} error */
function whyNot(error) {
  if (error instanceof Refused)
    return [error.message, error.hint, "The map stays as it was."].filter(Boolean).join(" ");
  if (error instanceof DOMException && error.name === "AbortError")
    return "Cancelled: the map stays as it was.";
  throw error;
}
