// Find my digit: the noise whose picture is most like one that people draw or pick.

import { isCancelled } from "../../inference/inference.js";
import { button, Choice, element, later, say } from "../../kit/dom.js";
import { newSeed } from "../../latent/geometry.js";
import { Drawing } from "./drawing.js";
import { FindView } from "./find_view.js";
import { cancelledWords, comparisonWords, resultWords, verdict } from "./find_words.js";
import { Guesser } from "./guesser.js";
import { RealDigits } from "./real_digits.js";

const REST = 400; // ms without a pen before a search begins
const REPAINT = 60; // ms between two looks at a drawing that grows
const INVITATION =
  "Draw a digit, or pick a real one: the search for the noise that makes it begins by itself.";
const STILL = 1200; // ms that a moment is looked at before an encoder is fitted to it

export class Find {
  id = "find";
  title = "Find my digit";

  constructor(explorer) {
    this.explorer = explorer;
    this.errors = {}; // of the target, by where the search began: "encoder" or "draws"
    this.searchSoon = later(() => this.search(), REST);
    this.lookSoon = later(() => this.look(), REPAINT);
    this.askSoon = later(() => this.askEncoder(), STILL);
    this.guesser = new Guesser(explorer, () => this.offer());
    this.real = new RealDigits(
      () => explorer.about.errands,
      ({ picture }) => this.seek(picture),
    );
    this.drawing = new Drawing({
      say: (text) => explorer.say(text),
      onStroke: () => this.touch(),
      onLift: () => this.lifted(),
    });
    this.view = new FindView();
    this.layOut();
    this.element.find = (picture, options) => this.hook(picture, options);
    this.element.seek = (picture) => this.seek(Uint8Array.from(picture));
  }

  layOut() {
    const sources = [
      ["draw", "a digit that I draw"],
      ["real", "a real digit"],
    ];
    this.source = new Choice("Look for", sources, (value) => this.choose(value));
    this.source.show("draw");
    const starts = [
      ["encoder", "the encoder's guess, too"],
      ["draws", "random draws only"],
    ];
    this.begin = new Choice("Start from", starts, () => this.offer());
    this.begin.show("encoder");
    this.buttons = {
      search: button("Search", () => this.search(), { class: "main", disabled: "" }),
      cancel: button("Cancel", () => this.cancel(), { hidden: "", "data-testid": "find-cancel" }),
      compare: button("Compare with random starts", () => this.compare(), { hidden: "" }),
    };
    this.progress = element("progress", "", {
      max: 1,
      value: 0,
      hidden: "",
      "aria-label": "Progress of the search",
    });
    this.words = element("p", "outcome", { role: "status", "data-testid": "find-words" }, INVITATION);
    this.compared = element("p", "quiet", { role: "status", "data-testid": "find-compared" });
    this.easel = element(
      "div",
      "easel",
      {},
      this.drawing.canvas,
      element(
        "div",
        "row",
        {},
        button("Clear", () => this.drawing.clear()),
        button("Undo stroke", () => this.drawing.undo()),
      ),
      element(
        "p",
        "quiet",
        {},
        "By keyboard: arrow keys move the pen (Shift: farther), Space puts it down " +
          "and lifts it, Backspace takes a stroke back.",
      ),
    );
    this.real.element.hidden = true;
    this.element = element(
      "div",
      "find",
      { "data-testid": "find" },
      this.source.element,
      element(
        "div",
        "bench",
        {},
        element("div", "sources", {}, this.easel, this.real.element),
        element(
          "div",
          "search",
          {},
          this.view.element,
          element("div", "row", {}, this.buttons.search, this.buttons.cancel, this.progress),
          this.words,
        ),
      ),
      element("div", "start", {}, this.begin.element, this.buttons.compare),
      this.guesser.element,
      this.compared,
    );
  }

  choose(value) {
    this.easel.hidden = value !== "draw";
    this.real.element.hidden = value !== "real";
    if (value === "real" && this.real.grid.childElementCount === 0) this.real.show();
  }

  enter() {
    this.explorer.change("mode");
    if (this.explorer.network) this.askSoon();
  }

  askEncoder() {
    if (this.explorer.tabs.current === this && !this.guesser.isUnwanted) this.guesser.ask();
  }

  refresh(changed) {
    const { url } = this.explorer.network;
    if (!(changed.has("network") || changed.has("mode")) || url === this.url) return;
    const isFirst = this.url === undefined;
    this.url = url;
    this.errors = {};
    this.guesser.follow();
    this.stop();
    say(this.compared, "");
    this.askSoon();
    if (isFirst || !this.target) return;
    this.view.aim(this.target);
    say(this.words, "The network is another now: search again to see what this one can do.");
  }

  // ---- the target

  touch() {
    this.stop();
    this.searchSoon.cancel();
    this.lookSoon();
  }

  lifted() {
    this.look();
    if (this.drawing.isEmpty) this.searchSoon.cancel();
    else this.searchSoon();
  }

  look() {
    this.stop();
    this.aim(this.drawing.digit());
  }

  aim(picture) {
    this.target = picture;
    this.errors = {};
    this.view.aim(picture);
    say(this.compared, "");
    if (picture === null) say(this.words, INVITATION);
    this.offer();
  }

  /** Searches for a picture, uint8 [784]. */
  seek(picture) {
    this.searchSoon.cancel();
    this.stop();
    this.aim(picture);
    return this.search();
  }

  // ---- the search

  get way() {
    return this.begin.value === "encoder" && this.guesser.address ? "encoder" : "draws";
  }

  async search() {
    this.searchSoon.cancel();
    if (!this.target || !this.explorer.network) return;
    const way = this.way;
    this.view.aim(this.target);
    say(this.words, "Searching ...");
    const result = await this.run(way, (part) => this.view.show(part));
    if (result) this.arrive(result, way);
  }

  /** What search.js's `find` returns, or null if it was ended. */
  async run(way, onPart = () => {}) {
    this.stop();
    const controller = new AbortController();
    this.controller = controller;
    this.best = null;
    this.showState(true);
    try {
      return await this.ask(
        this.target,
        { encoder: way === "encoder" ? this.guesser.address : null },
        {
          signal: controller.signal,
          onPart: (part) => {
            this.best = part;
            this.progress.value = part.share;
            onPart(part);
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) this.fail(error, way);
      return null;
    } finally {
      if (this.controller === controller) {
        this.controller = null;
        this.showState(false);
      }
    }
  }

  ask(picture, options, listening) {
    const { network } = this.explorer;
    return this.explorer.studio.run(
      "find",
      {
        network: network.url,
        classifier: network.classifier,
        labels: network.classes ? network.learned : [],
        seed: newSeed(),
        picture,
        ...options,
      },
      listening,
    );
  }

  fail(error, way) {
    if (way === "encoder") this.guesser.forget();
    const again = way === "encoder" ? "Search again: it begins at random draws now." : "Search again.";
    say(this.words, `The search broke off (${error.message}). ${again}`);
  }

  arrive(result, way) {
    this.errors[way] = result;
    this.view.show(result);
    this.element.dataset.verdict = verdict(result);
    say(this.words, resultWords(result));
    this.moveTo(result, "Moved to the digit that was found");
    this.offer();
  }

  moveTo({ z, label }, words) {
    const { explorer } = this;
    explorer.remember();
    explorer.goTo({ z, digit: explorer.network.classes ? label : undefined, scale: 1, origin: null });
    explorer.settle(words);
  }

  /** Ends the search and keeps the best so far. */
  cancel() {
    const { best } = this;
    const isComparing = this.isComparing;
    this.stop();
    if (isComparing || !best) return;
    say(this.words, cancelledWords(best));
    this.moveTo(best, "Moved to the best so far");
  }

  stop() {
    this.controller?.abort();
    this.controller = null;
    this.showState(false);
  }

  showState(isSearching) {
    const { search, cancel } = this.buttons;
    const focused = this.element.getRootNode().activeElement;
    cancel.hidden = this.progress.hidden = !isSearching;
    search.disabled = isSearching || !this.target;
    if (isSearching && focused === search) cancel.focus(); // those who search by keyboard keep their place
    if (!isSearching && focused === cancel) search.focus();
    this.element.dataset.searching = isSearching;
    if (isSearching) {
      this.progress.value = 0;
      delete this.element.dataset.verdict;
    }
    this.offer();
  }

  // ---- with the encoder's guess, and without

  /** The comparison that is left to make, if there is one. */
  offer() {
    const { compare } = this.buttons;
    const { encoder, draws } = this.errors;
    const left = encoder && !draws ? "draws" : draws && !encoder && this.guesser.address ? "encoder" : null;
    compare.hidden = left === null || Boolean(this.controller);
    say(compare, left === "encoder" ? "Compare with the encoder's guess" : "Compare with random starts");
    this.left = left;
    this.buttons.search.disabled = Boolean(this.controller) || !this.target;
  }

  async compare() {
    const { left } = this;
    const target = this.target;
    this.isComparing = true;
    say(this.compared, "Searching the other way ...");
    const result = await this.run(left);
    this.isComparing = false;
    if (result && target === this.target) this.errors[left] = result;
    const isDone = this.errors.encoder && this.errors.draws;
    say(this.compared, isDone ? comparisonWords(this.errors) : "");
    this.offer();
  }

  /** For tests: what the search finds for a picture, any array of 784 numbers from 0 to 255, without showing it. */
  async hook(picture, { way = "draws", ...options } = {}) {
    if (way === "encoder") await this.guesser.ask();
    const encoder = way === "encoder" ? this.guesser.address : null;
    const { z, pixels, ...told } = await this.ask(Uint8Array.from(picture), { encoder, ...options });
    return { ...told, z: Array.from(z), pixels: Array.from(pixels) };
  }

  leave() {
    this.searchSoon.cancel();
    this.askSoon.cancel();
    this.lookSoon.cancel();
    this.stop();
  }

  close() {
    this.view.close();
    this.leave();
    this.guesser.stop();
  }
}
