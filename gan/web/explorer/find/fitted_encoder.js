// The encoder that guesses z from a picture: fitted to a generator by the server, once, while people draw.

import { button, element, say } from "../../kit/dom.js";
import { askServer, Refused, stateWords } from "../../kit/requests.js";
import { fromRoot } from "../../kit/root.js";

/** @import { RequestState } from "../../kit/requests.js" */
/** @import { State } from "../state.js" */

/** What is asked for. @typedef {{ url: string, ends: AbortController }} Asking */

const READY = "An encoder guesses where to begin.";

export class FittedEncoder {
  /**
   * @param {State} state
   * @param {() => void} onChange called when there is an encoder, or no longer
   */
  constructor(state, onChange) {
    this.state = state;
    this.onChange = onChange;
    /** The encoder's address, by the generator's. @type {Map<string, string>} */
    this.known = new Map();
    /** @type {Asking | null} */
    this.asking = null;
    this.isUnwanted = false; // by whoever looks on
    this.words = element("span");
    this.cancelButton = button("Cancel", () => this.cancel(), { "aria-label": "Cancel fitting the encoder" });
    this.askButton = button("Fit an encoder", () => {
      this.isUnwanted = false;
      this.ask();
    });
    this.element = element(
      "div",
      "encoder row quiet",
      { "data-testid": "encoder" },
      this.words,
      this.cancelButton,
      this.askButton,
    );
    this.follow();
  }

  /** The address of the encoder of the network that is shown; null if there is none. */
  get address() {
    return this.known.get(this.state.network.url) ?? null;
  }

  /** Says how it stands with the encoder of the network that is shown. */
  follow() {
    const { url } = this.state.network;
    if (this.asking && this.asking.url !== url) this.stop();
    if (this.asking) return;
    if (this.address) this.show(READY);
    else this.show("", { asks: true });
  }

  /** Asks for one, unless it is known or asked for. */
  async ask() {
    const { about, network } = this.state;
    const { url, step } = network;
    if (this.address) return this.show(READY);
    if (this.asking?.url === url) return;
    this.stop();
    const asking = { url, ends: new AbortController() };
    this.asking = asking;
    this.show("An encoder is asked for ...", { cancels: true });
    try {
      const told = await askServer(
        about.requests,
        { kind: "encoder", run: about.run, step },
        {
          signal: asking.ends.signal,
          onState: (told) => this.asking === asking && this.wait(told),
        },
      );
      this.known.set(url, fromRoot(told.url));
      if (this.asking === asking) this.show(READY);
    } catch (error) {
      const words = refusal(error);
      if (this.asking === asking) this.show(words, { asks: true });
    } finally {
      if (this.asking === asking) this.asking = null;
      this.onChange();
    }
  }

  /** @param {RequestState} told */
  wait(told) {
    this.show(`Encoder: ${stateWords(told)}. Until then, a search begins at random draws.`, {
      cancels: true,
    });
  }

  /** By whoever looks on: it is not asked for again by itself. */
  cancel() {
    this.isUnwanted = true;
    this.stop();
    this.show("No encoder: a search begins at random draws.", { asks: true });
  }

  stop() {
    this.asking?.ends.abort();
    this.asking = null;
  }

  /** @param {string} text @param {{ cancels?: boolean, asks?: boolean }} buttons that make sense now */
  show(text, { cancels = false, asks = false } = {}) {
    say(this.words, text);
    this.cancelButton.hidden = !cancels;
    this.askButton.hidden = !asks;
  }

  /** The address led nowhere: the server has forgotten the file. */
  forget() {
    this.known.delete(this.state.network.url);
    this.show("The server no longer has the encoder: a search begins at random draws.", { asks: true });
    this.onChange();
  }
}

/** Why there is none, in sentences. Throws what is nobody's doing. @param {unknown} error */
function refusal(error) {
  const none = "No encoder: a search begins at random draws.";
  if (error instanceof Refused) return `${none} ${error.message} ${error.hint}`.trim();
  if (error instanceof DOMException && error.name === "AbortError") return none;
  throw error;
}
