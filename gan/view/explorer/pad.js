import { element } from "./dom.js";

export class Pad {
  id = "map";
  title = "Map";

  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("div", "pad");
  }

  refresh(changed) {}
}
