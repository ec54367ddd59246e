// The pictures along a path, both ways: drawn and judged in the background, coarse to fine, and measured.

import { joined, norm } from "../latent/geometry.js";
import { byKind, KINDS } from "../latent/journey.js";
import { changesOf, PIXELS, pictureAt } from "../pictures/pictures.js";
import { isCancelled } from "./inference.js";
import { scoreRandomDigits } from "./random_scores.js";

/** @import { Journey } from "../latent/journey.js" */
/** @import { ByKind, Kind, LatentVector } from "../latent/types" */
/** @import { Picture } from "../pictures/types" */
/** @import { Inference } from "./inference.js" */
/** @import { How } from "./protocol" */
/** @import { Network, RandomScores } from "./types" */

const JUDGED_AT_ONCE = 48;

/**
 * A frame of one of the two ways.
 * @typedef {[kind: Kind, frame: number]} KindFrame
 */

export class Frames {
  /**
   * @param {Pick<Inference, "run">} inference
   * @param {object} told
   * @param {() => void} told.onProgress called whenever there is more to show
   * @param {(error: unknown) => void} told.onError
   */
  constructor(inference, { onProgress, onError }) {
    this.inference = inference;
    this.onProgress = onProgress;
    this.onError = onError;
    /** @type {Journey | null} */
    this.journey = null;
    /** What random draws score, by the address of the network. @type {Map<string, RandomScores>} */
    this.usual = new Map();
    this.drawn = 0; // frames, of both ways, in all passes
    /** How they are drawn, one after the other. @type {How[]} */
    this.passes = [{}];
    /** Whether D's output is meant as a probability; null before it judged. @type {boolean | null} */
    this.isProbability = null;
    /** z of each frame. @type {ByKind<LatentVector[]>} */
    this.zs = byKind(() => []);
    /** [count * 784] */
    this.pictures = byKind(() => new Uint8Array(0));
    /** 1 for each frame that is drawn, [count] */
    this.isThere = byKind(() => new Uint8Array(0));
    /** D's of each frame, [count]; NaN where it has not judged. */
    this.logits = byKind(() => new Float32Array(0));
    /** How far the pictures have changed since the first, 0 to 255, once all are there. @type {ByKind<number[]> | null} */
    this.changes = null;
    /** @type {AbortController | null} */
    this.asked = null;
    /** @type {AbortController | null} */
    this.looking = null;
  }

  /** How much of it is drawn, 0 to 1. */
  get share() {
    return this.journey ? this.drawn / (KINDS.length * this.journey.count * this.passes.length) : 0;
  }

  get isComplete() {
    return this.share === 1;
  }

  /**
   * Draws a journey; what was being drawn before is given up.
   * @param {Journey} journey
   * @param {Network} network
   * @param {How[]} passes how all of it is drawn, one after the other
   */
  async draw(journey, network, passes = [{}]) {
    this.begin(journey);
    this.passes = passes;
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      for (const how of passes) await this.paint(journey, network, how, signal);
      await this.judge(journey, network, signal);
    } catch (error) {
      if (!isCancelled(error)) this.onError(error);
    }
  }

  /** Nothing of a journey is drawn yet; its geometry is there. @param {Journey} journey */
  begin(journey) {
    this.stop();
    this.journey = journey;
    this.drawn = 0;
    this.isProbability = null;
    this.zs = byKind((kind) => journey.frames(kind));
    this.pictures = byKind(() => new Uint8Array(journey.count * PIXELS));
    this.isThere = byKind(() => new Uint8Array(journey.count));
    this.logits = byKind(() => new Float32Array(journey.count).fill(Number.NaN));
    this.changes = null;
  }

  stop() {
    this.asked?.abort();
  }

  /**
   * Both pictures at one position; null if the hand moved on.
   * @param {Journey} journey
   * @param {Network} network
   * @param {number} position
   * @returns {Promise<ByKind<Picture> | null>}
   */
  async exact(journey, network, position) {
    this.looking?.abort();
    this.looking = new AbortController();
    const zs = joined(KINDS.map((kind) => journey.at(kind, position)));
    /** @type {ByKind<Picture>} */
    const found = byKind(() => new Uint8Array(PIXELS));
    try {
      await this.inference.run(
        "drawMany",
        { network: network.url, zs, labels: journey.digitAt(position), ...this.passes.at(-1) },
        {
          signal: this.looking.signal,
          onPart: ({ from, pixels }) => {
            for (let i = 0; i * PIXELS < pixels.length; i++) found[KINDS[from + i]] = pictureAt(pixels, i);
          },
        },
      );
      return found;
    } catch (error) {
      if (!isCancelled(error)) this.onError(error);
      return null;
    }
  }

  /** The picture of the nearest frame that there is, or null. @param {Kind} kind @param {number} position */
  nearest(kind, position) {
    const { journey } = this;
    if (!journey || !this.drawn) return null;
    const wanted = Math.min(journey.count - 1, journey.frameAt(position));
    for (let away = 0; away < journey.count; away++) {
      for (const frame of [wanted - away, wanted + away]) {
        if (this.isThere[kind][frame]) return pictureAt(this.pictures[kind], frame);
      }
    }
    return null;
  }

  /** @param {Journey} journey @param {Network} network @param {How} how @param {AbortSignal} signal */
  async paint(journey, network, how, signal) {
    const order = orderOf(journey);
    const labels = order.map(([, frame]) => journey.digitAt(journey.positionOf(frame)));
    const zs = joined(order.map(([kind, frame]) => this.zs[kind][frame]));
    await this.inference.run(
      "drawMany",
      { network: network.url, zs, labels, ...how },
      {
        signal,
        onPart: ({ from, pixels }) => {
          for (let i = 0; i * PIXELS < pixels.length; i++) this.keep(order[from + i], pictureAt(pixels, i));
          if (this.isComplete) this.changes = byKind((kind) => changesOf(this.pictures[kind]));
          this.onProgress();
        },
      },
    );
  }

  /** @param {KindFrame} kindFrame @param {Picture} pixels */
  keep([kind, frame], pixels) {
    this.pictures[kind].set(pixels, frame * PIXELS);
    this.isThere[kind][frame] = 1;
    this.drawn += 1;
  }

  /**
   * What D makes of each frame, if it came with the network.
   * @param {Journey} journey
   * @param {Network} network
   * @param {AbortSignal} signal
   */
  async judge(journey, network, signal) {
    const { discriminator, url, hiddenClasses } = network;
    if (discriminator === null) return;
    if (!this.usual.has(url)) {
      this.usual.set(url, await scoreRandomDigits(this.inference, { ...network, discriminator }, signal));
    }
    const order = orderOf(journey);
    for (let from = 0; from < order.length; from += JUDGED_AT_ONCE) {
      const some = order.slice(from, from + JUDGED_AT_ONCE);
      const pictures = new Uint8Array(some.length * PIXELS);
      for (const [i, [kind, frame]] of some.entries())
        pictures.set(pictureAt(this.pictures[kind], frame), i * PIXELS);
      const labels = some.map(([, frame]) => journey.digitAt(journey.positionOf(frame)));
      const zs = joined(some.map(([kind, frame]) => this.zs[kind][frame]));
      const args = { discriminator, pictures, labels, zs, hiddenClasses };
      const told = await this.inference.run("judge", args, { signal });
      for (const [i, [kind, frame]] of some.entries()) this.logits[kind][frame] = told.logits[i];
      this.isProbability = told.isProbability;
      this.onProgress();
    }
  }

  /** Length of z in each frame. @param {Kind} kind */
  norms(kind) {
    return this.zs[kind].map(norm);
  }

  close() {
    this.stop();
    this.looking?.abort();
  }
}

/** All frames of both ways, coarse to fine. @param {Journey} journey @returns {KindFrame[]} */
function orderOf(journey) {
  return journey
    .coarseToFine()
    .flatMap((frame) => KINDS.map((kind) => /** @type {KindFrame} */ ([kind, frame])));
}
