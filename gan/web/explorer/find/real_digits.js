// Real digits to pick from: gan/server/real_digits.py sends them.

import { button, element, say } from "../../kit/dom.js";
import { fromBase64 } from "../../kit/requests.js";
import { DigitTile } from "../../kit/tile.js";
import { newSeed } from "../../latent/geometry.js";

/** @import { Picture } from "../../pictures/types" */

/** A picture that a person wrote, and its label if there is one. @typedef {{ picture: Picture, label: number | null }} RealDigit */

const SHOWN = 20;
const COUNT = 40; // of one request: two screens of them

export class RealDigits {
  /**
   * @param {() => string} base the address of requests, beside which the real digits are
   * @param {(digit: RealDigit) => void} onPick
   */
  constructor(base, onPick) {
    this.base = base;
    this.onPick = onPick;
    /** Those that are shown next. @type {RealDigit[]} */
    this.waiting = [];
    this.words = element("p", "quiet", { role: "status" });
    this.grid = element("div", "real", {
      role: "group",
      "aria-label": "Real digits",
      "data-testid": "real-digits",
    });
    this.others = button("Others", () => this.show(), { title: "Show other real digits" });
    this.element = element(
      "div",
      "real-digits",
      {},
      this.grid,
      element("div", "row", {}, this.others),
      this.words,
    );
  }

  get isEmpty() {
    return this.grid.childElementCount === 0;
  }

  /** Shows the next ones. */
  async show() {
    if (this.waiting.length < SHOWN) await this.fetch();
    const digits = this.waiting.splice(0, SHOWN);
    if (digits.length === 0) return;
    this.grid.replaceChildren(...digits.map((digit) => this.item(digit)));
  }

  async fetch() {
    this.others.disabled = true;
    try {
      const address = this.base().replace(/requests$/, "real-digits");
      const response = await fetch(`${address}?count=${COUNT}&seed=${newSeed()}`);
      const told = await response.json();
      if (!response.ok) throw new Error(told.error);
      this.waiting = told.digits.map((/** @type {{ picture: string, label: number | null }} */ digit) => ({
        picture: fromBase64(digit.picture),
        label: digit.label,
      }));
      say(this.words, told.words);
    } catch (error) {
      say(
        this.words,
        `This server sent no real digits (${error instanceof Error ? error.message : error}). Draw one, or press Others to ask again.`,
      );
    }
    this.others.disabled = false;
  }

  /** @param {RealDigit} digit */
  item({ picture, label }) {
    const tile = new DigitTile(undefined, "real");
    tile.paint(picture);
    tile.canvas.setAttribute("aria-hidden", "true");
    const pick = button(
      "",
      () => {
        for (const other of this.grid.children) other.setAttribute("aria-pressed", String(other === pick));
        this.onPick({ picture, label });
      },
      { "aria-pressed": "false", "aria-label": label === null ? "A real digit" : `A real ${label}` },
    );
    pick.append(tile.canvas);
    return pick;
  }
}
