// A slider for one number of z, with what it does to the picture below.

import { button, element } from "../../kit/dom.js";
import { DigitSheet } from "../../kit/tile.js";
import { LIMIT } from "../../latent/geometry.js";
import { pictureAt } from "../../pictures/pictures.js";

/**
 * What a slider tells: onChange as it moves (isWhole: by one push, which is at rest at once), onRest when the hand lets
 * go, onLock when its number should be locked, or free again.
 * @typedef {{ onChange: (slider: Slider, value: number, isWhole: boolean) => void, onRest: (slider: Slider) => void,
 *   onLock: (slider: Slider) => void }} Handlers
 */

export const STEPS = 7; // pictures in the strip below
const LOCK = `<svg viewBox="0 0 16 16" aria-hidden="true"><path class="shackle" d="M5 8V5a3 3 0 0 1 6 0v3"/>
  <rect x="3" y="8" width="10" height="7" rx="1.5"/></svg>`;

export class Slider {
  /**
   * @param {number} index of the number of z, from 0
   * @param {Handlers} handlers
   */
  constructor(index, handlers) {
    this.index = index;
    this.value = 0;
    this.isSeen = false;
    this.drawn = ""; // what its strip depends on, as it is drawn
    this.name = `z${index + 1}`;
    this.output = element("output", "", {}, "0.00");
    this.input = element("input", "", {
      type: "range",
      min: -LIMIT,
      max: LIMIT,
      step: 0.01,
      value: 0,
      "aria-label": this.name,
      "data-testid": this.name,
    });
    this.lock = button("", () => handlers.onLock(this), {
      class: "lock",
      "aria-pressed": "false",
      "aria-label": `Lock ${this.name}`,
      title: "Locked, it stays when others are drawn, reset or walked",
    });
    this.lock.innerHTML = LOCK;
    this.zero = button("0", () => handlers.onChange(this, 0, true), {
      class: "zero",
      "aria-label": `Set ${this.name} to 0`,
      title: "To 0 (or double-click the slider)",
    });
    this.strip = element("canvas", "", {
      "aria-hidden": "true",
      title: "The digit with this number from -3 to 3: click to go there",
    });
    this.element = element(
      "div",
      "slider",
      {},
      element("div", "head", {}, element("span", "name", {}, this.name), this.output, this.zero, this.lock),
      this.input,
      this.strip,
    );
    this.sheet = new DigitSheet(STEPS, 1, this.strip);
    this.input.addEventListener("input", () => handlers.onChange(this, this.input.valueAsNumber, false));
    this.input.addEventListener("change", () => handlers.onRest(this));
    this.input.addEventListener("dblclick", () => handlers.onChange(this, 0, true));
    this.strip.addEventListener("click", (event) => {
      const share = (event.offsetX / this.strip.clientWidth) * STEPS;
      handlers.onChange(this, -LIMIT + (2 * LIMIT * Math.floor(share)) / (STEPS - 1), true);
    });
    this.show(0);
  }

  /** @param {number} value */
  show(value) {
    const place = (value + LIMIT) / (2 * LIMIT);
    this.value = value;
    this.input.value = String(value);
    this.output.textContent = value.toFixed(2);
    this.input.style.setProperty("--from", String(Math.min(place, 0.5)));
    this.input.style.setProperty("--to", String(Math.max(place, 0.5)));
  }

  /** @param {Uint8Array} pictures with this number from -3 to 3, uint8 [7 * 784] */
  showStrip(pictures) {
    for (let k = 0; k < STEPS; k++) this.sheet.paint(k, pictureAt(pictures, k));
  }
}
