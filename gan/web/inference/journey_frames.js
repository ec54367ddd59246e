// The pictures along a path, both ways: drawn and judged in the background, coarse to fine, and measured.

import { norm, normals } from "../latent/geometry.js";
import { byKind, KINDS } from "../latent/journey.js";
import { changesOf, PIXELS, pictureAt } from "../pictures/pictures.js";
import { isCancelled } from "./inference.js";

const JUDGED_AT_ONCE = 48;
const RANDOM_DRAWS = 64; // of which D's scores are compared with

export class Frames {
  /** onProgress is called whenever there is more to show. */
  constructor(explorer, onProgress) {
    this.explorer = explorer;
    this.onProgress = onProgress;
    this.journey = null;
    this.usual = new Map(); // what random draws score, by the address of the network
  }

  /** How much of it is drawn, 0 to 1. */
  get share() {
    return this.journey ? this.drawn / (KINDS.length * this.journey.count) : 0;
  }

  get isComplete() {
    return this.share === 1;
  }

  /** Draws a journey with the network of the moment; what was being drawn before is given up. */
  async draw(journey) {
    this.begin(journey);
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      await this.paint(signal);
      await this.judge(signal);
    } catch (error) {
      if (!isCancelled(error)) this.explorer.fail(error);
    }
  }

  /** Nothing of a journey is drawn yet; its geometry is there. */
  begin(journey) {
    this.stop();
    this.journey = journey;
    this.drawn = 0;
    this.network = this.explorer.network;
    this.isProbability = null;
    this.zs = byKind((kind) => journey.frames(kind));
    this.pictures = byKind(() => new Uint8Array(journey.count * PIXELS));
    this.isThere = byKind(() => new Uint8Array(journey.count));
    this.logits = byKind(() => new Float32Array(journey.count).fill(NaN));
    this.changes = null;
  }

  stop() {
    this.asked?.abort();
  }

  /** Both pictures at one position: uint8 by kind; null if the hand moved on. */
  async exact(journey, position) {
    const { explorer } = this;
    this.looking?.abort();
    this.looking = new AbortController();
    const zs = KINDS.map((kind) => journey.at(kind, position));
    const label = journey.digitAt(position);
    const found = {};
    try {
      await explorer.studio.run(
        "drawMany",
        { network: explorer.network.url, zs: joined(zs), labels: label },
        {
          signal: this.looking.signal,
          onPart: ({ from, pixels }) => {
            for (let i = 0; i * PIXELS < pixels.length; i++) found[KINDS[from + i]] = pictureAt(pixels, i);
          },
        },
      );
      return found;
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
      return null;
    }
  }

  /** The picture of the nearest frame that there is, or null. */
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

  async paint(signal) {
    const { journey, zs, network } = this;
    const order = journey.coarseToFine().flatMap((frame) => KINDS.map((kind) => [kind, frame]));
    const labels = order.map(([, frame]) => journey.digitAt(journey.positionOf(frame)));
    const ordered = joined(order.map(([kind, frame]) => zs[kind][frame]));
    await this.explorer.studio.run(
      "drawMany",
      { network: network.url, zs: ordered, labels },
      {
        signal,
        onPart: ({ from, pixels }) => {
          for (let i = 0; i * PIXELS < pixels.length; i++)
            this.keep(...order[from + i], pictureAt(pixels, i));
          if (this.isComplete) this.changes = byKind((kind) => changesOf(this.pictures[kind]));
          this.onProgress();
        },
      },
    );
  }

  keep(kind, frame, pixels) {
    this.pictures[kind].set(pixels, frame * PIXELS);
    this.isThere[kind][frame] = 1;
    this.drawn += 1;
  }

  /** What D makes of each frame, if it came with the network. */
  async judge(signal) {
    const { journey, network } = this;
    if (network.discriminator === null) return;
    await this.judgeRandom(signal);
    const order = journey.coarseToFine().flatMap((frame) => KINDS.map((kind) => [kind, frame]));
    for (let from = 0; from < order.length; from += JUDGED_AT_ONCE) {
      const some = order.slice(from, from + JUDGED_AT_ONCE);
      const pictures = joined(some.map(([kind, frame]) => pictureAt(this.pictures[kind], frame)));
      const digitOf = (frame) => journey.digitAt(journey.positionOf(frame));
      const labels = some.map(([kind, frame]) => this.classOf(this.zs[kind][frame], digitOf(frame)));
      const told = await this.score(pictures, labels, signal);
      some.forEach(([kind, frame], i) => {
        this.logits[kind][frame] = told.logits[i];
      });
      this.isProbability = told.isProbability;
      this.onProgress();
    }
  }

  score(pictures, labels, signal) {
    const { discriminator } = this.network;
    return this.explorer.studio.run("judge", { discriminator, pictures, labels }, { signal });
  }

  /** The class that D takes a picture for: where classes are hidden in z, the one that z leans to. */
  classOf(z, digit) {
    const leanings = z.subarray(0, this.network.leaning);
    return leanings.length ? leanings.indexOf(Math.max(...leanings)) : digit;
  }

  /** { low, middle, high }: quartiles of D's logits of random draws, once a network. */
  async judgeRandom(signal) {
    const { network, usual } = this;
    if (usual.has(network.url)) return;
    const zs = Array.from({ length: RANDOM_DRAWS }, (_, i) => normals(i + 1, network.latentDim));
    const labels = zs.map((_, i) => (network.classes ? network.learned[i % network.learned.length] : 0));
    const pictures = new Uint8Array(RANDOM_DRAWS * PIXELS);
    await this.explorer.studio.run(
      "drawMany",
      { network: network.url, zs: joined(zs), labels },
      {
        signal,
        onPart: ({ from, pixels }) => pictures.set(pixels, from * PIXELS),
      },
    );
    const { logits } = await this.score(
      pictures,
      zs.map((z, i) => this.classOf(z, labels[i])),
      signal,
    );
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(logits, share));
    usual.set(network.url, { low, middle, high, count: RANDOM_DRAWS });
  }

  /** Length of z in each frame. */
  norms(kind) {
    return this.zs[kind].map(norm);
  }

  close() {
    this.stop();
    this.looking?.abort();
  }
}

/** Arrays of one type, one after the other. */
function joined(parts) {
  const whole = new parts[0].constructor(parts.length * parts[0].length);
  parts.forEach((part, i) => whole.set(part, i * part.length));
  return whole;
}

function quantile(values, share) {
  const sorted = Float32Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}
