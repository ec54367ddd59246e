// Asks Streamlit to draw its part of the page again when the server's news asks for it, and says so
// when the connection is lost.

import { component, text } from "./live.js";
import { listen, watch } from "./stream.js";

const PATIENCE = 3; // s without a connection before it is said
const PAUSE = 1000; // ms at least between two questions

class Pulse {
  constructor(place) {
    this.note = document.createElement("p");
    this.note.setAttribute("role", "status");
    this.note.hidden = true;
    this.note.className = "live-note live-lost";
    place.append(this.note);
  }

  show({ source, version }, _, trigger) {
    Object.assign(this, { version, trigger });
    if (source !== this.source) {
      this.close();
      this.source = source;
      this.stops = [
        listen(source, "version", (bytes) => this.hear(text(bytes))),
        watch(source, (link) => this.tell(link)),
      ];
    }
    this.ask();
  }

  hear(version) {
    this.newest = version;
    this.ask();
  }

  /** Once for each version that the page does not show yet, and not too often. */
  ask() {
    clearTimeout(this.asking);
    if (this.newest === undefined || this.newest === this.version) return;
    const now = performance.now();
    const wait = this.asked === this.newest ? PAUSE - (now - this.askedAt) : 0;
    if (wait > 0) {
      this.asking = setTimeout(() => this.ask(), wait);
      return;
    }
    Object.assign(this, { asked: this.newest, askedAt: now });
    this.trigger("news", this.newest);
    this.asking = setTimeout(() => this.ask(), 5 * PAUSE);
  }

  tell({ isOpen, age }) {
    const isLost = !isOpen && age > PATIENCE;
    this.note.hidden = !isLost;
    if (isLost) this.note.textContent = `The connection to the server is lost: what you see is ${Math.round(age)} s old. It comes back by itself.`;
  }

  close() {
    clearTimeout(this.asking);
    for (const stop of this.stops ?? []) stop();
  }
}

export default component(Pulse);
