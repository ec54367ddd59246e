// Which class a conditional network is asked for: radio buttons, so that arrow keys work, and number keys too.

import { element } from "../kit/dom.js";

/** @import { State } from "./state.js" */

export class ClassSelector {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {HTMLInputElement[]} */
    this.inputs = [];
    this.choices = element("div", "choices");
    this.element = element(
      "fieldset",
      "classes",
      { role: "radiogroup", "data-testid": "class-selector", hidden: "" },
      element("legend", "", {}, "Digit to draw"),
      this.choices,
    );
    this.element.addEventListener("keydown", (event) => {
      const input = /^\d$/.test(event.key) ? this.inputs[Number(event.key)] : undefined;
      if (!input || input.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
      input.focus();
      input.click();
    });
    state.subscribe(["digit", "network"], () => {
      if (state.digit in this.inputs) this.inputs[state.digit].checked = true;
    });
  }

  /** As many buttons as the network has classes; people can choose only what it has learned. */
  build() {
    const { classes, learned } = this.state.network;
    this.inputs = Array.from({ length: classes }, (_, digit) => {
      const input = element("input", "", { type: "radio", name: "digit", value: digit });
      input.disabled = !learned.includes(digit);
      input.addEventListener("change", () => this.state.choose(digit));
      return input;
    });
    this.choices.replaceChildren(
      ...this.inputs.map((input, digit) => {
        const label = element("label", "", {}, input, element("span", "", {}, String(digit)));
        if (input.disabled) label.title = `This network has not learned the ${digit}.`;
        return label;
      }),
    );
    this.element.hidden = classes === 0;
  }
}
