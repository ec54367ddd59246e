// How groups are filled with random digits that are surely what was wanted: one of them, or all with an example.

import { mostOf } from "../../inference/traits.js";
import { normals } from "../../latent/geometry.js";
import { foundWords, insteadWords, keptWords, tooFewWords } from "./sum_words.js";

/** @import { SampledDigit, Tasks } from "../../inference/protocol" */
/** @import { State } from "../state.js" */
/** @import { Collector } from "./collector.js" */
/** @import { Group, Collection } from "./group.js" */

/** What was drawn, and found. @typedef {Tasks["sampleDigits"]["value"]} Sampled */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
export const EXAMPLE = [3, 8]; // the digits of the ready example, where the network draws them
const MANY = 16; // vectors a group of the example: of 20 such sums on `digits`, 19 read as 8; with 8 each, 17
const POOL = 4; // times as many as are kept are looked for, so that the most extreme are extreme

export class GroupFiller {
  /**
   * @param {State} state
   * @param {Group[]} groups three
   * @param {Collector} collector
   * @param {(words: string) => void} onFill told what is in the groups now
   */
  constructor(state, groups, collector, onFill) {
    this.state = state;
    this.groups = groups;
    this.collector = collector;
    this.onFill = onFill;
    this.wantsExample = true; // until there was one, or something else
    this.isOpening = false; // whether the example is about to come by itself
    /** That the network draws. */
    this.digits = DIGITS;
    this.many = MANY; // half as many of each where a picture takes many steps
    this.pool = POOL;
  }

  /** Called once the network is known. */
  build() {
    const { classes, learned, steps } = this.state.network;
    this.digits = classes ? learned : DIGITS;
    if (steps > 0) [this.many, this.pool] = [MANY / 2, POOL / 2];
  }

  /** Two digits that the network draws, 3 and 8 if it does. */
  get exampleDigits() {
    const [first = this.digits[0]] = EXAMPLE.filter((digit) => this.digits.includes(digit));
    const others = this.digits.filter((digit) => digit !== first);
    return [first, others.includes(EXAMPLE[1]) ? EXAMPLE[1] : (others.at(-1) ?? first)];
  }

  /** Whether all that there is came, or comes, by itself: then it comes again. */
  get isExample() {
    return this.isOpening || this.groups.every((group) => group.isExample);
  }

  // ---- when

  enter() {
    this.isOpening = this.wantsExample;
  }

  leave() {
    this.wantsExample ||= this.isOpening; // it is looked for again
    this.isOpening = false;
    this.collector.stop();
  }

  /** People put something in: no example comes by itself any more. */
  forgetExample() {
    this.wantsExample = false;
    if (this.isOpening) this.collector.stop();
    this.isOpening = false;
  }

  // ---- collecting

  /** @param {Collection} collection */
  async collect(collection) {
    this.wantsExample = false;
    const doing = `Collecting for ${collection.group.letter}`;
    const told = await this.collector.look([collection.digit], this.pool * collection.count, doing);
    if (told) this.take([collection], told);
  }

  /** Because people want it. */
  async showExample() {
    this.wantsExample = false;
    const digits = this.exampleDigits;
    const told = await this.lookForExample(digits);
    if (told) this.takeExample(digits, told, false);
  }

  /** Where there is nothing yet: of the digit that is asked for, if one is. @returns {Promise<void>} */
  async openExample() {
    const { network, digit } = this.state;
    const [first, second] = this.exampleDigits;
    const wanted = network.classes ? [first === digit ? second : first, digit] : [first, second];
    if (this.collector.looking || wanted[0] === wanted[1]) return;
    this.wantsExample = false;
    const told = await this.lookForExample(wanted);
    if (!this.isOpening) return; // people left, or put in something
    if (!told && network.url !== this.state.network.url) return this.openExample();
    this.isOpening = false;
    if (told) this.takeExample(wanted, told, true);
  }

  /** @param {number[]} digits */
  lookForExample(digits) {
    return this.collector.look(digits, this.pool * this.many, "Collecting for A, B and C");
  }

  // ---- filling

  /**
   * @param {number[]} wanted two digits
   * @param {Sampled} told
   * @param {boolean} isExample whether nobody asked for it
   */
  takeExample(wanted, told, isExample) {
    const { state } = this;
    const count = (/** @type {number} */ digit) => found(told, digit).length;
    const common = [...this.digits].sort((a, b) => count(b) - count(a));
    if (count(common[1]) < 2) return this.giveUp(told, common[0]);
    const isOther = wanted.some((digit) => count(digit) < this.many) && state.network.classes === 0;
    const [from, to] = isOther ? common : wanted;
    const before = isOther ? insteadWords(wanted) : "";
    const [a, b, c] = this.groups;
    const collections = [
      { group: a, digit: from, trait: "thick", count: this.many },
      { group: b, digit: from, trait: "thin", count: this.many },
      { group: c, digit: to, trait: "thin", count: this.many },
    ];
    this.take(collections, told, { before, isExample });
    if (state.network.classes && !isExample && state.digit !== to) state.choose(to);
  }

  /** @param {Sampled} told @param {number} digit that it draws most */
  giveUp({ draws }, digit) {
    const words = tooFewWords(draws, digit);
    this.collector.note(words);
    this.state.say(words);
  }

  /**
   * Fills groups with the best of what was found, and says what there was.
   * @param {Collection[]} collections
   * @param {Sampled} told
   * @param {{ before?: string, isExample?: boolean }} how before: a sentence to begin with
   */
  take(collections, told, { before = "", isExample = false } = {}) {
    const digits = [...new Set(collections.map(({ digit }) => digit))];
    const counts = digits.map((digit) => ({ digit, count: found(told, digit).length }));
    const kept = collections
      .map((collection) => this.keepBest(collection, found(told, collection.digit), isExample))
      .join(" ");
    this.collector.note([before, foundWords(told.draws, counts), kept].filter(Boolean).join(" "));
    this.onFill(kept);
  }

  /**
   * Fills a group with those of `all` that show its trait most; returns a sentence about that.
   * @param {Collection} collection
   * @param {SampledDigit[]} all
   * @param {boolean} isExample
   */
  keepBest({ group, digit, trait, count }, all, isExample) {
    const best = mostOf(all, trait, count);
    group.showWanted({ digit, trait, count });
    if (best.length > 0) {
      const { latentDim } = this.state.network;
      const items = best.map(({ seed }) => ({ z: normals(seed, latentDim), origin: seed, digit }));
      group.put(items, isExample);
    }
    return keptWords(group.letter, { digit, trait, count }, best.length);
  }
}

/** @param {Sampled} told @param {number} digit */
function found(told, digit) {
  return told.found.filter((one) => one.digit === digit);
}
