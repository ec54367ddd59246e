// Asks Streamlit to draw its part of the page again when the server's news asks for it, and says so
// when the connection is lost.

import { component } from "../kit/component.js";
import { say } from "../kit/dom.js";
import { textOf, unpack } from "../kit/message.js";
import { noteOf } from "../kit/notes.js";
import { listen, watch } from "../kit/stream.js";
import "./styles.js";

/** @import { Bytes } from "../kit/message.js" */
/** @import { Trigger } from "../kit/streamlit.d.ts" */

const PATIENCE = 3; // s without a connection before it is said
const PAUSE = 5000; // ms until the same is asked for again
const SHARE = 25; // ms of the server that a page takes: so many viewers ask over so long a time

class Pulse {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.note = noteOf("status");
    this.note.hidden = true;
    this.note.classList.add("live-lost");
    root.append(this.note);
    this.viewers = 1;
    /** @type {(() => void)[]} */
    this.stops = [];
  }

  /**
   * @param {Bytes} data a line of JSON: the topic, the version that the page shows, and the server that it ran on
   * @param {Trigger} trigger
   */
  update(data, trigger) {
    const [{ source, version, server }] = unpack(data);
    this.version = version;
    this.server = server;
    this.trigger = trigger;
    if (source !== this.source) {
      this.close();
      this.source = source;
      this.stops = [
        listen(source, "version", (bytes) => this.hear(textOf(bytes))),
        listen(source, "viewers", (bytes) => {
          this.viewers = Number(textOf(bytes));
        }),
        listen(source, "server", (bytes) => this.meet(textOf(bytes))),
        watch(source, (link) => this.tell(link)),
      ];
    }
    this.ask();
  }

  /** @param {string} version */
  hear(version) {
    this.newest = version;
    this.ask();
  }

  /**
   * The page's script ran on a server; another one, started since, knows nothing of it.
   * @param {string} server
   */
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

  /** @param {number} wait in ms */
  askAfter(wait) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.asking = setTimeout(
      () => {
        this.trigger?.("news", this.newest);
        this.askAfter(PAUSE);
      },
      wait + Math.random() * SHARE * this.viewers,
    );
  }

  /** @param {{ isOpen: boolean, age: number }} link age: of the news, in seconds */
  tell({ isOpen, age }) {
    const isLost = !isOpen && age > PATIENCE;
    this.note.hidden = !isLost;
    const seconds = Math.round(age);
    if (isLost)
      say(
        this.note,
        `The connection to the server is lost: what you see is ${seconds} s old. It comes back by itself.`,
      );
  }

  close() {
    clearTimeout(this.asking);
    for (const stop of this.stops) stop();
  }
}

export default component(Pulse);
