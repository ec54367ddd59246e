// Digits that people keep: by name, in this browser, for each network.

import { isCancelled } from "../inference/inference.js";
import { button, element, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";
import { AddressError } from "../latent/address.js";
import { MOST_NAME, newId, readBookmarks, spellBookmarks } from "../latent/bookmark_file.js";

const MOST = 60;
const NO_ROOM = `${MOST} bookmarks are as many as there is room for: remove one first.`;
const NOTHING_KEPT =
  "This browser keeps nothing beyond this page: export your bookmarks before you leave it.";

/** One bookmark: { id, name, z (Float64Array), origin, digit, scale }. */
export class Bookmarks {
  constructor(explorer) {
    this.explorer = explorer;
    this.list = [];
    this.items = new Map(); // what the strip shows, by id
    this.strip = element("ol", "strip", { "data-testid": "bookmarks" });
    this.empty = element(
      "p",
      "quiet",
      {},
      "None yet. Press Bookmark (or B) on a digit that you want to come back to: the map marks it, and you can morph between bookmarks or add them up.",
    );
    this.message = element("p", "quiet", { role: "status" });
    this.element = element(
      "section",
      "bookmarks",
      { "aria-label": "Bookmarks" },
      element("h3", "", {}, "Bookmarks"),
      this.empty,
      this.strip,
      this.message,
    );
    this.hear = ({ key }) => this.follow(key);
    addEventListener("storage", this.hear);
  }

  get place() {
    return `digit-forge:bookmarks:${this.explorer.about.run}`;
  }

  // ---- keeping

  load() {
    try {
      this.list = readBookmarks(this.kept(), this.explorer.network, MOST).marks;
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      this.list = [];
      say(
        this.message,
        `The bookmarks of this browser cannot be read: ${error.message} They are left as they are until you keep another digit.`,
      );
    }
    this.explorer.change("bookmarks");
  }

  /** What this browser keeps, as text: no bookmarks if it keeps nothing. */
  kept() {
    try {
      return localStorage.getItem(this.place) ?? "[]";
    } catch {
      say(this.message, NOTHING_KEPT);
      return "[]";
    }
  }

  /** Another page of this browser changed what is kept under `key`, or all of it if that is null. */
  follow(key) {
    if (this.size !== undefined && (key === null || key === this.place)) this.load();
  }

  save() {
    try {
      localStorage.setItem(this.place, this.toText());
    } catch {
      say(this.message, NOTHING_KEPT);
    }
    this.explorer.change("bookmarks");
  }

  /** All of them, as JSON that `readBookmarks` reads. */
  toText() {
    return spellBookmarks(this.list);
  }

  add(given = {}) {
    const { explorer } = this;
    if (this.list.length >= MOST) return explorer.say(NO_ROOM);
    const mark = { id: newId(), name: this.freeName(), ...explorer.place(), ...given };
    this.list.push(mark);
    this.save();
    explorer.say(`Kept as ${mark.name}`);
    return mark;
  }

  /** "a 7", if that is what a digit is read as, and "a 7, 2" if there is one. */
  freeName(reading = this.explorer.view.reading) {
    const base = reading === undefined ? "digit" : `a ${reading}`;
    const names = new Set(this.list.map((mark) => mark.name));
    for (let i = 1; ; i++)
      if (!names.has(i === 1 ? base : `${base}, ${i}`)) return i === 1 ? base : `${base}, ${i}`;
  }

  remove(id) {
    const at = this.list.findIndex((mark) => mark.id === id);
    if (at < 0) return;
    const [mark] = this.list.splice(at, 1);
    this.save();
    say(this.message, `Removed ${mark.name}. `);
    const back = button("Put it back", () => this.putBack(mark, at));
    this.message.append(back);
    const next = this.list[at] ?? this.list.at(-1); // the focus cannot stay on what goes
    (this.items.get(next?.id)?.remove ?? back).focus();
  }

  putBack(mark, at) {
    if (this.list.length >= MOST) return this.explorer.say(NO_ROOM);
    say(this.message, "");
    if (!this.find(mark.id)) this.list.splice(at, 0, mark); // else another page did
    this.save();
    this.arrange();
    this.items.get(mark.id).go.focus();
  }

  rename(id, name) {
    const mark = this.find(id);
    if (!mark) return; // another page removed it meanwhile
    mark.name = name.trim().slice(0, MOST_NAME) || this.freeName();
    this.save();
  }

  goTo(id) {
    const { explorer } = this;
    const mark = this.find(id);
    explorer.remember();
    explorer.goTo(mark);
    explorer.settle(`At ${mark.name}`);
  }

  find(id) {
    return this.list.find((mark) => mark.id === id);
  }

  /** Adds what `text`, an exported file, holds, as far as there is room. Throws AddressError if it is none. */
  takeIn(text) {
    const { marks, left } = readBookmarks(text, this.explorer.network, MOST - this.list.length);
    for (const mark of marks) this.list.push({ ...mark, id: newId() });
    this.save();
    return { added: marks.length, left };
  }

  // ---- showing

  refresh(changed) {
    const { network } = this.explorer;
    if (changed.has("network") && this.size !== network.latentDim) {
      this.size = network.latentDim;
      this.load();
    }
    if (!changed.has("bookmarks") && !changed.has("network")) return;
    this.empty.hidden = this.list.length > 0;
    if (changed.has("bookmarks")) this.arrange();
    this.paint();
  }

  /** Shows the list as it is now. What stays is not touched: somebody's focus or finger may be on it. */
  arrange() {
    const { items, strip } = this;
    for (const [id, item] of items) {
      if (this.find(id)) continue;
      item.element.remove();
      items.delete(id);
    }
    for (const [place, mark] of this.list.entries()) {
      const item = items.get(mark.id) ?? new Item(mark, this);
      items.set(mark.id, item);
      item.show(mark);
      const there = strip.children[place];
      if (there !== item.element) strip.insertBefore(item.element, there ?? null);
    }
  }

  /** Their pictures, drawn by the network of the moment. */
  async paint() {
    const { explorer, list } = this;
    if (list.length === 0) return;
    this.painting?.abort();
    this.painting = new AbortController();
    const zs = Float64Array.from(list.flatMap((mark) => Array.from(mark.z, (value) => value * mark.scale)));
    const ids = list.map((mark) => mark.id);
    try {
      await explorer.studio.run(
        "drawMany",
        { network: explorer.network.url, zs, labels: list.map((mark) => mark.digit) },
        {
          signal: this.painting.signal,
          onPart: ({ from, pixels }) => {
            for (let i = 0; i * 784 < pixels.length; i++)
              this.items.get(ids[from + i])?.tile.paint(pixels.subarray(i * 784, (i + 1) * 784));
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    }
  }

  close() {
    removeEventListener("storage", this.hear);
    this.painting?.abort();
  }
}

/** A bookmark in the strip: its picture, which goes there, its name, and how it is removed. */
class Item {
  constructor({ id }, bookmarks) {
    this.tile = new DigitTile();
    this.tile.canvas.setAttribute("aria-hidden", "true");
    this.go = button("", () => bookmarks.goTo(id), { class: "go", title: "Go there" });
    this.go.append(this.tile.canvas);
    this.name = element("input", "mark-name", {
      type: "text",
      maxlength: MOST_NAME,
      "aria-label": "Name of the bookmark",
    });
    this.name.addEventListener("change", () => {
      this.shown = null; // what becomes of it is shown, also if that is its old name
      bookmarks.rename(id, this.name.value);
    });
    this.remove = button("×", () => bookmarks.remove(id), { class: "remove", title: "Remove" });
    this.element = element("li", "", { "data-bookmark": id }, this.go, this.name, this.remove);
  }

  /** A name that is being typed stays, unless the bookmark has another one by now. */
  show({ name }) {
    if (name === this.shown) return;
    this.shown = this.name.value = name;
    this.go.setAttribute("aria-label", `Go to ${name}`);
    this.remove.setAttribute("aria-label", `Remove ${name}`);
  }
}
