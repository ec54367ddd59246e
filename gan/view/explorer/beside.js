import { element } from "./dom.js";

export class Beside {
  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("section", "beside");
  }

  refresh(changed) {}
}
