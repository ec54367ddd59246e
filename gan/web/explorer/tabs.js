// The ways of moving, one at a time: tabs as the ARIA Authoring Practices describe them.

import { element } from "../kit/dom.js";

/** @import { State } from "./state.js" */
/** @import { Mode } from "./types" */

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Tabs {
  static count = 0;

  /**
   * @param {State} state
   * @param {Mode[]} modes all that there may be; `offer` says which there are
   * @param {(mode: Mode) => void} onChoice told which one people chose
   */
  constructor(state, modes, onChoice) {
    this.state = state;
    this.modes = modes;
    this.onChoice = onChoice;
    /** @type {Mode | null} */
    this.current = null;
    this.prefix = `tabs-${++Tabs.count}`;
    this.list = element("div", "tabs", {
      role: "tablist",
      "aria-label": "Ways of moving through latent space",
    });
    this.element = element("div", "", {}, this.list);
    this.tabs = new Map(modes.map((mode) => [mode, this.build(mode)]));
    this.list.addEventListener("keydown", (event) => this.step(event));
  }

  /** @param {Mode} mode */
  build(mode) {
    const name = `${this.prefix}-${mode.id}`;
    const tab = element(
      "button",
      "",
      {
        type: "button",
        role: "tab",
        id: name,
        "aria-controls": `${name}-panel`,
        "data-testid": `mode-${mode.id}`,
      },
      mode.title,
    );
    const panel = element(
      "div",
      "panel",
      { role: "tabpanel", id: `${name}-panel`, "aria-labelledby": name, hidden: "" },
      mode.element,
    );
    tab.addEventListener("click", () => this.choose(mode));
    this.list.append(tab);
    this.element.append(panel);
    return { tab, panel };
  }

  /** @param {Mode[]} modes that there are with this network */
  offer(modes) {
    this.modes = modes;
    for (const [mode, { tab }] of this.tabs) tab.hidden = !modes.includes(mode);
  }

  /** @param {Mode} mode */
  choose(mode) {
    if (mode === this.current) return;
    this.show(mode);
    this.onChoice(mode);
  }

  /** The mode at a place from 0, if there is one. @param {number} place */
  chooseAt(place) {
    const mode = this.modes[place];
    if (mode) this.choose(mode);
    return mode;
  }

  /** @param {Mode} mode */
  show(mode) {
    if (mode === this.current) return;
    this.current?.leave?.();
    this.current = mode;
    for (const [one, { tab, panel }] of this.tabs) {
      const isShown = one === mode;
      panel.hidden = !isShown;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
    }
    this.state.enter(mode.id);
    mode.enter?.();
  }

  /** Why there is no mode of a name: a sentence. @param {string | undefined} id */
  missingWords(id) {
    const known = [...this.tabs.keys()].find((mode) => mode.id === id);
    return known?.instead ?? "This address asks for a view that there is not.";
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    if (!this.current) return;
    const count = this.modes.length;
    const here = this.modes.indexOf(this.current);
    /** @type {Record<string, number>} */
    const ends = { Home: 0, End: count - 1 };
    const to = event.key in STEPS ? (here + STEPS[event.key] + count) % count : ends[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(this.modes[to]);
    this.tabs.get(this.modes[to])?.tab.focus();
  }
}
