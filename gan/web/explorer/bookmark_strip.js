// The bookmarks as a strip of digits: where they are gone to, named and removed.

import { isCancelled } from "../inference/inference.js";
import { button, element, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";
import { MOST_NAME } from "../latent/bookmark_file.js";
import { joined } from "../latent/geometry.js";
import { PIXELS, pictureAt } from "../pictures/pictures.js";
import { NO_ROOM } from "./bookmark_list.js";

/** @import { Bookmark } from "../latent/types" */
/** @import { State } from "./state.js" */
/** @import { Changed } from "./types" */

const NONE =
  "None yet. Press Bookmark (or B) on a digit that you want to come back to: the map marks it, and you can morph " +
  "between bookmarks or add them up.";

export class BookmarkStrip {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** What the strip shows, by the bookmark's id. @type {Map<string, Item>} */
    this.items = new Map();
    /** @type {AbortController | undefined} */
    this.painting = undefined;
    this.strip = element("ol", "strip", { "data-testid": "bookmarks" });
    this.empty = element("p", "quiet", {}, NONE);
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
    this.ends = new AbortController();
    const { signal } = this.ends;
    addEventListener("storage", ({ key }) => state.bookmarks.follow(key), { signal });
    state.bookmarks.onTrouble = (words) => say(this.message, words);
    state.subscribe(["bookmarks", "network", "sampling"], (changed) => this.refresh(changed));
  }

  /** @param {string} id */
  remove(id) {
    const { bookmarks } = this.state;
    const removed = bookmarks.remove(id);
    if (!removed) return;
    const { mark, at } = removed;
    say(this.message, `Removed ${mark.name}. `);
    const back = button("Put it back", () => this.putBack(mark, at));
    this.message.append(back);
    const next = bookmarks.list[at] ?? bookmarks.list.at(-1); // the focus cannot stay on what goes
    ((next && this.items.get(next.id)?.remove) ?? back).focus();
  }

  /**
   * @param {Bookmark} mark
   * @param {number} at
   */
  putBack(mark, at) {
    if (!this.state.bookmarks.putBack(mark, at)) return this.state.say(NO_ROOM);
    say(this.message, "");
    this.arrange();
    this.items.get(mark.id)?.go.focus();
  }

  /** @param {string} id */
  goTo(id) {
    const { state } = this;
    const mark = state.bookmarks.find(id);
    if (mark) state.visit(mark);
  }

  // ---- showing

  /** @param {Changed} changed */
  refresh(changed) {
    this.empty.hidden = this.state.bookmarks.list.length > 0;
    if (changed.has("bookmarks")) this.arrange();
    this.paint();
  }

  /** Shows the list as it is now. What stays is not touched: somebody's focus or finger may be on it. */
  arrange() {
    const { items, strip } = this;
    const { bookmarks } = this.state;
    for (const [id, item] of items) {
      if (bookmarks.find(id)) continue;
      item.element.remove();
      items.delete(id);
    }
    for (const [place, mark] of bookmarks.list.entries()) {
      const item = items.get(mark.id) ?? new Item(mark.id, this);
      items.set(mark.id, item);
      item.show(mark);
      const there = strip.children[place];
      if (there !== item.element) strip.insertBefore(item.element, there ?? null);
    }
  }

  /** Their pictures, drawn by the network of the moment. */
  async paint() {
    const { state } = this;
    const { list } = state.bookmarks;
    if (list.length === 0) return;
    this.painting?.abort();
    this.painting = new AbortController();
    const { signal } = this.painting;
    const zs = joined(list.map(({ z, scale }) => z.map((value) => scale * value)));
    const ids = list.map((mark) => mark.id);
    try {
      await state.sampling.drawMany(
        { network: state.network.url, zs, labels: list.map((mark) => mark.digit) },
        {
          signal,
          onPart: ({ from, pixels }) => {
            for (let i = 0; i * PIXELS < pixels.length; i++)
              this.items.get(ids[from + i])?.tile.paint(pictureAt(pixels, i));
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
  }

  close() {
    this.ends.abort();
    this.painting?.abort();
  }
}

/** A bookmark in the strip: its picture, which goes there, its name, and how it is removed. */
class Item {
  /**
   * @param {string} id
   * @param {BookmarkStrip} strip
   */
  constructor(id, strip) {
    /** The name that is shown. @type {string | null} */
    this.shown = null;
    this.tile = new DigitTile();
    this.tile.canvas.setAttribute("aria-hidden", "true");
    this.go = button("", () => strip.goTo(id), { class: "go", title: "Go there" });
    this.go.append(this.tile.canvas);
    this.name = element("input", "mark-name", {
      type: "text",
      maxlength: MOST_NAME,
      "aria-label": "Name of the bookmark",
    });
    this.name.addEventListener("change", () => {
      this.shown = null; // what becomes of it is shown, also if that is its old name
      strip.state.rename(id, this.name.value);
    });
    this.remove = button("×", () => strip.remove(id), { class: "remove", title: "Remove" });
    this.element = element("li", "", {}, this.go, this.name, this.remove);
  }

  /** A name that is being typed stays, unless the bookmark has another one by now. @param {Bookmark} mark */
  show({ name }) {
    if (name === this.shown) return;
    this.name.value = name;
    this.shown = name;
    this.go.setAttribute("aria-label", `Go to ${name}`);
    this.remove.setAttribute("aria-label", `Remove ${name}`);
  }
}
