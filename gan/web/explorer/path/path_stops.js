// The stops of a path on the page: which bookmarks it visits, in which order.

import { exampleOf } from "../../inference/example_stops.js";
import { isCancelled } from "../../inference/inference.js";
import { button, element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { largest, newSeed, normals } from "../../latent/geometry.js";
import { FEWEST_STOPS, MOST_STOPS } from "../../latent/journey.js";
import { isBookmark, StopList, stopOf } from "./stop_list.js";

/** @import { LatentVector, Stop } from "../../latent/types" */
/** @import { State } from "../state.js" */
/** @import { Network } from "../types" */

/** What can be done with a stop. @typedef {"earlier" | "remove" | "later"} Action */

export class Stops {
  /**
   * @param {State} state
   * @param {object} handlers
   * @param {() => void} handlers.onChange after people chose others
   * @param {(place: number) => void} handlers.onGo when they want to be at one
   */
  constructor(state, { onChange, onGo }) {
    this.state = state;
    this.onChange = onChange;
    this.onGo = onGo;
    this.stops = new StopList(() => state.bookmarks.list);
    /** @type {StopItem[]} */
    this.items = [];
    /** @type {AbortController | null} */
    this.seeking = null;
    this.hasLooked = false; // for an example
    /** @type {AbortController | undefined} */
    this.painting = undefined;
    this.strip = element("ol", "strip stops", { "aria-label": "Stops of the path", "data-testid": "stops" });
    this.which = element("select", "", { "aria-label": "Bookmark to add", "data-testid": "stop-choice" });
    this.add = button("Add as a stop", () => this.append(), { "data-testid": "stop-add" });
    this.keep = button("Bookmark these stops", () => this.bookmark(), {
      hidden: "",
      "data-testid": "stops-keep",
      title: "They are not yet among your bookmarks, which are kept in this browser",
    });
    this.full = element("p", "quiet", { hidden: "" }, `A path has ${MOST_STOPS} stops at most.`);
    this.words = element("span");
    this.start = button("Start with two random digits", () => this.startRandom(), {
      class: "main",
      "data-testid": "path-start",
    });
    this.sample = button("", () => this.toggleExample(), { "data-testid": "path-example" });
    this.badge = element("span", "badge", {}, "Example");
    this.empty = element(
      "div",
      "row",
      { "data-testid": "path-empty" },
      element("p", "quiet", {}, this.badge, " ", this.words),
      this.start,
      this.sample,
    );
    const choosing = element("div", "row", {}, this.which, this.add, this.keep, this.full);
    this.element = element("div", "stops-part", {}, this.empty, this.strip, choosing);
  }

  get list() {
    return this.stops.list;
  }

  get isPath() {
    return this.stops.isPath;
  }

  get isExample() {
    return this.stops.isExample;
  }

  /** Where the digits of the stops are shown. */
  get tiles() {
    return this.items.map((item) => item.tile);
  }

  // ---- choosing

  append() {
    const mark = this.state.bookmarks.find(this.which.value);
    if (!mark || !this.stops.append(mark)) return;
    this.onChange();
    this.state.say(`${mark.name} is stop ${this.list.length}`);
  }

  /** @param {number} place */
  remove(place) {
    const gone = this.stops.remove(place);
    this.onChange();
    this.state.say(`${gone.name} is off the path`);
    const next = this.items[Math.min(place, this.list.length - 1)];
    if (!next?.focus("remove")) this.which.focus();
  }

  /** @param {number} place @param {number} by -1 or 1 */
  shift(place, by) {
    const stop = this.stops.shift(place, by);
    this.onChange();
    this.state.say(`${stop.name} is stop ${place + by + 1} of ${this.list.length}`);
    const item = this.items[place + by];
    const [same, other] = /** @type {Action[]} */ (by < 0 ? ["earlier", "later"] : ["later", "earlier"]);
    if (!item.focus(same)) item.focus(other);
  }

  /** @param {Stop[]} stops that an address brought */
  take(stops) {
    this.stops.take(stops);
  }

  /** Follows the bookmarks. */
  sync() {
    this.stops.sync(this.state.network);
  }

  // ---- an example, where there is nothing yet

  /** Looks for it, unless it is there or nobody needs it. A network draws the same one each time. */
  async seekExample() {
    const { state, stops } = this;
    if (!stops.isBare || stops.example || this.seeking) return;
    this.seeking = new AbortController();
    try {
      stops.example = await exampleOf(
        state.inference,
        state.network,
        this.seeking.signal,
        state.sampling.quick,
      );
      this.hasLooked = true;
      if (stops.isExample) this.onChange();
      else this.show();
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
  }

  stopSeeking() {
    this.seeking?.abort();
    if (!this.hasLooked) this.seeking = null;
  }

  toggleExample() {
    const { stops } = this;
    stops.wantsExample = !stops.wantsExample;
    this.onChange();
    this.state.say(stops.isExample ? "The example is there again" : "The example is cleared");
  }

  // ---- bookmarks

  bookmark() {
    const { state } = this;
    let count = 0;
    const kept = this.list.map((stop) => {
      if (isBookmark(stop)) return stop;
      const { name, z, origin, digit, scale } = stop;
      const mark = state.bookmark({ name, z: z.slice(), origin, digit, scale });
      if (mark) count += 1;
      return mark ? stopOf(mark) : stop;
    });
    this.stops.choose(kept);
    this.onChange();
    if (kept.every(isBookmark)) state.say(`${count} stops are bookmarks now`);
  }

  async startRandom() {
    const { state, stops } = this;
    this.start.disabled = true;
    try {
      for (const digit of twoClasses(state.network)) {
        const seed = newSeed();
        const z = normals(seed, state.network.latentDim);
        const named = await this.nameOf(z, digit);
        const mark = state.bookmark({ z, origin: seed, digit, scale: 1, ...named });
        if (stops.chosen !== null && mark) stops.chosen.push(stopOf(mark));
      }
      this.onChange();
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    } finally {
      this.start.disabled = false;
    }
  }

  /** The name that a bookmark there would have. @param {LatentVector} z @param {number} label */
  async nameOf(z, label) {
    const { network, bookmarks, inference, sampling } = this.state;
    const args = { network: network.url, z, label, classifier: network.classifier, ...sampling.full };
    const { reading } = await inference.run("draw", args, {});
    return bookmarks.freeName(reading && largest(reading));
  }

  // ---- showing

  show() {
    const { list, stops } = this;
    const marks = this.state.bookmarks.list;
    this.empty.hidden = stops.isPath && !stops.isExample;
    this.badge.hidden = !stops.isExample;
    this.sample.hidden = !stops.isBare || !stops.example;
    say(this.sample, stops.isExample ? "Clear the example" : "Show the example");
    say(this.words, this.missingWords());
    this.items = list.map((stop, place) => new StopItem(this, stop, place, list.length));
    this.strip.replaceChildren(...this.items.map((item) => item.element));
    const wanted = this.which.value;
    this.which.replaceChildren(...marks.map(({ id, name }) => element("option", "", { value: id }, name)));
    if (marks.some(({ id }) => id === wanted)) this.which.value = wanted;
    this.full.hidden = !stops.isFull;
    this.which.hidden = this.add.hidden = stops.isFull || marks.length === 0;
    this.keep.hidden = list.every(isBookmark);
  }

  missingWords() {
    const { stops } = this;
    if (stops.isExample) {
      const [from, to] = this.list.map(({ name }) => name);
      return `From ${from} to ${to}. Your own take its place: press Bookmark (or B) on two digits, or:`;
    }
    if (this.state.bookmarks.list.length >= FEWEST_STOPS) return "A path needs two stops: add another, or:";
    const looking = this.seeking && !this.hasLooked ? "Looking for two digits as an example. " : "";
    return `${looking}A path needs two bookmarks. Press Bookmark (or B) on digits that you want to morph between, or:`;
  }

  /** Draws a single stop; those of a path are among its frames. */
  async paintSingle() {
    const { state, list, items } = this;
    this.painting?.abort();
    if (list.length === 0) return;
    this.painting = new AbortController();
    const [{ z, digit: label, scale }] = list;
    const [{ tile }] = items;
    try {
      const args = { ...state.drawing(), z, label, scale };
      const { pixels } = await state.inference.run("draw", args, { signal: this.painting.signal });
      tile.paint(pixels);
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
  }

  /** The stop that the path is at, if it is at one. @param {number} position */
  mark(position) {
    for (const [place, { element }] of this.items.entries()) {
      if (place === position) element.setAttribute("aria-current", "step");
      else element.removeAttribute("aria-current");
    }
  }
}

/** A stop in the strip: its digit, which goes there, its name, and how it is moved and removed. */
class StopItem {
  /**
   * @param {Stops} stops
   * @param {Stop} stop
   * @param {number} place
   * @param {number} count of all
   */
  constructor(stops, { name }, place, count) {
    this.tile = new DigitTile();
    this.tile.canvas.setAttribute("aria-hidden", "true");
    const go = button("", () => stops.onGo(place), {
      class: "go",
      "aria-label": `To stop ${place + 1}, ${name}`,
      title: "Go to this stop",
    });
    go.append(this.tile.canvas);
    /** @param {string} sign @param {string} words @param {() => void} action */
    const made = (sign, words, action) =>
      button(sign, action, { "aria-label": `${name}: ${words}`, title: words });
    /** @type {Record<Action, HTMLButtonElement>} */
    this.buttons = {
      earlier: made("◀", "move earlier", () => stops.shift(place, -1)),
      remove: made("×", "take off the path", () => stops.remove(place)),
      later: made("▶", "move later", () => stops.shift(place, 1)),
    };
    this.buttons.earlier.disabled = place === 0;
    this.buttons.later.disabled = place === count - 1;
    this.element = element(
      "li",
      "",
      {},
      go,
      element("span", "stop-name", { title: name }, `${place + 1}. ${name}`),
      element("span", "stop-buttons", {}, ...Object.values(this.buttons)),
    );
  }

  /** Whether the button of an action could take the focus. @param {Action} action */
  focus(action) {
    const { [action]: wanted } = this.buttons;
    if (wanted.disabled) return false;
    wanted.focus();
    return true;
  }
}

/** Two classes to ask for, different ones if the network has learned two. @param {Network} network */
function twoClasses({ classes, learned }) {
  if (!classes) return [0, 0];
  const first = Math.floor(Math.random() * learned.length);
  const step = learned.length > 1 ? 1 + Math.floor(Math.random() * (learned.length - 1)) : 0;
  return [learned[first], learned[(first + step) % learned.length]];
}
