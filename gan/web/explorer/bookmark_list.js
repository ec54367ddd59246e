// Digits that people keep: by name, in this browser, for each network. What of it needs no document.

import { AddressError } from "../latent/address.js";
import { MOST_NAME, newId, readBookmarks, spellBookmarks } from "../latent/bookmark_file.js";
import { givenWords } from "../latent/given_name.js";

/** @import { Bookmark } from "../latent/types" */
/** @import { Network, Storage } from "./types" */

export const MOST = 60;
export const NO_ROOM = `${MOST} bookmarks are as many as there is room for: remove one first.`;
const NOTHING_KEPT =
  "This browser keeps nothing beyond this page: export your bookmarks before you leave it.";

export class BookmarkList {
  /**
   * @param {Storage} storage
   * @param {() => void} onChange
   */
  constructor(storage, onChange) {
    this.storage = storage;
    this.onChange = onChange;
    /** Told what of keeping went wrong, in a sentence. @type {(words: string) => void} */
    this.onTrouble = () => {};
    /** @type {Bookmark[]} */
    this.list = [];
    /** @type {Network | null} */
    this.network = null;
    this.place = "";
  }

  // ---- keeping

  /**
   * Those of a run, as its network reads them.
   *
   * @param {string} run
   * @param {Network} network
   */
  open(run, network) {
    this.network = network;
    this.place = `digit-forge:bookmarks:${run}`;
    this.load();
  }

  load() {
    if (!this.network) return;
    try {
      this.list = readBookmarks(this.kept(), this.network, MOST).marks;
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      this.list = [];
      this.onTrouble(
        `The bookmarks of this browser cannot be read: ${error.message} They are left as they are until you keep another digit.`,
      );
    }
    this.onChange();
  }

  /** What this browser keeps, as text: no bookmarks if it keeps nothing. */
  kept() {
    try {
      return this.storage.read(this.place) ?? "[]";
    } catch {
      this.onTrouble(NOTHING_KEPT);
      return "[]";
    }
  }

  /**
   * Another page of this browser changed what is kept at a place, or all of it if that is null.
   *
   * @param {string | null} place
   */
  follow(place) {
    if (place === null || place === this.place) this.load();
  }

  save() {
    try {
      this.storage.write(this.place, this.toText());
    } catch {
      this.onTrouble(NOTHING_KEPT);
    }
    this.onChange();
  }

  /** All of them, as JSON that `readBookmarks` reads. */
  toText() {
    return spellBookmarks(this.list);
  }

  // ---- changing

  /** The new bookmark, or null if there is no room. @param {Omit<Bookmark, "id">} given */
  add(given) {
    if (this.list.length >= MOST) return null;
    const mark = { id: newId(), ...given };
    this.list.push(mark);
    this.save();
    return mark;
  }

  /**
   * A name that no bookmark has: "a 7", if that is what a digit is read as, and "a 7, 2" if there is one.
   *
   * @param {number | undefined} reading
   */
  freeName(reading) {
    const names = new Set(this.list.map((mark) => mark.name));
    const given = { reading: reading ?? null, number: 1 };
    while (names.has(givenWords(given))) given.number += 1;
    return { name: givenWords(given), given };
  }

  /** The bookmark that was removed and its place in the list; null if there was none. @param {string} id */
  remove(id) {
    const at = this.list.findIndex((mark) => mark.id === id);
    if (at < 0) return null;
    const [mark] = this.list.splice(at, 1);
    this.save();
    return { mark, at };
  }

  /**
   * Whether there was room to put a bookmark back.
   *
   * @param {Bookmark} mark
   * @param {number} at
   */
  putBack(mark, at) {
    if (this.list.length >= MOST) return false;
    if (!this.find(mark.id)) this.list.splice(at, 0, mark); // else another page did
    this.save();
    return true;
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {number | undefined} reading of the picture that is shown
   */
  rename(id, name, reading) {
    const mark = this.find(id);
    if (!mark) return; // another page removed it meanwhile
    const chosen = name.trim().slice(0, MOST_NAME);
    if (chosen) {
      mark.name = chosen;
      delete mark.given;
    } else Object.assign(mark, this.freeName(reading));
    this.save();
  }

  /** @param {string} id */
  find(id) {
    return this.list.find((mark) => mark.id === id);
  }

  /**
   * Adds what `text`, an exported file, holds, as far as there is room. Throws AddressError if it is none.
   *
   * @param {string} text
   */
  takeIn(text) {
    if (!this.network) throw new AddressError("There is no network yet that they could be of.");
    const { marks, left } = readBookmarks(text, this.network, MOST - this.list.length);
    for (const mark of marks) this.list.push({ ...mark, id: newId() });
    this.save();
    return { added: marks.length, left };
  }
}
