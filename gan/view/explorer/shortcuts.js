import { element } from "./dom.js";

export class Shortcuts {
  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("section", "shortcuts");
  }

  refresh(changed) {}
}
