// A line of words that changes while people look on, set as the page's captions are.

import { component, settle, text } from "./live.js";

class Words {
  constructor(place) {
    this.place = place;
    this.line = document.createElement("p");
    this.line.className = "live-words";
    place.append(this.line);
  }

  show({ testId }, body) {
    const words = text(body);
    if (this.line.textContent !== words) this.line.textContent = words;
    this.line.dataset.testid = testId;
    settle(this.place);
  }
}

export default component(Words);
