// How a component of the page lives: one drawing for each place, from the first message until the place is gone.

import { tellTheme } from "./theme.js";

/** @import { Place, StreamlitComponent, Trigger } from "./streamlit.d.ts" */

/**
 * What is drawn in one place of the page. Its class is handed an empty `div` of its own there.
 * @template Data
 * @typedef {object} Drawing
 * @property {(data: Data, trigger: Trigger) => unknown} update told what Python sends; and again, the same, when the
 *   theme changed
 * @property {() => void} close it is over: nothing may go on
 */

/**
 * A component's default export: one `Drawing` for each place, made when the place first appears.
 * @template Data
 * @param {new (root: HTMLElement) => Drawing<Data>} Drawing
 * @returns {StreamlitComponent<Data>}
 */
export function component(Drawing) {
  /** @type {WeakMap<Place, Drawing<Data>>} */
  const drawings = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    const drawing = drawings.get(parentElement) ?? mount(parentElement);
    drawing.update(data, setTriggerValue);
    tellTheme();
    return () => {
      if (parentElement.isConnected) return; // a newer message overtook this one: the drawing is still wanted
      if (drawings.get(parentElement) !== drawing) return; // it has been closed already
      drawings.delete(parentElement);
      drawing.close();
    };
  };

  /** @param {Place} place */
  function mount(place) {
    const root = place.ownerDocument.createElement("div");
    place.append(root);
    const drawing = new Drawing(root);
    drawings.set(place, drawing);
    return drawing;
  }
}

/** Work that is begun again and again, of which only the newest counts. */
export class Newest {
  #turn = 0;

  /** Begin anew. Returns what tells whether this is still the newest. */
  begin() {
    const turn = ++this.#turn;
    return () => turn === this.#turn;
  }

  /** None of what has begun counts any more. */
  end() {
    this.#turn += 1;
  }
}
