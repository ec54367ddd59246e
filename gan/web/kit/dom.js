// Small things about elements of the page.

/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * A new element: its tag, its class, its attributes, what is in it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className = "", attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * A button that does something.
 * @param {Node | string} label
 * @param {(event: MouseEvent) => void} action
 * @param {Attributes} [attributes]
 */
export function button(label, action, attributes = {}) {
  const made = element("button", "", { type: "button", ...attributes }, label);
  made.addEventListener("click", action);
  return made;
}

/** A group of radio buttons that look like one row of buttons; `onChoice` is told the value. */
export class Choice {
  static count = 0;

  /**
   * @param {string} legend
   * @param {readonly (readonly [value: string, label: Node | string])[]} options
   * @param {(value: string) => void} onChoice
   * @param {Attributes} [attributes]
   */
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
    this.element.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) onChoice(target.value);
    });
  }

  /** @param {string | null} value */
  show(value) {
    for (const input of this.inputs) input.checked = input.value === value;
  }

  get value() {
    return this.inputs.find((input) => input.checked)?.value ?? null;
  }
}

/**
 * Sets a text only if it is another, so that screen readers and layout are left in peace.
 * @param {Node} place
 * @param {string} text
 */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * What draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("This browser has no room for another drawing. Close some pages.");
  return pen;
}

const STILLNESS = "(prefers-reduced-motion: reduce)";

/** Whether people asked their system for less movement. */
export function prefersStillness() {
  return matchMedia(STILLNESS).matches;
}

/**
 * Be told when people ask their system for less movement, or for more. Returns how to stop.
 * @param {() => void} action
 */
export function onStillness(action) {
  const query = matchMedia(STILLNESS);
  query.addEventListener("change", action);
  return () => query.removeEventListener("change", action);
}

/**
 * Waits until a hand has rested for `ms`, then does it; each call starts the wait anew.
 * @template {unknown[]} Values
 * @param {(...values: Values) => void} action
 * @param {number} ms
 * @returns {((...values: Values) => void) & { cancel: () => void }}
 */
export function later(action, ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const cancel = () => clearTimeout(timer);
  /** @param {Values} values */
  const call = (...values) => {
    cancel();
    timer = setTimeout(() => action(...values), ms);
  };
  return Object.assign(call, { cancel });
}

/** Does something at the next frame, once, however often it is asked for until then. */
export class NextFrame {
  /** @param {(now: number) => void} action told the time in ms, as requestAnimationFrame does */
  constructor(action) {
    this.action = action;
    /** @type {number | undefined} */
    this.asked = undefined;
  }

  ask() {
    this.asked ??= requestAnimationFrame((now) => {
      this.asked = undefined;
      this.action(now);
    });
  }

  cancel() {
    if (this.asked !== undefined) cancelAnimationFrame(this.asked);
    this.asked = undefined;
  }
}
