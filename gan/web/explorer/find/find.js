// Finds the noise whose picture is most like one that people draw or pick.

import { isCancelled } from "../../inference/inference.js";
import { later, say } from "../../kit/dom.js";
import { newSeed } from "../../latent/geometry.js";
import { Drawing } from "./drawing.js";
import { FindPanel, INVITATION } from "./find_panel.js";
import { FindView } from "./find_view.js";
import { cancelledWords, comparisonWords, resultWords } from "./find_words.js";
import { FittedEncoder } from "./fitted_encoder.js";
import { RealDigits } from "./real_digits.js";

/** @import { Found, Tasks } from "../../inference/protocol" */
/** @import { Picture } from "../../pictures/types" */
/** @import { State } from "../state.js" */
/** @import { Changed } from "../types" */
/** @import { Source, Way } from "./find_panel.js" */

/** What a search found. @typedef {Tasks["find"]["value"]} Result */

const REST = 400; // ms without a pen before a search begins
const REPAINT = 60; // ms between two looks at a drawing that grows
const STILL = 1200; // ms that a snapshot is looked at before an encoder is fitted to it

export class FindMode {
  get id() {
    return "find";
  }

  get title() {
    return "Find";
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** The network that is searched, an address. @type {string | undefined} */
    this.url = undefined;
    /** @type {Picture | null} */
    this.target = null;
    /** What is known of the target, by where the search began. @type {Partial<Record<Way, Result>>} */
    this.results = {};
    /** The search that runs. @type {AbortController | null} */
    this.searching = null;
    /** What it found so far. @type {Found | null} */
    this.best = null;
    this.isComparing = false;
    this.searchSoon = later(() => this.search(), REST);
    this.lookSoon = later(() => this.look(), REPAINT);
    this.askSoon = later(() => this.askEncoder(), STILL);
    this.encoder = new FittedEncoder(state, () => this.offer());
    this.real = new RealDigits(
      () => state.about.requests,
      ({ picture }) => this.seek(picture),
    );
    this.drawing = new Drawing({
      say: (words) => state.say(words),
      onStroke: () => this.touch(),
      onLift: () => this.lifted(),
    });
    this.view = new FindView();
    const parts = {
      drawing: this.drawing.canvas,
      real: this.real.element,
      view: this.view.element,
      encoder: this.encoder.element,
    };
    this.panel = new FindPanel(parts, {
      onSource: (source) => this.choose(source),
      onWay: () => this.offer(),
      onSearch: () => this.search(),
      onCancel: () => this.cancel(),
      onCompare: () => this.compare(),
      onClear: () => this.drawing.clear(),
      onUndo: () => this.drawing.undo(),
    });
    this.element = this.panel.element;
  }

  /** @param {Source} source */
  choose(source) {
    this.panel.showSource(source);
    if (source === "real" && this.real.isEmpty) this.real.show();
  }

  enter() {
    if (this.state.hasNetwork) this.askSoon();
  }

  askEncoder() {
    if (this.state.mode === this.id && !this.encoder.isUnwanted) this.encoder.ask();
  }

  /** @param {Changed} changed */
  refresh(changed) {
    const { url } = this.state.network;
    if (!(changed.has("network") || changed.has("mode")) || url === this.url) return;
    const isFirst = this.url === undefined;
    this.url = url;
    this.results = {};
    this.encoder.follow();
    this.stop();
    say(this.panel.compared, "");
    this.askSoon();
    if (isFirst || !this.target) return;
    this.view.aim(this.target);
    say(this.panel.words, "The network is another now: search again to see what this one can do.");
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

  /** @param {Picture | null} picture */
  aim(picture) {
    this.target = picture;
    this.results = {};
    this.view.aim(picture);
    say(this.panel.compared, "");
    if (picture === null) say(this.panel.words, INVITATION);
    this.offer();
  }

  /** @param {Picture} picture */
  seek(picture) {
    this.searchSoon.cancel();
    this.stop();
    this.aim(picture);
    return this.search();
  }

  // ---- the search

  /** @returns {Way} */
  get way() {
    return this.encoder.address ? this.panel.way : "draws";
  }

  async search() {
    this.searchSoon.cancel();
    if (!this.target || !this.state.hasNetwork) return;
    const { way } = this;
    this.view.aim(this.target);
    say(this.panel.words, "Searching ...");
    const result = await this.run(this.target, way, (part) => this.view.show(part));
    if (result) this.arrive(result, way);
  }

  /**
   * What a search finds, or null if it was ended.
   * @param {Picture} picture
   * @param {Way} way
   * @param {(part: Found) => void} onPart
   */
  async run(picture, way, onPart) {
    this.stop();
    const mine = new AbortController();
    this.searching = mine;
    this.best = null;
    this.showState();
    try {
      return await this.state.inference.run("find", this.searchArgs(picture, way), {
        signal: mine.signal,
        onPart: (part) => {
          this.best = part;
          this.panel.progress.value = part.share;
          onPart(part);
        },
      });
    } catch (error) {
      if (!isCancelled(error)) this.fail(error, way);
      return null;
    } finally {
      if (this.searching === mine) {
        this.searching = null;
        this.showState();
      }
    }
  }

  /** @param {Picture} picture @param {Way} way */
  searchArgs(picture, way) {
    const { about, network } = this.state;
    return {
      network: network.url,
      classifier: network.classifier,
      labels: network.classes ? network.learned : [],
      leansTo: about.leansTo,
      seed: newSeed(),
      picture,
      encoder: way === "encoder" ? this.encoder.address : null,
    };
  }

  /** @param {unknown} error @param {Way} way */
  fail(error, way) {
    const what = `The search broke off (${error instanceof Error ? error.message : error}).`;
    if (way === "draws") return say(this.panel.words, `${what} Search again.`);
    this.encoder.forget();
    say(this.panel.words, `${what} Search again: it begins at random draws now.`);
  }

  /** @param {Result} result @param {Way} way */
  arrive(result, way) {
    this.results[way] = result;
    this.view.show(result);
    say(this.panel.words, resultWords(result));
    this.moveTo(result, "Moved to the digit that was found");
    this.offer();
  }

  /** @param {Found} found @param {string} words */
  moveTo({ z, label }, words) {
    const { state } = this;
    state.remember();
    state.goTo({ z, digit: state.network.classes ? label : undefined, scale: 1, origin: null });
    state.settle(words);
  }

  /** Ends the search and keeps the best so far. */
  cancel() {
    const { best, isComparing } = this;
    this.stop();
    if (isComparing || !best) return;
    say(this.panel.words, cancelledWords(best));
    this.moveTo(best, "Moved to the best so far");
  }

  stop() {
    this.searching?.abort();
    this.searching = null;
    this.showState();
  }

  showState() {
    this.panel.showState(this.searching !== null, this.target !== null);
    this.offer();
  }

  // ---- with the encoder's guess, and without

  /** The comparison that is left to make, if there is one. @returns {Way | null} */
  get left() {
    const { encoder, draws } = this.results;
    if (encoder && !draws) return "draws";
    return draws && !encoder && this.encoder.address ? "encoder" : null;
  }

  offer() {
    const isSearching = this.searching !== null;
    this.panel.showCompare(isSearching ? null : this.left);
    this.panel.search.disabled = isSearching || !this.target;
  }

  async compare() {
    const { left, target, panel } = this;
    if (!left || !target) return;
    this.isComparing = true;
    say(panel.compared, "Searching the other way ...");
    const result = await this.run(target, left, () => {});
    this.isComparing = false;
    if (result && target === this.target) this.results[left] = result;
    const { encoder, draws } = this.results;
    say(panel.compared, encoder && draws ? comparisonWords({ encoder, draws }) : "");
    this.offer();
  }

  leave() {
    this.searchSoon.cancel();
    this.askSoon.cancel();
    this.lookSoon.cancel();
    this.stop();
  }

  close() {
    this.leave();
    this.view.close();
    this.encoder.stop();
  }
}
