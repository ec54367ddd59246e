import { element } from "./dom.js";

export class Path {
  id = "path";
  title = "Between";

  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("div", "path");
  }

  refresh(changed) {}
}
