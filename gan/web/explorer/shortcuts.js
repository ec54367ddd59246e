// Keys that work all over the page, and the list of them. What is listed is what runs.

import { button, element } from "../kit/dom.js";

/** @import { State } from "./state.js" */

/**
 * What shortcuts can ask for; `stepOn` goes to the snapshot before (-1) or after (1), `enter` to the mode of a place
 * from 0 and returns it, `modes` says how many there are.
 * @typedef {{ state: State, copyLink: () => unknown, toggleSlope: () => void, stepOn: (by: number) => unknown,
 *   enter: (place: number) => { title: string } | undefined, modes: () => number }} Actions
 */

/**
 * A shortcut: its keys as people read them, which event it is, what it does in words, and once more as an action.
 * @typedef {{ keys: string[], words: string, is: (event: KeyboardEvent) => boolean, once?: boolean,
 *   run: (actions: Actions, event: KeyboardEvent) => unknown }} Shortcut
 */

const TEXT =
  "input:not([type=range], [type=radio], [type=checkbox], [type=button]), textarea, select, " +
  "[contenteditable]:not([contenteditable=false])";
const ROLES = ["slider", "listbox", "combobox", "dialog", "tab"].map((role) => `[role=${role}]`);
const OTHERS = `${TEXT}, input, button, ${ROLES.join(", ")}`; // Streamlit's own

const LAST = "the last"; // of the tabs, which are not as many with every network

/** r and c are Streamlit's; arrow keys are each mode's own. @type {Shortcut[]} */
const SHORTCUTS = [
  { keys: ["N"], words: "A random draw", is: letter("n"), run: ({ state }) => state.random() },
  {
    keys: ["W"],
    words: "Walk, or stop walking",
    is: letter("w"),
    once: true,
    run: ({ state }) => state.wander.toggle(),
  },
  {
    keys: ["X", "0"],
    words: "Reset: all numbers of z to 0",
    is: (event) => letter("x")(event) || isPlain(event, "0"),
    run: ({ state }) => state.reset(),
  },
  {
    keys: ["Ctrl+Z"],
    words: "Undo",
    is: (event) => isControl(event, "z") && !event.shiftKey,
    run: ({ state }) => state.undo(),
  },
  {
    keys: ["Ctrl+Y", "Ctrl+Shift+Z"],
    words: "Redo",
    is: (event) => isControl(event, "y") || (isControl(event, "z") && event.shiftKey),
    run: ({ state }) => state.redo(),
  },
  {
    keys: ["B"],
    words: "Bookmark this digit",
    is: letter("b"),
    once: true,
    run: ({ state }) => state.bookmark(),
  },
  {
    keys: ["L"],
    words: "Copy the link to this place",
    is: letter("l"),
    once: true,
    run: (actions) => actions.copyLink(),
  },
  {
    keys: ["D"],
    words: "Colour the digit by where D looks, or stop",
    is: letter("d"),
    once: true,
    run: (actions) => actions.toggleSlope(),
  },
  {
    keys: ["["],
    words: "An earlier snapshot of the training",
    is: (event) => isPlain(event, "["),
    run: (actions) => actions.stepOn(-1),
  },
  {
    keys: ["]"],
    words: "A later snapshot of the training",
    is: (event) => isPlain(event, "]"),
    run: (actions) => actions.stepOn(1),
  },
  {
    keys: ["1", "–", LAST],
    words: "The view of that place among the tabs",
    is: (event) => /^[1-9]$/.test(event.key) && isPlain(event, event.key),
    run: (actions, event) => enter(actions, Number(event.key) - 1),
  },
];

/** The list, which opens itself, is one more of them. */
const LIST = { keys: ["?"], words: "This list" };

export class Shortcuts {
  /**
   * @param {HTMLElement} root of the explorer
   * @param {HTMLElement} digits to choose from: while they have the focus, digits are theirs
   * @param {Actions} actions
   */
  constructor(root, digits, actions) {
    this.root = root;
    this.digits = digits;
    this.actions = actions;
    this.list = element("dl");
    this.closeButton = button("Close", () => this.element.close(), { class: "main" });
    this.element = element(
      "dialog",
      "shortcuts",
      { "aria-labelledby": "shortcuts-title", "data-testid": "shortcuts" },
      element("h3", "", { id: "shortcuts-title" }, "Shortcuts"),
      this.list,
      element(
        "p",
        "quiet",
        {},
        "Arrow keys move what has the focus: a slider, the map, a tab; with Shift by larger " +
          "steps where there are any. While the digits to choose from have the focus, 0 to 9 choose one.",
      ),
      this.closeButton,
    );
    this.element.addEventListener("click", (event) => {
      if (this.isBeside(event)) this.element.close();
    });
    this.button = button("Shortcuts ", () => this.open(), {
      class: "open-shortcuts",
      "data-testid": "open-shortcuts",
      "aria-haspopup": "dialog",
    });
    this.button.append(element("kbd", "", {}, "?"));
    this.ends = new AbortController();
    addEventListener("keydown", (event) => this.press(event), { signal: this.ends.signal });
  }

  open() {
    if (this.element.open) return;
    const last = String(this.actions.modes());
    this.list.replaceChildren(...[...SHORTCUTS, LIST].map((shortcut) => described(shortcut, last)));
    this.element.showModal();
  }

  /**
   * Whether a click met the backdrop, which counts as the list itself, as its edge does.
   * @param {MouseEvent} event
   */
  isBeside({ target, clientX, clientY }) {
    const { left, right, top, bottom } = this.element.getBoundingClientRect();
    const isOn = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    return target === this.element && !isOn;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { state } = this.actions;
    if (event.defaultPrevented || !state.hasNetwork || this.element.open || this.isElsewhere(event)) return;
    const shortcut = SHORTCUTS.find(({ is }) => is(event));
    const isList = isPlain(event, "?");
    if ((!shortcut && !isList) || ((isList || shortcut?.once) && event.repeat)) return;
    event.preventDefault();
    if (isList) this.open();
    else shortcut?.run(this.actions, event);
  }

  /**
   * Whether the key belongs to a text, to a control of Streamlit's, or to the digits to choose from.
   * @param {KeyboardEvent} event
   */
  isElsewhere(event) {
    const path = event.composedPath();
    const target = path[0];
    if (!(target instanceof Element)) return false;
    if (target.matches(TEXT)) return true;
    if (!path.includes(this.root)) return target.closest(OTHERS) !== null;
    return /^\d$/.test(event.key) && path.includes(this.digits);
  }

  close() {
    this.ends.abort();
  }
}

/** @param {{ keys: string[], words: string }} shortcut @param {string} last the key of the last tab */
function described({ keys, words }, last) {
  const shown = keys.map((key) => (key === "–" ? " – " : element("kbd", "", {}, key === LAST ? last : key)));
  return element("div", "", {}, element("dt", "", {}, ...shown), element("dd", "", {}, words));
}

/** @param {string} key @returns {(event: KeyboardEvent) => boolean} */
function letter(key) {
  return (event) => isPlain(event, key, event.key.toLowerCase());
}

/**
 * Some keyboards have brackets and the like only with AltGr, which Windows tells as Ctrl and Alt.
 * @param {KeyboardEvent} event
 * @param {string} key
 */
function isPlain(event, key, pressed = event.key) {
  const isFree = event.getModifierState("AltGraph") || !(event.ctrlKey || event.metaKey || event.altKey);
  return pressed === key && isFree;
}

/** @param {KeyboardEvent} event @param {string} key */
function isControl(event, key) {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === key;
}

/** @param {Actions} actions @param {number} place */
function enter({ enter, state }, place) {
  const mode = enter(place);
  if (mode) state.say(`View: ${mode.title}`);
}
