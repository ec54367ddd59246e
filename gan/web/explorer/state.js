// Where people are in latent space, and what the page knows of it: all of the explorer's state. No document here.
//
// The parts of the page know this state and nothing of each other. They change it with
//
//   remember(name)          before a change, so that Undo comes back here; a gesture keeps one name
//   move(z)                 anywhere; rounded to hundredths from -3 to 3, which is what an address holds
//   settle(words, name)     when the hand lets go: the address follows, a screen reader is told
//
// and its kin, and hear of what they subscribed to, at most once a frame. Everything is drawn by Web Workers; the
// server hears nothing while people move.

import { largest, newSeed, normals, toSlider } from "../latent/geometry.js";
import { BookmarkList, NO_ROOM } from "./bookmark_list.js";
import { Changes } from "./changes.js";
import { NO_NETWORK, NOTHING_TOLD } from "./nothing_yet.js";
import { PlaceHistory } from "./place_history.js";
import { Sampling } from "./sampling.js";
import { Wander } from "./wander.js";

/** @import { Inference } from "../inference/inference.js" */
/** @import { Bookmark, LatentVector, Numbers, Place } from "../latent/types" */
/** @import { About, Destination, Drawn, Effects, Network, Page, Storage } from "./types" */

export class State extends Changes {
  /**
   * @param {Page} page
   * @param {Inference} inference
   * @param {Storage} storage
   */
  constructor(page, inference, storage) {
    super(page.nextFrame);
    this.page = page;
    this.inference = inference;
    this.about = NOTHING_TOLD;
    this.network = NO_NETWORK;
    this.z = new Float64Array(0);
    this.digit = 0;
    this.scale = 1;
    /** @type {number | null} */
    this.origin = null;
    /** Places of numbers of z that stay when others are drawn, reset or walked. @type {Set<number>} */
    this.locked = new Set();
    this.history = new PlaceHistory();
    this.bookmarks = new BookmarkList(storage, () => this.change("bookmarks"));
    /** The name of the mode that is shown. */
    this.mode = "";
    this.wander = new Wander(this);
    this.sampling = new Sampling(this);
    /** Whether the network shown is the newest of a run that may bring newer ones. @type {boolean | undefined} */
    this.isFollowing = undefined;
    /** The step that was asked for last; it may still be on its way. @type {number | undefined} */
    this.wantedStep = undefined;
    this.isGrowing = false; // whether one step of the training is shown after the other
    /** @type {Drawn | null} */
    this.picture = null;
    this.isDrawn = false; // whether `picture` is that of the place
    this.showsSlope = false;
    /** How much each number of z changes the picture, [latentDim], of one network. @type {Effects | null} */
    this.effects = null;
  }

  // ---- the network

  /** @override */
  get isReady() {
    return this.hasNetwork;
  }

  /** @override @param {number} now ms */
  advance(now) {
    this.wander.advance(now);
  }

  get hasNetwork() {
    return this.network !== NO_NETWORK;
  }

  /** @param {About} about */
  tell(about) {
    this.about = { ...about, steps: this.stepsToList(about.steps) };
  }

  /**
   * A run that learns gives up some snapshots for newer ones: the one that is looked at stays in the list until then.
   * @param {readonly number[]} steps
   */
  stepsToList(steps) {
    const mine = this.network.step;
    const isListed = !this.hasNetwork || steps.includes(mine);
    return isListed ? [...steps] : [...steps, mine].sort((a, b) => a - b);
  }

  /** @param {Network} network */
  take(network) {
    const isFirst = !this.hasNetwork;
    this.network = network;
    if (isFirst) {
      this.z = new Float64Array(network.latentDim);
      this.digit = network.classes ? network.learned[0] : 0;
      this.bookmarks.open(this.about.run, network);
      this.sampling.open(network);
    }
    this.change("network");
  }

  /** @param {number} step */
  goToStep(step) {
    this.isFollowing = step === this.about.steps.at(-1);
    return this.page.showStep(step);
  }

  /** What every task of a worker needs to know. */
  drawing() {
    return { network: this.network.url, scale: this.scale, label: this.digit, ...this.sampling.full };
  }

  // ---- moving

  /**
   * Before a change: Undo comes back here. Changes with one name in quick succession are one step.
   * @param {string | null} name
   */
  remember(name = null) {
    this.history.keep(this.place(), name);
    this.change("history");
  }

  /** @returns {Place} */
  place() {
    return { z: this.z.slice(), digit: this.digit, scale: this.scale, origin: this.origin };
  }

  /**
   * To z, [latentDim].
   * @param {Numbers} z
   * @param {number | null} origin the seed that drew it; else the last one counts
   */
  move(z, origin = this.origin) {
    this.origin = origin;
    for (let i = 0; i < this.z.length; i++) this.z[i] = toSlider(z[i]);
    this.change("z");
  }

  /**
   * Where people are goes into the address; settling again soon with the same name is one step of Back.
   *
   * @param {string} words
   * @param {string} name
   */
  settle(words = "", name = words) {
    this.writeAddress(name);
    if (words) this.say(words);
  }

  /** @param {Destination} place */
  goTo({ z, digit, scale, origin }) {
    this.wander.stop();
    this.move(z, origin);
    if (digit !== undefined && this.network.learned.includes(digit)) this.digit = digit;
    this.scale = scale;
    this.change("digit", "scale");
  }

  /** @param {number} digit */
  choose(digit) {
    this.remember("digit");
    this.setDigit(digit);
    this.settle(`The digit is ${digit}`);
  }

  /** @param {number} digit */
  setDigit(digit) {
    this.digit = digit;
    this.change("digit");
  }

  /** @param {number} scale */
  rescale(scale) {
    this.remember("scale");
    this.setScale(Math.round(100 * scale) / 100);
  }

  /** @param {number} scale 0 to 1, in hundredths */
  setScale(scale) {
    this.scale = scale;
    this.change("scale");
  }

  random() {
    this.wander.stop();
    this.remember();
    this.drawFrom(newSeed());
    this.settle("Random draw");
  }

  /** @param {number} seed */
  drawFrom(seed) {
    this.move(this.unlocked(normals(seed, this.z.length)), seed);
  }

  reset() {
    this.wander.stop();
    this.remember();
    this.move(this.unlocked(new Float64Array(this.z.length)), null);
    this.settle("All numbers are 0");
  }

  /** z, with the numbers that people locked left as they are. @param {LatentVector} z */
  unlocked(z) {
    return z.map((value, i) => (this.locked.has(i) ? this.z[i] : value));
  }

  /** Locks a number of z, or frees it. Whether it is locked then. @param {number} index */
  toggleLock(index) {
    if (this.locked.delete(index)) return false;
    this.locked.add(index);
    return true;
  }

  // ---- back and forth

  undo() {
    this.goBack("undo", "Taken back", "Nothing to undo");
  }

  redo() {
    this.goBack("redo", "Done again", "Nothing to redo");
  }

  /** @param {"undo" | "redo"} way @param {string} words @param {string} otherwise where there is nothing to go to */
  goBack(way, words, otherwise) {
    this.wander.stop();
    const place = this.history[way](this.place());
    if (!place) return this.say(otherwise);
    this.goTo(place);
    this.change("history");
    this.settle(words);
  }

  /**
   * Keeps a place, as it is but for what is given. The bookmark, or null if there is no room.
   *
   * @param {Partial<Bookmark>} given
   */
  bookmark(given = {}) {
    const named = given.name === undefined ? this.bookmarks.freeName(this.reading) : { name: given.name };
    const mark = this.bookmarks.add({ ...named, ...this.place(), ...given });
    this.say(mark ? `Kept as ${mark.name}` : NO_ROOM);
    return mark;
  }

  /** To a bookmark, or another place with a name. @param {Place & { name: string }} mark */
  visit(mark) {
    this.remember();
    this.goTo(mark);
    this.settle(`At ${mark.name}`);
  }

  /** @param {string} id of a bookmark @param {string} name */
  rename(id, name) {
    this.bookmarks.rename(id, name, this.reading);
  }

  // ---- the picture

  beginPicture() {
    this.isDrawn = false;
  }

  /** What the picture is read as, if it is. */
  get reading() {
    return this.picture?.reading && largest(this.picture.reading);
  }

  /**
   * @param {Drawn} picture
   * @param {boolean} isLast whether no newer one is being drawn
   */
  show(picture, isLast) {
    this.picture = picture;
    this.isDrawn = isLast;
    this.change("picture");
  }

  /** Whether where D looks is shown then. */
  toggleSlope() {
    this.showsSlope = !this.showsSlope;
    this.change("slope");
    return this.showsSlope;
  }

  // ---- the page

  /** @param {string} name of a mode */
  enter(name) {
    this.mode = name;
    this.change("mode");
  }

  /** Where people are goes into the address. @param {string} name of the gesture @param {boolean} staysHere */
  writeAddress(name, staysHere = false) {
    this.page.writeAddress(name, staysHere);
  }

  /** @param {string} words */
  say(words) {
    this.page.say(words);
  }

  /** @param {unknown} error */
  fail(error) {
    this.page.fail(error);
  }

  /** The network itself cannot be drawn. @param {unknown} error */
  refuse(error) {
    this.page.refuse(error);
  }
}
