// Small things about elements of the page.

/** A new element: its tag, its class, its attributes, what is in it. */
export function element(tag, className = "", attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A button that does something. */
export function button(label, action, attributes = {}) {
  const made = element("button", "", { type: "button", ...attributes }, label);
  made.addEventListener("click", action);
  return made;
}

/** A group of radio buttons that look like one row of buttons; `onChoice` is told the value. */
export class Choice {
  static count = 0;

  constructor(legend, options, onChoice, attributes = {}) {
    const name = `choice-${++Choice.count}`;
    this.element = element(
      "fieldset",
      "choice",
      { role: "radiogroup", ...attributes },
      element("legend", "", {}, legend),
    );
    this.inputs = options.map(([value, label]) => {
      const input = element("input", "", { type: "radio", name, value });
      this.element.append(element("label", "", {}, input, element("span", "", {}, label)));
      return input;
    });
    this.element.addEventListener("change", (event) => onChoice(event.target.value));
  }

  show(value) {
    for (const input of this.inputs) input.checked = input.value === value;
  }

  get value() {
    return this.inputs.find((input) => input.checked)?.value ?? null;
  }
}

/** Sets a text only if it is another, so that screen readers and layout are left in peace. */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Whether people asked their system for less movement. */
export function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Waits until a hand has rested for `ms`, then does it; each call starts the wait anew. */
export function later(action, ms) {
  let timer;
  const call = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), ms);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
