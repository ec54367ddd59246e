// Where bookmarks are on a map: filled if they lie in its plane, hollow where the plane comes next to them.

import { button, element } from "../../kit/dom.js";
import { norm } from "../../latent/geometry.js";
import { drawnAt } from "../../latent/plane.js";

const NEAR = 0.15; // of a bookmark's length: so near to the plane, it counts as in it

export class PlaneMarks {
  /** onChoice: told the bookmark. */
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.marks = [];
    this.element = element("div", "marks", { role: "group", "aria-label": "Bookmarks on the map" });
    this.element.addEventListener("keydown", (event) => this.step(event));
  }

  /** list: bookmarks; scale: of all that the map draws. Called when one of them is another, or the plane. */
  build(list, plane, scale) {
    this.marks = list.flatMap((mark) => {
      const z = drawnAt(mark, scale);
      if (z === null) return [];
      const { x, y, distance } = plane.locate(z);
      const isIn = distance <= NEAR * norm(z) + 1e-6;
      const words = isIn
        ? `${mark.name}, on this plane`
        : `${mark.name}, ${distance.toFixed(1)} away from this plane`;
      const dot = button("", () => this.onChoice(mark), {
        class: "mark",
        "aria-label": `Go to ${words}`,
        title: words,
        tabindex: -1,
        "data-mark": mark.id,
      });
      dot.dataset.in = isIn;
      return [{ dot, x, y }];
    });
    const focused = this.element.getRootNode().activeElement?.dataset?.mark;
    this.element.replaceChildren(...this.marks.map(({ dot }) => dot));
    if (focused)
      this.marks.find(({ dot }) => dot.dataset.mark === focused)?.dot.focus({ preventScroll: true });
  }

  place(view) {
    for (const { dot, x, y } of this.marks) {
      const [right, down] = view.share(x, y);
      dot.hidden = !(right >= 0 && right <= 1 && down >= 0 && down <= 1);
      dot.style.setProperty("--right", right);
      dot.style.setProperty("--down", down);
    }
    const seen = this.seen();
    const stop = seen.find((dot) => dot.tabIndex === 0) ?? seen[0]; // one for Tab; arrow keys go on from it
    for (const { dot } of this.marks) dot.tabIndex = dot === stop ? 0 : -1;
  }

  seen() {
    return this.marks.map(({ dot }) => dot).filter((dot) => !dot.hidden);
  }

  step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const seen = this.seen();
    const here = seen.indexOf(event.target);
    if (!by || here < 0) return;
    event.preventDefault();
    const next = seen[(here + by + seen.length) % seen.length];
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
