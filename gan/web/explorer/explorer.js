// The latent explorer: where people are in latent space, and the parts of the page that show it and move it.
//
// All parts know the explorer and nothing of each other. They move it with
//
//   remember(name)          before a change, so that Undo comes back here; a gesture keeps one name
//   move(z)                 anywhere; rounded to hundredths from -3 to 3, which is what an address holds
//   settle(words, name)     when the hand lets go: the address follows, a screen reader is told
//
// and after any of these the explorer calls each part's `refresh(changed)`, at most once a frame, where
// `changed` is a set of "z", "digit", "scale", "network", "bookmarks", "mode". Everything is drawn by
// Web Workers; the server hears nothing while people move.

import { DamagedNetwork, Inference, isCancelled } from "../inference/inference.js";
import { component } from "../kit/component.js";
import { element, prefersStillness, say } from "../kit/dom.js";
import { AddressError, readLatent, spellLatent } from "../latent/address.js";
import { newSeed, normals, roomySeed, toSlider } from "../latent/geometry.js";
import { Walk } from "../latent/walk.js";
import { Beside } from "./beside.js";
import { Bookmarks } from "./bookmark_strip.js";
import { ClassSelector } from "./class_selector.js";
import { Companion } from "./companion.js";
import { DigitView } from "./digit_view.js";
import { Keep } from "./export.js";
import { Past } from "./place_history.js";
import { MODES } from "./modes.js";
import { read, write } from "./page_address.js";
import { Shortcuts } from "./shortcuts.js";
import { Moments } from "./snapshots.js";
import { Tabs } from "./tabs.js";

const LONGEST_STRIDE = 0.05; // s: after a stall, a walk does not jump
const STILL_PACE = 1; // s between two digits of a walk, for those who want less movement

export class Explorer {
  constructor(root) {
    this.root = root;
    root.className = "digit-forge";
    this.studio = new Inference();
    this.z = new Float64Array(0);
    this.digit = 0; // the class that is asked for; networks that are not asked ignore it
    this.scale = 1;
    this.origin = null; // the seed that z was drawn from, if it was
    this.past = new Past();
    this.changed = new Set();
    this.bookmarks = new Bookmarks(this);
    this.build();
    this.onBack = () => this.follow(read());
    addEventListener("popstate", this.onBack);
  }

  build() {
    this.problem = element("p", "problem", { role: "alert", hidden: "", "data-testid": "explorer-error" });
    this.notice = element("p", "notice", { role: "alert", hidden: "", "data-testid": "explorer-notice" });
    this.status = element("p", "status", { role: "status", "aria-live": "polite" });
    this.view = new DigitView(this);
    this.classes = new ClassSelector(this);
    this.moments = new Moments(this);
    this.modes = MODES.map((Mode) => new Mode(this));
    this.tabs = new Tabs(this.modes, (mode) => this.enter(mode));
    this.beside = new Beside(this);
    this.keep = new Keep(this);
    this.parts = [this.view, this.classes, this.moments, this.bookmarks, this.beside, this.keep];
    this.companion = new Companion(this.view);
    this.stage = element(
      "div",
      "stage",
      { hidden: "" },
      this.companion.element,
      element(
        "div",
        "explorer",
        {},
        element(
          "div",
          "view",
          {},
          this.view.element,
          this.classes.element,
          this.moments.element,
          this.status,
        ),
        element("div", "work", {}, this.tabs.element, this.bookmarks.element),
      ),
      element("div", "below", {}, this.beside.element, this.keep.element),
    );
    this.root.append(this.problem, this.notice, this.stage);
    this.shortcuts = new Shortcuts(this);
    this.root.append(this.shortcuts.element);
  }

  // ---- what Python says

  /** about: what explorer.py's `about` describes. */
  async update(about) {
    if (JSON.stringify(about) === JSON.stringify(this.told)) return; // only the theme changed
    const isFirst = this.told === undefined;
    this.told = about;
    this.about = { ...about };
    this.listMoments();
    this.isFollowing ??= this.askedStep() === null;
    if (isFirst || this.isFollowing)
      await this.showStep(isFirst ? (this.askedStep() ?? about.steps.at(-1)) : about.steps.at(-1));
    else this.change("network");
  }

  /** A run that learns gives up some moments for newer ones: the one that is looked at stays in the list until then. */
  listMoments() {
    const { steps } = this.told;
    const mine = this.network?.step;
    const isListed = mine === undefined || steps.includes(mine);
    this.about.steps = isListed ? steps : [...steps, mine].sort((a, b) => a - b);
  }

  askedStep() {
    const address = this.address();
    const step = Number(address.get("step") ?? NaN);
    return this.about.steps.includes(step) ? step : null;
  }

  /** What the address says, if it speaks of this network. */
  address() {
    const address = read();
    return address.get("run") === this.about.run ? address : new Map();
  }

  /** The network as it was after `step` steps; z stays. */
  async showStep(step) {
    const network = `${this.about.networks}/${step}/generator.bin`;
    this.wantedStep = step;
    try {
      const told = await this.studio.hand.ask("open", { network });
      if (this.wantedStep !== step) return; // another was wanted meanwhile
      const isFirst = this.network === undefined;
      const judged = this.about.judged.includes(step);
      this.network = {
        ...told,
        url: network,
        step,
        learned: this.about.classes,
        classifier: this.about.classifier,
        discriminator: judged ? `${this.about.networks}/${step}/discriminator.bin` : null,
      };
      this.listMoments();
      this.problem.hidden = true;
      this.stage.hidden = false;
      if (isFirst) this.begin();
      this.change("network");
    } catch (error) {
      if (isCancelled(error) || this.wantedStep !== step) return;
      this.wantedStep = this.network?.step;
      this.change("network"); // the slider of moments goes back
      this.refuse(error);
    }
  }

  /** The network itself cannot be drawn. */
  refuse(error) {
    this.stopWalk();
    this.stage.hidden = this.network === undefined;
    const other =
      this.network === undefined ? "another network" : "another network, or another moment of this one";
    const [what, remedy] =
      error instanceof DamagedNetwork
        ? [`its file is damaged: ${error.message}`, `Nothing else was touched. Choose ${other}.`]
        : [error.message, `What is on this page stays. Reload it, or choose ${other}.`];
    this.complain(`This network cannot be shown (${what}). ${remedy}`);
  }

  /** A part of the page could not be computed. */
  fail(error) {
    this.complain(
      `Not all of this page could be drawn (${error.message}). What is there stays. Reload it, or choose another network.`,
    );
  }

  complain(words) {
    this.problem.hidden = false;
    say(this.problem, words);
  }

  /** The first place: the one in the address, or a random draw. */
  begin() {
    this.z = new Float64Array(this.network.latentDim);
    this.digit = this.network.classes ? this.network.learned[0] : 0;
    this.classes.build();
    for (const mode of this.modes) mode.build?.();
    this.drawFrom(roomySeed(this.z.length));
    this.follow(this.address());
    this.writeAddress("", true); // so that Back and a reload come back to the first draw, too
  }

  /** Goes where an address leads. What is damaged in it is said, and stays as it is. */
  follow(address) {
    if (!this.network || (address.get("run") ?? this.about.run) !== this.about.run) return;
    const problems = [];
    const attempt = (name, action, fallback) => {
      const text = address.get(name) ?? fallback;
      if (text === undefined) return;
      try {
        action(text);
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        problems.push(error.message);
      }
    };
    this.endWalk();
    this.moments.end();
    attempt("z", (text) => {
      const { z, origin } = readLatent(text, this.z.length);
      this.move(z, origin);
    });
    attempt("digit", (text) => this.followDigit(text));
    attempt("scale", (text) => this.followScale(text), "1");
    attempt("step", (text) => this.followStep(text), String(this.about.steps.at(-1)));
    const mode = this.modes.find((one) => one.id === address.get("mode"));
    if (address.has("mode") && !mode) problems.push("This address asks for a view that there is not.");
    this.tabs.show(mode ?? this.modes[0]);
    for (const one of this.modes) attempt(one.id, (text) => one.follow?.(text));
    this.notice.hidden = problems.length === 0;
    say(this.notice, [...problems, "What could not be read was left out."].join(" "));
  }

  followDigit(text) {
    const { classes, learned } = this.network;
    if (!classes)
      throw new AddressError("This address asks for a digit; this network chooses itself what it draws.");
    const digit = learned.find((known) => String(known) === text);
    if (digit === undefined)
      throw new AddressError(
        `This address asks for a digit that this network has not learned: it knows ${learned.join(", ")}.`,
      );
    this.digit = digit;
    this.change("digit");
  }

  followScale(text) {
    const scale = Number(text);
    if (!/^\d(\.\d{1,2})?$/.test(text) || scale > 1)
      throw new AddressError("This address scales z by something that is not from 0 to 1.");
    this.scale = scale;
    this.change("scale");
  }

  followStep(text) {
    const step = this.about.steps.find((known) => String(known) === text);
    if (step === undefined)
      throw new AddressError(`This address asks for step ${text.slice(0, 12)}, of which nothing is kept.`);
    if (step !== this.network.step) this.goToStep(step);
  }

  // ---- what parts do

  /** Before a change: Undo comes back here. Changes with one name in quick succession are one step. */
  remember(name = null) {
    this.past.keep(this.place(), name);
    this.change("past");
  }

  place() {
    return { z: this.z.slice(), digit: this.digit, scale: this.scale, origin: this.origin };
  }

  /** To z, any array of latentDim numbers. origin: the seed that drew it; else the last one counts. */
  move(z, origin = this.origin) {
    this.origin = origin;
    for (let i = 0; i < this.z.length; i++) this.z[i] = toSlider(z[i]);
    this.change("z");
  }

  /** Where people are goes into the address; settling again soon with the same name is one step of Back. */
  settle(words = "", name = words) {
    this.writeAddress(name);
    if (words) this.say(words);
  }

  goTo({ z, digit, scale, origin }) {
    this.stopWalk();
    this.move(z, origin);
    if (digit !== undefined && this.network.learned.includes(digit)) this.digit = digit;
    this.scale = scale ?? 1;
    this.change("digit", "scale");
  }

  choose(digit) {
    this.remember("digit");
    this.digit = digit;
    this.change("digit");
    this.settle(`The digit is ${digit}`);
  }

  rescale(scale) {
    this.remember("scale");
    this.scale = Math.round(100 * scale) / 100;
    this.change("scale");
  }

  random() {
    this.stopWalk();
    this.remember();
    this.drawFrom(newSeed());
    this.settle("Random draw");
  }

  drawFrom(seed) {
    this.move(this.unlocked(normals(seed, this.z.length)), seed);
  }

  /** z, with the numbers that people locked left as they are. */
  unlocked(z) {
    return z.map((value, i) => (this.locked?.has(i) ? this.z[i] : value));
  }

  reset() {
    this.stopWalk();
    this.remember();
    this.move(this.unlocked(new Float64Array(this.z.length)), null);
    this.settle("All numbers are 0");
  }

  undo() {
    this.travel("undo", this.past.canUndo, "Taken back");
  }

  redo() {
    this.travel("redo", this.past.canRedo, "Done again");
  }

  travel(way, isThere, words) {
    this.stopWalk();
    if (!isThere) return this.say(`Nothing to ${way}`);
    this.goTo(this.past[way](this.place()));
    this.change("past");
    this.settle(words);
  }

  goToStep(step) {
    this.isFollowing = step === this.about.steps.at(-1);
    return this.showStep(step);
  }

  /** What every task of a worker needs to know. */
  drawing() {
    return { network: this.network.url, scale: this.scale, label: this.digit };
  }

  /** For screen readers, which hear only what changes: what is said twice is taken away in between. */
  say(text) {
    if (this.status.textContent === text) {
      say(this.status, "");
      requestAnimationFrame(() => say(this.status, this.status.textContent || text));
    } else say(this.status, text);
  }

  // ---- modes and the address

  enter(mode) {
    this.stopWalk();
    this.problem.hidden = true;
    this.change("mode");
    if (this.network) this.writeAddress("mode");
    return mode;
  }

  /** name: of the gesture that led here; isFirst: whether the address stays the same step of Back. */
  writeAddress(name, isFirst = false) {
    const mode = this.tabs.current;
    const { about, network } = this;
    write(
      new Map([
        ["run", about.run],
        ["step", about.steps.length > 1 && !(this.isFollowing && about.isLive) ? network.step : null],
        ["mode", mode && mode !== this.modes[0] ? mode.id : null],
        ["z", spellLatent(this.z, this.origin)],
        ["digit", network.classes ? this.digit : null],
        ["scale", this.scale === 1 ? null : this.scale],
        ...(mode?.spell ? [[mode.id, mode.spell()]] : []),
      ]),
      name,
      isFirst,
    );
  }

  // ---- walking

  toggleWalk() {
    if (this.walk) return this.stopWalk();
    this.remember();
    this.walk = new Walk(this.z);
    this.walkedAt = performance.now();
    this.change("walk");
    this.say("Walking");
  }

  stopWalk() {
    if (this.endWalk()) this.settle("Walk stopped");
  }

  /** Whether there was a walk. */
  endWalk() {
    if (!this.walk) return false;
    this.walk = null;
    this.change("walk", "z");
    return true;
  }

  walkOn(now) {
    const seconds = Math.max(0, now - this.walkedAt) / 1000;
    const isStill = prefersStillness();
    if (isStill && seconds < STILL_PACE) return this.change("pause");
    this.walkedAt = now;
    this.move(this.unlocked(this.walk.step(isStill ? STILL_PACE / 2 : Math.min(LONGEST_STRIDE, seconds))));
  }

  // ---- drawing: at most once a frame, whatever happened in between

  change(...what) {
    for (const one of what) this.changed.add(one);
    this.frame ??= requestAnimationFrame((now) => this.refresh(now));
  }

  refresh(now) {
    this.frame = null;
    if (!this.network) return;
    if (this.walk) this.walkOn(now);
    const changed = this.changed;
    this.changed = new Set();
    for (const part of this.parts) part.refresh(changed);
    this.tabs.current?.refresh(changed);
  }

  close() {
    cancelAnimationFrame(this.frame);
    removeEventListener("popstate", this.onBack);
    for (const part of [...this.parts, ...this.modes, this.companion, this.shortcuts]) part.close?.();
    this.studio.close();
  }
}

export default component(Explorer);
