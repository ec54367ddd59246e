// A film as a strip of small pictures: the picture at some of its steps, and below each the digit that is seen in it.

import { element } from "../../kit/dom.js";
import { DigitSheet } from "../../kit/tile.js";
import { pictureAt } from "../../pictures/pictures.js";

/** @import { Film } from "../types" */

const MOST = 11; // pictures

/** The positions that a strip shows, evenly spread from the first to the last. @param {number} steps */
export function positionsShown(steps) {
  const count = Math.min(MOST, steps + 1);
  return Array.from({ length: count }, (_, i) => Math.round((i * steps) / (count - 1)));
}

export class FilmStrip {
  /** @param {(position: number) => void} onChoice */
  constructor(onChoice) {
    this.onChoice = onChoice;
    /** @type {number[]} */
    this.positions = [];
    this.rows = ["pictures", "digits"].map((name) =>
      element("canvas", "", { "aria-hidden": "true", "data-testid": `film-${name}` }),
    );
    this.marker = element("div", "film-marker", { "aria-hidden": "true" });
    this.element = element("div", "film-strip", { title: "Click to go there" }, ...this.rows, this.marker);
    this.element.addEventListener("click", ({ clientX }) => {
      const { left, width } = this.element.getBoundingClientRect();
      const column = Math.floor(((clientX - left) / width) * this.positions.length);
      const position = this.positions[Math.min(this.positions.length - 1, Math.max(0, column))];
      if (position !== undefined) this.onChoice(position);
    });
  }

  /** @param {Film} film */
  show({ steps, pictures, digits }) {
    this.positions = positionsShown(steps);
    for (const [row, pages] of [pictures, digits].entries()) {
      const sheet = new DigitSheet(this.positions.length, 1, this.rows[row]);
      for (const [place, position] of this.positions.entries())
        sheet.paint(place, pictureAt(pages, position));
    }
  }

  /** @param {number} share of the film */
  mark(share) {
    this.element.style.setProperty("--share", String(share));
  }
}
