// Which stops a path has, in which order. Nothing here is shown.

import { FEWEST_STOPS, MOST_STOPS, spellStop } from "../../latent/journey.js";

/** @import { Asked, Bookmark, Stop } from "../../latent/types" */

export class StopList {
  /** @param {() => Bookmark[]} bookmarks what people keep */
  constructor(bookmarks) {
    this.bookmarks = bookmarks;
    /** What people or an address chose; or else all bookmarks, as they are; or else the example. @type {Stop[] | null} */
    this.chosen = null;
    /** Two stops, once they are found. @type {Stop[] | null} */
    this.example = null;
    this.wantsExample = true;
  }

  /** @returns {Stop[]} */
  get list() {
    return (this.isExample && this.example) || (this.chosen ?? this.kept());
  }

  /** All bookmarks, as many as a path has room for. */
  kept() {
    return this.bookmarks().slice(0, MOST_STOPS).map(stopOf);
  }

  /** Whether there is nothing of people's own: no stops that they or an address chose, and no bookmarks. */
  get isBare() {
    return this.chosen === null && this.bookmarks().length === 0;
  }

  get isExample() {
    return this.isBare && this.wantsExample && this.example !== null;
  }

  get isPath() {
    return this.list.length >= FEWEST_STOPS;
  }

  get isFull() {
    return this.list.length >= MOST_STOPS;
  }

  // ---- choosing

  /** @param {Stop[]} list people's own, also what was made of the example */
  choose(list) {
    this.chosen = list;
    this.wantsExample = false;
  }

  /** Whether there was room. @param {Bookmark} mark */
  append(mark) {
    if (this.isFull) return false;
    this.choose([...this.list, stopOf(mark)]);
    return true;
  }

  /** The stop that is off the path now. @param {number} place */
  remove(place) {
    const list = [...this.list];
    const [gone] = list.splice(place, 1);
    this.choose(list);
    return gone;
  }

  /** The stop that is one place earlier (-1) or later (1) now. @param {number} place @param {number} by */
  shift(place, by) {
    const list = [...this.list];
    const [stop] = list.splice(place, 1);
    list.splice(place + by, 0, stop);
    this.choose(list);
    return stop;
  }

  /** Stops that an address brought; those that are bookmarks here have their names. @param {Stop[]} stops */
  take(stops) {
    this.chosen = stops.map((stop) => ({ id: null, ...stop }));
  }

  /**
   * Follows the bookmarks: their names, those that are gone, and those that a stop turned out to be.
   * @param {Asked} network
   */
  sync(network) {
    if (this.chosen === null) return;
    const marks = this.bookmarks();
    const known = new Map(marks.map((mark) => [spellStop(stopOf(mark), network), mark]));
    const chosen = this.chosen.flatMap((stop) => {
      if (isBookmark(stop)) return marks.filter((mark) => mark.id === stop.id).map(stopOf);
      const mark = known.get(spellStop(stop, network));
      return [mark ? stopOf(mark) : stop];
    });
    const all = this.kept();
    const isAll = chosen.length === all.length && all.every(({ id }, i) => id === chosen[i].id);
    this.chosen = isAll ? null : chosen;
  }
}

/** @param {Stop} stop */
export function isBookmark(stop) {
  return (stop.id ?? null) !== null;
}

/** @param {Bookmark} mark @returns {Stop} */
export function stopOf({ id, name, z, origin, digit, scale }) {
  return { id, name, z, origin, digit, scale: Math.round(100 * scale) / 100 }; // as an address holds it
}

/** What the pictures of stops depend on, and how they are called. @param {Stop[]} list @param {Asked} network */
export function spelledStops(list, network) {
  return list.map((stop) => [spellStop(stop, network), stop.name]);
}
