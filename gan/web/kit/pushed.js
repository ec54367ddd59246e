// Components that draw a part of what the server pushes to all viewers alike; or, where there is no such part, what
// the page's own message holds.

import { component, Newest } from "./component.js";
import { same, unpack } from "./message.js";
import { complain, settle } from "./notes.js";
import { listen } from "./stream.js";

/** @import { Bytes } from "./message.js" */

/**
 * How a part is drawn. `About` is the page's message, `Found` what is drawn. Its class is handed an empty `div`.
 * @template About, Found
 * @typedef {object} PartDrawing
 * @property {(about: About) => void} [prepare] before there is anything to read
 * @property {(body: Bytes) => Found | Promise<Found>} read what the bytes hold
 * @property {(found: Found, about: About) => void} draw
 * @property {() => void} [again] the theme changed, perhaps
 * @property {() => void} [close]
 */

/**
 * A component's default export.
 * @template About, Found
 * @param {new (root: HTMLElement) => PartDrawing<About, Found>} Drawing
 */
export function pushed(Drawing) {
  return component(
    class {
      /** @param {HTMLElement} root */
      constructor(root) {
        this.part = new Part(root, new Drawing(root));
      }

      /** @param {Bytes} data */
      update(data) {
        this.part.take(data);
      }

      close() {
        this.part.close();
      }
    },
  );
}

/** @template About, Found */
class Part {
  /**
   * @param {HTMLElement} root
   * @param {PartDrawing<About, Found>} drawing
   */
  constructor(root, drawing) {
    this.root = root;
    this.drawing = drawing;
    this.newest = new Newest();
    this.source = "";
  }

  /** @param {Bytes} data a line of JSON with `topic` and `part`; or without them, and then a body */
  take(data) {
    if (same(data, this.data)) return this.drawing.again?.();
    this.data = data;
    const [about, body] = unpack(data);
    this.about = about;
    this.drawing.prepare?.(about);
    if (!about.topic) return this.show(body);
    const source = `${about.topic} ${about.part}`;
    if (source === this.source) {
      if (this.body) this.show(this.body);
      return;
    }
    this.stop?.();
    this.source = source;
    this.stop = listen(about.topic, about.part, (bytes) => this.show(bytes));
  }

  /**
   * Draw a body, if none has come since when it has been read.
   * @param {Bytes} body
   */
  async show(body) {
    this.body = body;
    const isNewest = this.newest.begin();
    try {
      const found = await this.drawing.read(body);
      if (!isNewest()) return;
      this.drawing.draw(found, this.about);
      settle(this.root);
    } catch (error) {
      if (isNewest()) complain(this.root, error);
    }
  }

  close() {
    this.newest.end();
    this.stop?.();
    this.drawing.close?.();
  }
}
