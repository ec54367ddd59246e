// Digits that people keep: by name, in this browser, for each network.

import { AddressError, readLatent, spellLatent } from "./address.js";
import { button, element, say } from "./dom.js";
import { isCancelled } from "./studio/studio.js";
import { DigitTile } from "./tile.js";

const MOST = 60;
const MOST_NAME = 40;

/** One bookmark: { id, name, z (Float64Array), origin, digit, scale }. */
export class Bookmarks {
  constructor(explorer) {
    this.explorer = explorer;
    this.list = [];
    this.tiles = new Map(); // by id
    this.strip = element("ol", "strip", { "data-testid": "bookmarks" });
    this.empty = element("p", "quiet", {}, "None yet. Press Bookmark (or B) on a digit that you want to come back to: the map marks it, and you can morph between bookmarks or add them up.");
    this.message = element("p", "quiet", { role: "status" });
    this.element = element("section", "bookmarks", { "aria-label": "Bookmarks" },
      element("h3", "", {}, "Bookmarks"), this.empty, this.strip, this.message);
  }

  get place() {
    return `digit-forge:bookmarks:${this.explorer.about.run}`;
  }

  // ---- keeping

  load() {
    try {
      this.list = readAll(localStorage.getItem(this.place) ?? "[]", this.explorer.network);
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      this.list = [];
      say(this.message, `The bookmarks of this browser cannot be read: ${error.message} They are left as they are until you keep another digit.`);
    }
    this.explorer.change("bookmarks");
  }

  save() {
    try {
      localStorage.setItem(this.place, this.toText());
    } catch {
      say(this.message, "This browser keeps nothing beyond this page: export the bookmarks before you leave it.");
    }
    this.explorer.change("bookmarks");
  }

  /** All of them, as JSON that `readAll` reads. */
  toText() {
    return JSON.stringify(this.list.map(({ z, origin, ...rest }) => ({ ...rest, z: spellLatent(z, origin) })));
  }

  add(given = {}) {
    const { explorer } = this;
    if (this.list.length >= MOST) return explorer.say(`${MOST} bookmarks are as many as there is room for: remove one first.`);
    const mark = { id: newId(), name: this.freeName(), ...explorer.place(), ...given };
    this.list.push(mark);
    this.save();
    explorer.say(`Kept as ${mark.name}`);
    return mark;
  }

  freeName() {
    const base = this.explorer.view.reading === undefined ? "digit" : `a ${this.explorer.view.reading}`;
    const names = new Set(this.list.map((mark) => mark.name));
    for (let i = 1; ; i++) if (!names.has(i === 1 ? base : `${base}, ${i}`)) return i === 1 ? base : `${base}, ${i}`;
  }

  remove(id) {
    const at = this.list.findIndex((mark) => mark.id === id);
    if (at < 0) return;
    const [mark] = this.list.splice(at, 1);
    this.removed = { mark, at };
    this.save();
    say(this.message, `Removed ${mark.name}. `);
    this.message.append(button("Put it back", () => {
      this.list.splice(at, 0, mark);
      this.save();
      say(this.message, "");
    }));
  }

  rename(id, name) {
    this.find(id).name = name.trim().slice(0, MOST_NAME) || this.freeName();
    this.save();
  }

  find(id) {
    return this.list.find((mark) => mark.id === id);
  }

  /** Adds what `text`, an exported file, holds. Throws AddressError if it is none. */
  takeIn(text) {
    const read = readAll(text, this.explorer.network);
    const room = MOST - this.list.length;
    for (const mark of read.slice(0, room)) this.list.push({ ...mark, id: newId() });
    this.save();
    return { added: Math.min(read.length, room), left: Math.max(0, read.length - room) };
  }

  // ---- showing

  refresh(changed) {
    const { network } = this.explorer;
    if (changed.has("network") && this.size !== network.latentDim) {
      this.size = network.latentDim;
      this.load();
    }
    if (!changed.has("bookmarks") && !changed.has("network") && !changed.has("scale")) return;
    this.empty.hidden = this.list.length > 0;
    if (changed.has("bookmarks")) this.strip.replaceChildren(...this.list.map((mark) => this.item(mark)));
    this.paint();
  }

  item(mark) {
    const tile = new DigitTile();
    tile.canvas.setAttribute("aria-hidden", "true");
    this.tiles.set(mark.id, tile);
    const go = button("", () => {
      this.explorer.remember();
      this.explorer.goTo(mark);
      this.explorer.settle(`At ${mark.name}`);
    }, { class: "go", "aria-label": `Go to ${mark.name}`, title: "Go there" });
    go.append(tile.canvas);
    const name = element("input", "mark-name", { type: "text", maxlength: MOST_NAME, "aria-label": "Name of the bookmark" });
    name.value = mark.name;
    name.addEventListener("change", () => this.rename(mark.id, name.value));
    return element("li", "", { "data-bookmark": mark.id }, go, name,
      button("×", () => this.remove(mark.id), { class: "remove", "aria-label": `Remove ${mark.name}`, title: "Remove" }));
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
      await explorer.studio.run("drawMany", { network: explorer.network.url, zs, labels: list.map((mark) => mark.digit) }, {
        signal: this.painting.signal,
        onPart: ({ from, pixels }) => {
          for (let i = 0; i * 784 < pixels.length; i++) this.tiles.get(ids[from + i])?.paint(pixels.subarray(i * 784, (i + 1) * 784));
        },
      });
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    }
  }

  close() {
    this.painting?.abort();
  }
}

function newId() {
  return crypto.getRandomValues(new Uint32Array(2)).join("").slice(0, 12);
}

/** Bookmarks of a text that came from anywhere. Throws AddressError for what does not fit the network. */
export function readAll(text, network) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    throw new AddressError("This is not a file of bookmarks.");
  }
  if (!Array.isArray(told)) throw new AddressError("This is not a file of bookmarks.");
  return told.slice(0, MOST).map((mark) => {
    if (typeof mark?.z !== "string") throw new AddressError("A bookmark has no noise vector.");
    const { z, origin } = readLatent(mark.z, network.latentDim);
    const digit = network.classes && network.learned.includes(mark.digit) ? mark.digit : network.classes ? network.learned[0] : 0;
    const scale = typeof mark.scale === "number" && mark.scale >= 0 && mark.scale <= 1 ? mark.scale : 1;
    const id = typeof mark.id === "string" && /^\w{1,16}$/.test(mark.id) ? mark.id : newId();
    return { id, name: String(mark.name ?? "digit").slice(0, MOST_NAME), z, origin, digit, scale };
  });
}
