// Keys that work all over the page, and the list of them. What is listed is what runs.

import { button, element } from "../kit/dom.js";
import { MODES } from "./modes.js";

const TEXT =
  "input:not([type=range], [type=radio], [type=checkbox], [type=button]), textarea, select, " +
  "[contenteditable]:not([contenteditable=false])";
const ROLES = ["slider", "listbox", "combobox", "dialog", "tab"].map((role) => `[role=${role}]`);
const OTHERS = `${TEXT}, input, button, ${ROLES.join(", ")}`; // Streamlit's own

/**
 * All shortcuts: `keys` as people read them, `is(event)`, what it does in words, and `run(explorer, event)`.
 * r and c are Streamlit's; arrow keys are each view's own.
 */
const SHORTCUTS = [
  { keys: ["N"], words: "A random draw", is: letter("n"), run: (explorer) => explorer.random() },
  {
    keys: ["W"],
    words: "Walk, or stop walking",
    is: letter("w"),
    once: true,
    run: (explorer) => explorer.toggleWalk(),
  },
  {
    keys: ["X", "0"],
    words: "Reset: all numbers of z to 0",
    is: (event) => letter("x")(event) || isPlain(event, "0"),
    run: (explorer) => explorer.reset(),
  },
  {
    keys: ["Ctrl+Z"],
    words: "Undo",
    is: (event) => isControl(event, "z") && !event.shiftKey,
    run: (explorer) => explorer.undo(),
  },
  {
    keys: ["Ctrl+Y", "Ctrl+Shift+Z"],
    words: "Redo",
    is: (event) => isControl(event, "y") || (isControl(event, "z") && event.shiftKey),
    run: (explorer) => explorer.redo(),
  },
  {
    keys: ["B"],
    words: "Bookmark this digit",
    is: letter("b"),
    once: true,
    run: (explorer) => explorer.bookmarks.add(),
  },
  {
    keys: ["L"],
    words: "Copy the link to this place",
    is: letter("l"),
    once: true,
    run: (explorer) => explorer.keep.copyLink(),
  },
  {
    keys: ["D"],
    words: "Colour the digit by where D looks, or stop",
    is: letter("d"),
    once: true,
    run: (explorer) => explorer.beside.toggleSlope(),
  },
  {
    keys: ["["],
    words: "An earlier moment of the training",
    is: (event) => isPlain(event, "["),
    run: (explorer) => moment(explorer, -1),
  },
  {
    keys: ["]"],
    words: "A later moment of the training",
    is: (event) => isPlain(event, "]"),
    run: (explorer) => moment(explorer, 1),
  },
  {
    keys: ["1", "–", String(MODES.length)],
    words: "The view of that place among the tabs",
    is: (event) => /^[1-9]$/.test(event.key) && isPlain(event, event.key),
    run: (explorer, event) => view(explorer, event.key),
  },
  {
    keys: ["?"],
    words: "This list",
    is: (event) => isPlain(event, "?"),
    once: true,
    run: (explorer) => explorer.shortcuts.open(),
  },
];

export class Shortcuts {
  constructor(explorer) {
    this.explorer = explorer;
    this.closeButton = button("Close", () => this.element.close(), { class: "main" });
    this.element = element(
      "dialog",
      "shortcuts",
      { "aria-labelledby": "shortcuts-title", "data-testid": "shortcuts" },
      element("h3", "", { id: "shortcuts-title" }, "Shortcuts"),
      element(
        "dl",
        "",
        {},
        ...SHORTCUTS.map(({ keys, words }) =>
          element(
            "div",
            "",
            {},
            element("dt", "", {}, ...keys.map((key) => (key === "–" ? " – " : element("kbd", "", {}, key)))),
            element("dd", "", {}, words),
          ),
        ),
      ),
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
    explorer.status.after(this.button);
    this.hear = (event) => this.press(event);
    addEventListener("keydown", this.hear);
  }

  open() {
    if (!this.element.open) this.element.showModal();
  }

  /** Whether a click met the backdrop, which counts as the list itself, as its edge does. */
  isBeside({ target, clientX, clientY }) {
    const { left, right, top, bottom } = this.element.getBoundingClientRect();
    const isOn = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    return target === this.element && !isOn;
  }

  press(event) {
    const { explorer } = this;
    if (event.defaultPrevented || !explorer.network || this.element.open || this.isElsewhere(event)) return;
    const shortcut = SHORTCUTS.find(({ is }) => is(event));
    if (!shortcut || (shortcut.once && event.repeat)) return;
    event.preventDefault();
    shortcut.run(explorer, event);
  }

  /** Whether the key belongs to a text, to a control of Streamlit's, or to the digits to choose from. */
  isElsewhere(event) {
    const path = event.composedPath();
    const target = path[0];
    if (!(target instanceof Element)) return false;
    if (target.matches(TEXT)) return true;
    if (!path.includes(this.explorer.root)) return target.closest(OTHERS) !== null;
    return /^\d$/.test(event.key) && path.includes(this.explorer.classes.element);
  }

  close() {
    removeEventListener("keydown", this.hear);
  }
}

function letter(key) {
  return (event) => isPlain(event, key, event.key.toLowerCase());
}

/** Some keyboards have brackets and the like only with AltGr, which Windows tells as Ctrl and Alt. */
function isPlain(event, key, pressed = event.key) {
  const isFree = event.getModifierState("AltGraph") || !(event.ctrlKey || event.metaKey || event.altKey);
  return pressed === key && isFree;
}

function isControl(event, key) {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === key;
}

function moment(explorer, by) {
  const { about, moments } = explorer;
  const place = about.steps.indexOf(explorer.wantedStep) + by; // one may still be on its way
  const isThere = place >= 0 && place < about.steps.length;
  if (!isThere) return explorer.say(`There is no ${by < 0 ? "earlier" : "later"} moment`);
  moments.stop();
  return moments.show(place).then(() => explorer.settle(moments.words(place)));
}

function view(explorer, key) {
  const { tabs } = explorer;
  const mode = tabs.modes[key - 1];
  if (!mode) return;
  tabs.choose(mode);
  explorer.say(`View: ${mode.title}`);
}
