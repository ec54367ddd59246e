// Asks Streamlit to draw its part of the page again when the server's news asks for it, and says so
// when the connection is lost.

import { listen, watch } from "../kit/stream.js";
import { component, text } from "./live.js";

const PATIENCE = 3; // s without a connection before it is said
const PAUSE = 5000; // ms until the same is asked for again
const SHARE = 25; // ms of the server that a page takes: so many viewers ask over so long a time

class Pulse {
  constructor(place) {
    this.note = document.createElement("p");
    this.note.setAttribute("role", "status");
    this.note.hidden = true;
    this.note.className = "live-note live-lost";
    place.append(this.note);
    this.viewers = 1;
  }

  show({ source, version, server }, _, trigger) {
    Object.assign(this, { version, trigger, server });
    if (source !== this.source) {
      this.close();
      this.source = source;
      this.stops = [
        listen(source, "version", (bytes) => this.hear(text(bytes))),
        listen(source, "viewers", (bytes) => (this.viewers = Number(text(bytes)))),
        listen(source, "server", (bytes) => this.meet(text(bytes))),
        watch(source, (link) => this.tell(link)),
      ];
    }
    this.ask();
  }

  hear(version) {
    this.newest = version;
    this.ask();
  }

  /** The page's script ran on a server; another one, started since, knows nothing of it. */
  meet(server) {
    if (server !== this.server) setTimeout(() => location.reload(), Math.random() * SHARE * this.viewers);
  }

  /** Ask once for each version that the page does not show yet, and again if nothing came of it. */
  ask() {
    const isWanted = this.newest !== undefined && this.newest !== this.version;
    if (isWanted && this.asking && this.asked === this.newest) return;
    clearTimeout(this.asking);
    this.asking = undefined;
    this.asked = this.newest;
    if (isWanted) this.askAfter(0);
  }

  askAfter(wait) {
    this.asking = setTimeout(
      () => {
        this.trigger("news", this.newest);
        this.askAfter(PAUSE);
      },
      wait + Math.random() * SHARE * this.viewers,
    );
  }

  tell({ isOpen, age }) {
    const isLost = !isOpen && age > PATIENCE;
    this.note.hidden = !isLost;
    if (isLost)
      this.note.textContent = `The connection to the server is lost: what you see is ${Math.round(age)} s old. It comes back by itself.`;
  }

  close() {
    clearTimeout(this.asking);
    for (const stop of this.stops ?? []) stop();
  }
}

export default component(Pulse);
