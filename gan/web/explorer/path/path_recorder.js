// A path as an animated picture to take along: this page draws the frames, its server packs them as a GIF.

import { pack, save } from "../../kit/animation_file.js";
import { button, Choice, element, say } from "../../kit/dom.js";
import { KIND_WORDS, KINDS } from "../../latent/journey.js";
import { animationOf } from "../../pictures/animation.js";

/** @import { Frames } from "../../inference/journey_frames.js" */
/** @import { State } from "../state.js" */

export class Recorder {
  /**
   * @param {State} state
   * @param {Frames} frames
   * @param {() => number} pace the speed that is played at
   */
  constructor(state, frames, pace) {
    this.state = state;
    this.frames = frames;
    this.pace = pace;
    /** @type {AbortController | null} */
    this.asked = null;
    this.isWaiting = false; // for frames
    /** @type {[value: string, words: string][]} */
    const choices = [["both", "both, side by side"]];
    for (const kind of KINDS) choices.push([kind, KIND_WORDS[kind]]);
    this.columns = new Choice("The animation shows", choices, () => {}, { "data-testid": "gif-columns" });
    this.columns.show("both");
    this.button = button("Save as GIF", () => this.toggle(), {
      "data-testid": "gif-save",
      title: "At the speed chosen above; it repeats for ever",
    });
    this.message = element("p", "quiet", { role: "status", "data-testid": "gif-message" });
    this.element = element(
      "div",
      "recorder",
      {},
      this.columns.element,
      element("div", "row", {}, this.button, this.message),
    );
  }

  toggle() {
    if (this.asked) return this.cancel("Cancelled: nothing was saved.");
    this.asked = new AbortController();
    this.isWaiting = true;
    this.button.textContent = "Cancel";
    this.progress();
  }

  /** @param {string} words */
  cancel(words) {
    if (!this.asked) return;
    this.asked.abort();
    this.end(words);
  }

  /** @param {string} words */
  end(words) {
    this.asked = null;
    this.isWaiting = false;
    this.button.textContent = "Save as GIF";
    say(this.message, words);
  }

  /** Called when there are more frames. */
  progress() {
    if (!this.isWaiting || !this.asked) return;
    say(this.message, `Drawing the frames: ${Math.round(100 * this.frames.share)}%`);
    if (!this.frames.isComplete) return;
    this.isWaiting = false;
    this.send(this.asked);
  }

  /** @param {AbortController} asked */
  async send(asked) {
    const animation = this.content();
    const { count, fps } = animation;
    say(this.message, `The server packs ${count} frames…`);
    try {
      const gif = await pack(animation, asked.signal);
      const name = `${this.state.about.run}-morph.gif`;
      save(gif, name);
      const size = Math.ceil(gif.size / 1024).toLocaleString("en");
      this.end(`Saved as ${name}: ${count} frames, ${(count / fps).toFixed(1)} seconds, ${size} kB.`);
    } catch (error) {
      if (asked.signal.aborted) return;
      if (!(error instanceof Error)) throw error;
      this.end(`${error.message} The path is still here: try again.`);
    }
  }

  content() {
    const { value } = this.columns;
    const kinds = value === "both" ? KINDS : KINDS.filter((kind) => kind === value);
    return animationOf(
      kinds.map((kind) => this.frames.pictures[kind]),
      this.pace(),
    );
  }
}
