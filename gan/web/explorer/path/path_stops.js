// The stops of a path: which bookmarks it visits, in which order.

import { exampleOf } from "../../inference/example_stops.js";
import { isCancelled } from "../../inference/inference.js";
import { button, element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { newSeed, normals } from "../../latent/geometry.js";
import { FEWEST_STOPS, MOST_STOPS, spellStop } from "../../latent/journey.js";

/** One stop: { id (of its bookmark, or null), name, z, origin, digit, scale }. */
export class Stops {
  /** onChange() after people chose others; onGo(place) when they want to be at one. */
  constructor(explorer, { onChange, onGo }) {
    this.explorer = explorer;
    this.onChange = onChange;
    this.onGo = onGo;
    this.chosen = null; // or else all bookmarks, as they are; or else the example
    this.example = null; // two stops, once they are found
    this.wantsExample = true;
    this.tiles = [];
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
    this.choosing = element("div", "row", {}, this.which, this.add, this.keep, this.full);
    this.element = element("div", "stops-part", {}, this.empty, this.strip, this.choosing);
  }

  get list() {
    if (this.isExample) return this.example;
    return this.chosen ?? this.explorer.bookmarks.list.slice(0, MOST_STOPS).map(stopOf);
  }

  /** Whether there is nothing of people's own: no stops that they or an address chose, and no bookmarks. */
  get isBare() {
    return this.chosen === null && this.explorer.bookmarks.list.length === 0;
  }

  get isExample() {
    return this.isBare && this.wantsExample && this.example !== null;
  }

  get isPath() {
    return this.list.length >= FEWEST_STOPS;
  }

  // ---- choosing

  change(list, words) {
    this.chosen = list;
    this.wantsExample = false; // what was made of it is people's own
    this.onChange();
    if (words) this.explorer.say(words);
  }

  append() {
    const mark = this.explorer.bookmarks.find(this.which.value);
    if (!mark || this.list.length >= MOST_STOPS) return;
    this.change([...this.list, stopOf(mark)], `${mark.name} is stop ${this.list.length + 1}`);
  }

  remove(place) {
    const list = this.list;
    const [gone] = list.splice(place, 1);
    this.change([...list], `${gone.name} is off the path`);
    this.focus(Math.min(place, list.length - 1), "remove") || this.which.focus();
  }

  /** by: -1 or 1. */
  shift(place, by) {
    const list = [...this.list];
    const [stop] = list.splice(place, 1);
    list.splice(place + by, 0, stop);
    this.change(list, `${stop.name} is stop ${place + by + 1} of ${list.length}`);
    this.focus(place + by, by < 0 ? "earlier" : "later") ||
      this.focus(place + by, by < 0 ? "later" : "earlier");
  }

  focus(place, action) {
    const found = this.strip.children[place]?.querySelector(`[data-action=${action}]`);
    if (!found || found.disabled) return false;
    found.focus();
    return true;
  }

  /** Stops that an address brought; those that are bookmarks here have their names. */
  take(stops) {
    this.chosen = stops.map((stop) => ({ id: null, ...stop }));
  }

  /** Follows the bookmarks: their names, those that are gone, and those that a stop turned out to be. */
  sync() {
    if (this.chosen === null) return;
    const { bookmarks, network } = this.explorer;
    const known = new Map(bookmarks.list.map((mark) => [spellStop(stopOf(mark), network), mark]));
    this.chosen = this.chosen
      .map((stop) => {
        const mark = stop.id === null ? known.get(spellStop(stop, network)) : bookmarks.find(stop.id);
        return mark ? stopOf(mark) : stop.id === null ? stop : null;
      })
      .filter((stop) => stop !== null);
    const all = bookmarks.list.slice(0, MOST_STOPS);
    if (this.chosen.length === all.length && all.every((mark, i) => mark.id === this.chosen[i].id))
      this.chosen = null;
  }

  // ---- an example, where there is nothing yet

  /** Looks for it, unless it is there or nobody needs it. A network draws the same one each time. */
  async seekExample() {
    if (!this.isBare || this.example || this.seeking) return;
    this.seeking = new AbortController();
    try {
      const { studio, network } = this.explorer;
      this.example = await exampleOf(studio, network, this.seeking.signal);
      this.hasLooked = true;
      if (this.isExample) this.onChange();
      else this.show();
    } catch (error) {
      if (!isCancelled(error)) this.explorer.fail(error);
    }
  }

  stopSeeking() {
    this.seeking?.abort();
    if (!this.hasLooked) this.seeking = null;
  }

  toggleExample() {
    this.wantsExample = !this.wantsExample;
    this.onChange();
    this.explorer.say(this.isExample ? "The example is there again" : "The example is cleared");
  }

  // ---- bookmarks

  bookmark() {
    const { explorer } = this;
    let count = 0;
    const kept = this.list.map((stop) => {
      if (stop.id !== null) return stop;
      const { name, z, origin, digit, scale } = stop;
      const mark = explorer.bookmarks.add({ name, z: z.slice(), origin, digit, scale });
      if (mark) count += 1;
      return mark ? stopOf(mark) : stop;
    });
    this.change(kept);
    if (kept.every((stop) => stop.id !== null)) explorer.say(`${count} stops are bookmarks now`);
  }

  async startRandom() {
    const { explorer } = this;
    this.start.disabled = true;
    try {
      for (const digit of twoClasses(explorer.network)) {
        const seed = newSeed();
        const z = normals(seed, explorer.network.latentDim);
        const name = await this.nameOf(z, digit);
        const mark = explorer.bookmarks.add({ z, origin: seed, digit, scale: 1, name });
        if (this.chosen !== null && mark) this.chosen.push(stopOf(mark));
      }
      this.onChange();
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    } finally {
      this.start.disabled = false;
    }
  }

  /** The name that a bookmark there would have. */
  async nameOf(z, label) {
    const { network, bookmarks, studio } = this.explorer;
    const { reading } = await studio.run("draw", {
      network: network.url,
      z,
      label,
      classifier: network.classifier,
    });
    return bookmarks.freeName(reading.indexOf(Math.max(...reading)));
  }

  // ---- showing

  show() {
    const { list, isPath } = this;
    const { bookmarks } = this.explorer;
    this.empty.hidden = isPath && !this.isExample;
    this.badge.hidden = !this.isExample;
    this.sample.hidden = !this.isBare || !this.example;
    say(this.sample, this.isExample ? "Clear the example" : "Show the example");
    say(this.words, this.missingWords());
    this.tiles = list.map(() => new DigitTile());
    this.strip.replaceChildren(...list.map((stop, place) => this.item(stop, place, list)));
    const wanted = this.which.value;
    this.which.replaceChildren(
      ...bookmarks.list.map((mark) => element("option", "", { value: mark.id }, mark.name)),
    );
    if (bookmarks.find(wanted)) this.which.value = wanted;
    const isFull = list.length >= MOST_STOPS;
    this.full.hidden = !isFull;
    this.which.hidden = this.add.hidden = isFull || bookmarks.list.length === 0;
    this.keep.hidden = list.every((stop) => stop.id !== null);
  }

  missingWords() {
    const { bookmarks } = this.explorer;
    if (this.isExample) {
      const [from, to] = this.example.map(({ name }) => name);
      return `From ${from} to ${to}. Your own take its place: press Bookmark (or B) on two digits, or:`;
    }
    if (bookmarks.list.length >= FEWEST_STOPS) return "A path needs two stops: add another, or:";
    const looking = this.seeking && !this.hasLooked ? "Looking for two digits as an example. " : "";
    return `${looking}A path needs two bookmarks. Press Bookmark (or B) on digits that you want to morph between, or:`;
  }

  /** Draws a single stop; those of a path are among its frames. */
  async paintSingle() {
    const {
      explorer,
      list: [stop],
      tiles: [tile],
    } = this;
    this.painting?.abort();
    if (!stop) return;
    this.painting = new AbortController();
    const { z, digit: label, scale } = stop;
    try {
      const args = { network: explorer.network.url, z, label, scale };
      const { pixels } = await explorer.studio.run("draw", args, { signal: this.painting.signal });
      tile.paint(pixels);
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    }
  }

  item(stop, place, list) {
    const { canvas } = this.tiles[place];
    canvas.setAttribute("aria-hidden", "true");
    const go = button("", () => this.onGo(place), {
      class: "go",
      "aria-label": `To stop ${place + 1}, ${stop.name}`,
      title: "Go to this stop",
    });
    go.append(canvas);
    const act = (label, action, words, isOff, run) => {
      const made = button(label, run, {
        "data-action": action,
        "aria-label": `${stop.name}: ${words}`,
        title: words,
      });
      made.disabled = isOff;
      return made;
    };
    return element(
      "li",
      "",
      {},
      go,
      element("span", "stop-name", { title: stop.name }, `${place + 1}. ${stop.name}`),
      element(
        "span",
        "stop-buttons",
        {},
        act("◀", "earlier", "move earlier", place === 0, () => this.shift(place, -1)),
        act("×", "remove", "take off the path", false, () => this.remove(place)),
        act("▶", "later", "move later", place === list.length - 1, () => this.shift(place, 1)),
      ),
    );
  }

  /** The stop that the path is at, if it is at one. */
  mark(position) {
    for (const [place, item] of [...this.strip.children].entries()) {
      if (place === position) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
  }
}

function stopOf({ id, name, z, origin, digit, scale }) {
  return { id, name, z, origin, digit, scale: Math.round(100 * scale) / 100 }; // as an address holds it
}

/** Two classes to ask for, different ones if the network has learned two. */
function twoClasses({ classes, learned }) {
  if (!classes) return [0, 0];
  const first = Math.floor(Math.random() * learned.length);
  const step = learned.length > 1 ? 1 + Math.floor(Math.random() * (learned.length - 1)) : 0;
  return [learned[first], learned[(first + step) % learned.length]];
}
