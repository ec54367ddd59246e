// The encoder that guesses z from a picture: fitted to a generator by the server, once, while people draw.

import { button, element, say } from "../../kit/dom.js";
import { errand, Refused, stateWords } from "../../kit/requests.js";
import { fromRoot } from "../../kit/root.js";

const READY = "An encoder guesses where to begin.";

export class Guesser {
  /** onChange is called when there is an encoder, or no longer. */
  constructor(explorer, onChange) {
    Object.assign(this, { explorer, onChange });
    this.known = new Map(); // the encoder's address, by the generator's
    this.words = element("span");
    this.cancelButton = button("Cancel", () => this.cancel(), { "aria-label": "Cancel fitting the encoder" });
    this.askButton = button("Fit an encoder", () => {
      this.isUnwanted = false;
      this.ask();
    });
    this.element = element(
      "div",
      "guesser row quiet",
      { "data-testid": "encoder" },
      this.words,
      this.cancelButton,
      this.askButton,
    );
    this.follow();
  }

  /** The address of the encoder of the network that is shown; null if there is none. */
  get address() {
    return this.known.get(this.explorer.network?.url) ?? null;
  }

  /** Says how it stands with the encoder of the network that is shown. */
  follow() {
    const { url } = this.explorer.network ?? {};
    if (this.asking && this.asking.url !== url) this.stop();
    if (this.asking) return;
    if (this.address) this.show(READY);
    else this.show("", { asks: true });
  }

  /** Asks for one, unless it is known or asked for. */
  async ask() {
    const { url, step } = this.explorer.network;
    if (this.address) return this.show(READY);
    if (this.asking?.url === url) return;
    this.stop();
    const asking = { url, controller: new AbortController() };
    this.asking = asking;
    this.show("An encoder is asked for ...", { cancels: true });
    try {
      const { about } = this.explorer;
      const told = await errand(
        about.errands,
        { kind: "encoder", run: about.run, step },
        {
          signal: asking.controller.signal,
          onState: (state) => this.asking === asking && this.wait(state),
        },
      );
      this.known.set(url, fromRoot(told.url));
      if (this.asking === asking) this.show(READY);
    } catch (error) {
      if (!(error instanceof Refused) && error.name !== "AbortError") throw error;
      if (this.asking === asking) this.show(refusal(error), { asks: true });
    } finally {
      if (this.asking === asking) this.asking = null;
      this.onChange();
    }
  }

  wait(state) {
    this.show(`Encoder: ${stateWords(state)}. Until then, a search begins at random draws.`, {
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
    this.asking?.controller.abort();
    this.asking = null;
  }

  show(text, { cancels = false, asks = false } = {}) {
    say(this.words, text);
    this.cancelButton.hidden = !cancels;
    this.askButton.hidden = !asks;
  }

  /** The address led nowhere: the server has forgotten the file. */
  forget() {
    this.known.delete(this.explorer.network.url);
    this.show("The server no longer has the encoder: a search begins at random draws.", { asks: true });
    this.onChange();
  }
}

function refusal(error) {
  if (error.name === "AbortError") return "No encoder: a search begins at random draws.";
  return `No encoder: a search begins at random draws. ${error.message} ${error.hint}`.trim();
}
