// Which class a conditional network is asked for: radio buttons, so that arrow keys work, and number keys too.

import { element } from "../kit/dom.js";

export class ClassSelector {
  constructor(explorer) {
    this.explorer = explorer;
    this.inputs = [];
    this.choices = element("div", "choices");
    this.element = element(
      "fieldset",
      "classes",
      { role: "radiogroup", "data-testid": "class-selector", hidden: "" },
      element("legend", "", {}, "Digit to draw"),
      this.choices,
    );
    this.element.addEventListener("change", (event) => explorer.choose(Number(event.target.value)));
    this.element.addEventListener("keydown", (event) => {
      const input = /^\d$/.test(event.key) ? this.inputs[event.key] : undefined;
      if (!input || input.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
      input.focus();
      input.click();
    });
  }

  /** As many buttons as the network has classes; people can choose only what it has learned. */
  build() {
    const { classes, learned } = this.explorer.network;
    this.inputs = Array.from({ length: classes }, (_, digit) => {
      const input = element("input", "", { type: "radio", name: "digit", value: digit });
      input.disabled = !learned.includes(digit);
      return input;
    });
    this.choices.replaceChildren(
      ...this.inputs.map((input, digit) => {
        const label = element("label", "", {}, input, element("span", "", {}, digit));
        if (input.disabled) label.title = `This network has not learned the ${digit}.`;
        return label;
      }),
    );
    this.element.hidden = classes === 0;
  }

  refresh(changed) {
    const { digit } = this.explorer;
    if ((changed.has("digit") || changed.has("network")) && digit in this.inputs)
      this.inputs[digit].checked = true;
  }
}
