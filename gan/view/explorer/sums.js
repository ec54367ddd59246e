import { element } from "./dom.js";

export class Sums {
  id = "sum";
  title = "Arithmetic";

  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("div", "sums");
  }

  refresh(changed) {}
}
