// The ways of moving, one at a time: tabs as the ARIA Authoring Practices describe them.

import { element } from "../kit/dom.js";

export class Tabs {
  static count = 0;

  /** modes: objects with id, title and element; `onChoice` is told which one people chose. */
  constructor(modes, onChoice) {
    this.modes = modes;
    this.onChoice = onChoice;
    this.current = null;
    const prefix = `tabs-${++Tabs.count}`;
    this.list = element("div", "tabs", {
      role: "tablist",
      "aria-label": "Ways of moving through latent space",
    });
    this.element = element("div", "", {}, this.list);
    this.tabs = modes.map((mode) => {
      const tab = element(
        "button",
        "",
        {
          type: "button",
          role: "tab",
          id: `${prefix}-${mode.id}`,
          "aria-controls": `${prefix}-${mode.id}-panel`,
          "data-testid": `mode-${mode.id}`,
        },
        mode.title,
      );
      const panel = element(
        "div",
        "panel",
        {
          role: "tabpanel",
          id: `${prefix}-${mode.id}-panel`,
          "aria-labelledby": tab.id,
          hidden: "",
        },
        mode.element,
      );
      tab.addEventListener("click", () => this.choose(mode));
      this.list.append(tab);
      this.element.append(panel);
      return { tab, panel };
    });
    this.list.addEventListener("keydown", (event) => this.step(event));
  }

  choose(mode) {
    if (mode === this.current) return;
    this.show(mode);
    this.onChoice(mode);
  }

  show(mode) {
    if (mode === this.current) return;
    this.current?.leave?.();
    this.current = mode;
    for (const [i, { tab, panel }] of this.tabs.entries()) {
      const isShown = this.modes[i] === mode;
      panel.hidden = !isShown;
      tab.setAttribute("aria-selected", isShown);
      tab.tabIndex = isShown ? 0 : -1;
    }
    mode.enter?.();
  }

  step(event) {
    const places = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const count = this.modes.length;
    const here = this.modes.indexOf(this.current);
    const to =
      event.key in places
        ? (here + places[event.key] + count) % count
        : { Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(this.modes[to]);
    this.tabs[to].tab.focus();
  }
}
