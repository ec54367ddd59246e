import { element } from "./dom.js";

export class Find {
  id = "find";
  title = "Find my digit";

  constructor(explorer) {
    this.explorer = explorer;
    this.element = element("div", "find");
  }

  refresh(changed) {}
}
