// The latent explorer: the parts of the page that show where people are in latent space and move it, put together.
//
// All parts know the state (state.js) and nothing of each other: they subscribe to what changes, draw it, and ask the
// state for changes. What only a page can do for the state is here: its address, its workers, its words.

import { DamagedNetwork, Inference, isCancelled } from "../inference/inference.js";
import { component } from "../kit/component.js";
import { element, prefersStillness, say } from "../kit/dom.js";
import { fromRoot } from "../kit/root.js";
import { newSeed, roomySeed } from "../latent/geometry.js";
import { Beside } from "./beside.js";
import { BookmarkStrip } from "./bookmark_strip.js";
import { ClassSelector } from "./class_selector.js";
import { Companion } from "./companion.js";
import { DigitView } from "./digit_view.js";
import { Export } from "./export.js";
import { MODES } from "./modes.js";
import { read, write } from "./page_address.js";
import { AddressReader, spellPlace } from "./place_address.js";
import { Shortcuts } from "./shortcuts.js";
import { Snapshots } from "./snapshots.js";
import { State } from "./state.js";
import { Tabs } from "./tabs.js";

/** @import { About, Mode } from "./types" */

class Explorer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.className = "digit-forge";
    this.inference = new Inference();
    const state = new State(this.page(), this.inference, {
      read: (place) => localStorage.getItem(place),
      write: (place, text) => localStorage.setItem(place, text),
    });
    this.state = state;
    this.told = ""; // by Python, as JSON
    this.problem = element("p", "problem", { role: "alert", hidden: "", "data-testid": "explorer-error" });
    this.notice = element("p", "notice", { role: "alert", hidden: "", "data-testid": "explorer-notice" });
    this.status = element("p", "status", { role: "status", "aria-live": "polite" });
    this.view = new DigitView(state);
    this.companion = new Companion(state, this.view.canvas);
    this.classes = new ClassSelector(state);
    this.snapshots = new Snapshots(state);
    this.bookmarks = new BookmarkStrip(state);
    this.beside = new Beside(state, root);
    this.export = new Export(state);
    /** @type {Mode[]} */
    this.modes = MODES.map((Mode) => new Mode(state));
    this.tabs = new Tabs(state, this.modes, () => this.enter());
    state.subscribe(null, (changed) => this.tabs.current?.refresh(changed));
    this.shortcuts = new Shortcuts(root, this.classes.element, this.actions());
    this.stage = element("div", "stage", { hidden: "" }, ...this.layOut());
    root.append(this.problem, this.notice, this.stage, this.shortcuts.element);
    this.onBack = () => this.follow(read());
    addEventListener("popstate", this.onBack);
  }

  /** What the state can ask of the page. */
  page() {
    return {
      nextFrame: requestAnimationFrame.bind(globalThis),
      prefersStillness,
      say: (/** @type {string} */ words) => this.say(words),
      writeAddress: (/** @type {string} */ name, /** @type {boolean} */ staysHere = false) =>
        this.writeAddress(name, staysHere),
      showStep: (/** @type {number} */ step) => this.showStep(step),
      fail: (/** @type {unknown} */ error) => this.fail(error),
      refuse: (/** @type {unknown} */ error) => this.refuse(error),
    };
  }

  /** What shortcuts can ask for: of the state, and of the parts that hear of no change. */
  actions() {
    return {
      state: this.state,
      copyLink: () => this.export.copyLink(),
      toggleSlope: () => this.beside.toggleSlope(),
      stepOn: (/** @type {number} */ by) => this.snapshots.stepOn(by),
      enter: (/** @type {number} */ place) => this.tabs.chooseAt(place),
      modes: () => this.modes.length,
    };
  }

  layOut() {
    const left = [this.view, this.classes, this.snapshots].map((part) => part.element);
    const explorer = element(
      "div",
      "explorer",
      {},
      element("div", "view", {}, ...left, this.status, this.shortcuts.button),
      element("div", "work", {}, this.tabs.element, this.bookmarks.element),
    );
    const below = element("div", "below", {}, this.beside.element, this.export.element);
    return [this.companion.element, explorer, below];
  }

  // ---- what Python says

  /** @param {About} about */
  async update(about) {
    const told = JSON.stringify(about);
    if (told === this.told) return; // only the theme changed
    const isFirst = this.told === "";
    this.told = told;
    const { state } = this;
    state.tell(withAddresses(about));
    const asked = this.askedStep();
    state.isFollowing ??= asked === undefined;
    const newest = about.steps[about.steps.length - 1];
    if (isFirst || state.isFollowing) await this.showStep(isFirst ? (asked ?? newest) : newest);
    else state.change("network");
  }

  askedStep() {
    const step = Number(this.address().get("step") ?? NaN);
    return this.state.about.steps.find((known) => known === step);
  }

  /** What the address says, if it speaks of this network. */
  address() {
    const address = read();
    return address.get("run") === this.state.about.run ? address : new Map();
  }

  /** The network as it was after `step` steps; z stays. @param {number} step */
  async showStep(step) {
    const { state } = this;
    const folder = `${state.about.networks}/${step}`;
    const network = `${folder}/generator.bin`;
    state.wantedStep = step;
    try {
      const told = await this.inference.interactive.ask("open", { network });
      if (state.wantedStep !== step) return; // another was wanted meanwhile
      const { about, hasNetwork } = state;
      const isJudged = about.judged.includes(step);
      state.take({
        ...told,
        url: network,
        step,
        learned: about.classes,
        classifier: about.classifier,
        discriminator: isJudged ? `${folder}/discriminator.bin` : null,
      });
      state.tell(withAddresses(JSON.parse(this.told)));
      this.problem.hidden = true;
      this.stage.hidden = false;
      if (!hasNetwork) this.begin();
    } catch (error) {
      if (isCancelled(error) || state.wantedStep !== step) return;
      state.wantedStep = state.hasNetwork ? state.network.step : undefined;
      state.change("network"); // the slider of snapshots goes back
      this.refuse(error);
    }
  }

  /** The first place: the one in the address, or a random draw. */
  begin() {
    const { state } = this;
    this.classes.build();
    this.modes = this.modes.filter((mode) => mode.suits?.(state.network) ?? true);
    this.tabs.offer(this.modes);
    for (const mode of this.modes) mode.build?.();
    state.drawFrom(state.sampling.isStepwise ? newSeed() : roomySeed(state.z.length));
    this.follow(this.address());
    this.writeAddress("", true); // so that Back and a reload come back to the first draw, too
  }

  // ---- what goes wrong

  /** The network itself cannot be drawn. @param {unknown} error */
  refuse(error) {
    const { state } = this;
    state.wander.stop();
    this.stage.hidden = !state.hasNetwork;
    const other = state.hasNetwork ? "another network, or another snapshot of this one" : "another network";
    const [what, remedy] =
      error instanceof DamagedNetwork
        ? [`its file is damaged: ${error.message}`, `Nothing else was touched. Choose ${other}.`]
        : [reason(error), `What is on this page stays. Reload it, or choose ${other}.`];
    this.complain(`This network cannot be shown (${what}). ${remedy}`);
  }

  /** A part of the page could not be computed. @param {unknown} error */
  fail(error) {
    this.complain(
      `Not all of this page could be drawn (${reason(error)}). What is there stays. Reload it, or choose another network.`,
    );
  }

  /** @param {string} words */
  complain(words) {
    this.problem.hidden = false;
    say(this.problem, words);
  }

  // ---- modes and the address

  /** Goes where an address leads. What is damaged in it is said, and stays as it is. @param {Map<string, string>} address */
  follow(address) {
    const { state } = this;
    if (!state.hasNetwork || (address.get("run") ?? state.about.run) !== state.about.run) return;
    const reader = new AddressReader(address);
    state.wander.end();
    this.snapshots.end();
    reader.follow(state);
    const mode = this.modes.find((one) => one.id === address.get("mode"));
    if (address.has("mode") && !mode) reader.problems.push(this.tabs.missingWords(address.get("mode")));
    this.tabs.show(mode ?? this.modes[0]);
    for (const one of this.modes) reader.attempt(one.id, (text) => one.follow?.(text));
    this.notice.hidden = reader.problems.length === 0;
    say(this.notice, [...reader.problems, "What could not be read was left out."].join(" "));
  }

  /** People chose another mode. */
  enter() {
    this.state.wander.stop();
    this.problem.hidden = true;
    if (this.state.hasNetwork) this.writeAddress("mode");
  }

  /**
   * @param {string} name of the gesture that led here
   * @param {boolean} staysHere whether the address stays the same step of Back
   */
  writeAddress(name, staysHere = false) {
    const { current } = this.tabs;
    const mode = current && current !== this.modes[0] ? current.id : null;
    const entries = spellPlace(this.state, mode);
    if (current?.spell) entries.push([current.id, current.spell()]);
    write(new Map(entries), name, staysHere);
  }

  /** For screen readers, which hear only what changes: what is said twice is taken away in between. @param {string} text */
  say(text) {
    const { status } = this;
    if (status.textContent === text) {
      say(status, "");
      requestAnimationFrame(() => say(status, status.textContent || text));
    } else say(status, text);
  }

  close() {
    removeEventListener("popstate", this.onBack);
    this.state.close();
    const parts = [this.view, this.snapshots, this.bookmarks, this.beside, this.export];
    for (const part of [...parts, ...this.modes, this.companion, this.shortcuts]) part.close?.();
    this.inference.close();
  }
}

/** As the server tells it, its addresses from where the app was loaded from. @param {About} about @returns {About} */
function withAddresses(about) {
  const [networks, classifier, requests] = [about.networks, about.classifier, about.requests].map(fromRoot);
  return { ...about, networks, classifier, requests };
}

/** What an error says. @param {unknown} error */
function reason(error) {
  return error instanceof Error ? error.message : String(error);
}

export default component(Explorer);
