import { element } from "./dom.js";

export class Keep {
  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("section", "keep");
  }

  refresh(changed) {}
}
