// The film as a GIF to take along: the picture and the digit that is seen in it, side by side.

import { pack, save } from "../../kit/animation_file.js";
import { button, element, say } from "../../kit/dom.js";
import { filmAnimation } from "../../pictures/animation.js";

/** @import { State } from "../state.js" */

export class FilmRecorder {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {AbortController | null} */
    this.asked = null;
    this.button = button("Save as GIF", () => this.toggle(), {
      "data-testid": "film-gif",
      title: "The picture and the digit seen in it, side by side; it repeats for ever",
    });
    this.message = element("p", "quiet", { role: "status", "data-testid": "film-gif-message" });
    this.element = element("div", "row", {}, this.button, this.message);
  }

  toggle() {
    if (!this.asked) return this.send();
    this.asked.abort();
    this.end("Cancelled: nothing was saved.");
  }

  async send() {
    const { film } = this.state.sampling;
    if (!film) return say(this.message, "There is no film yet: it comes as soon as the digit is drawn.");
    const asked = new AbortController();
    this.asked = asked;
    say(this.button, "Cancel");
    const animation = filmAnimation(film.pictures, film.digits);
    say(this.message, `The server packs ${animation.count} frames…`);
    try {
      const gif = await pack(animation, asked.signal);
      const name = `${this.state.about.run}-film.gif`;
      save(gif, name);
      this.end(`Saved as ${name}: ${animation.count} frames, ${Math.ceil(gif.size / 1024)} kB.`);
    } catch (error) {
      if (asked.signal.aborted) return;
      if (!(error instanceof Error)) throw error;
      this.end(`${error.message} The film is still here: try again.`);
    }
  }

  /** @param {string} words */
  end(words) {
    this.asked = null;
    say(this.button, "Save as GIF");
    say(this.message, words);
  }

  close() {
    this.asked?.abort();
  }
}
