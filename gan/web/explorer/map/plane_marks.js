// Where bookmarks are on a map: filled if they lie in its plane, hollow where the plane comes next to them.

import { button, element } from "../../kit/dom.js";
import { norm } from "../../latent/geometry.js";
import { drawnAt } from "../../latent/plane.js";

/** @import { Plane } from "../../latent/plane.js" */
/** @import { View } from "../../latent/plane_view.js" */
/** @import { Bookmark } from "../../latent/types" */

const NEAR = 0.15; // of a bookmark's length: so near to the plane, it counts as in it

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class PlaneMarks {
  /** @param {(mark: Bookmark) => void} onChoice */
  constructor(onChoice) {
    this.onChoice = onChoice;
    /** @type {{ id: string, dot: HTMLButtonElement, x: number, y: number }[]} */
    this.marks = [];
    this.element = element("div", "marks", { role: "group", "aria-label": "Bookmarks on the map" });
    this.element.addEventListener("keydown", (event) => this.step(event));
  }

  /**
   * Called when a bookmark is another, or the plane.
   * @param {Bookmark[]} list
   * @param {Plane} plane
   * @param {number} scale of all that the map draws
   */
  build(list, plane, scale) {
    const focused = this.marks.find(({ dot }) => dot.matches(":focus"));
    this.marks = list.flatMap((mark) => {
      const z = drawnAt(mark, scale);
      if (z === null) return [];
      const { x, y, distance } = plane.locate(z);
      const isIn = distance <= NEAR * norm(z) + 1e-6;
      return [{ id: mark.id, dot: this.dot(mark, isIn, distance), x, y }];
    });
    this.element.replaceChildren(...this.marks.map(({ dot }) => dot));
    if (focused) this.marks.find(({ id }) => id === focused.id)?.dot.focus({ preventScroll: true });
  }

  /** @param {Bookmark} mark @param {boolean} isIn the plane @param {number} distance from it */
  dot(mark, isIn, distance) {
    const words = isIn
      ? `${mark.name}, on this plane`
      : `${mark.name}, ${distance.toFixed(1)} away from this plane`;
    return button("", () => this.onChoice(mark), {
      class: isIn ? "mark" : "mark apart",
      "aria-label": `Go to ${words}`,
      title: words,
      tabindex: -1,
    });
  }

  /** @param {View} view */
  place(view) {
    for (const { dot, x, y } of this.marks) {
      const [right, down] = view.share(x, y);
      dot.hidden = !(right >= 0 && right <= 1 && down >= 0 && down <= 1);
      dot.style.setProperty("--right", String(right));
      dot.style.setProperty("--down", String(down));
    }
    const seen = this.seen();
    const stop = seen.find((dot) => dot.tabIndex === 0) ?? seen[0]; // one for Tab; arrow keys go on from it
    for (const { dot } of this.marks) dot.tabIndex = dot === stop ? 0 : -1;
  }

  seen() {
    return this.marks.map(({ dot }) => dot).filter((dot) => !dot.hidden);
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const by = STEPS[event.key];
    const seen = this.seen();
    const here = seen.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!by || here < 0) return;
    event.preventDefault();
    const next = seen[(here + by + seen.length) % seen.length];
    seen[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
