// How far a run is, in a bar and a sentence.

import { component, settle, text } from "./live.js";

class Standing {
  constructor(place) {
    this.place = place;
    this.words = document.createElement("p");
    this.words.className = "live-standing";
    this.bar = document.createElement("div");
    this.bar.className = "live-bar";
    this.bar.setAttribute("role", "progressbar");
    this.bar.setAttribute("aria-label", "How much of the run's time or steps is used");
    this.bar.setAttribute("aria-valuemin", "0");
    this.bar.setAttribute("aria-valuemax", "100");
    this.fill = document.createElement("div");
    this.bar.append(this.fill);
    place.append(this.words, this.bar);
  }

  show(_, body) {
    const { words, fraction } = JSON.parse(text(body));
    if (this.words.textContent !== words) this.words.textContent = words;
    this.fill.style.width = `${100 * fraction}%`;
    this.bar.setAttribute("aria-valuenow", Math.round(100 * fraction));
    settle(this.place);
  }
}

export default component(Standing);
