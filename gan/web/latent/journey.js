// A path from stop to stop through latent space, as geometry: both ways of it, and how an address holds it.

import { AddressError, readLatent, spellLatent } from "./address.js";
import { lerp, norm, slerp } from "./geometry.js";

/** @import { Asked, ByKind, Kind, LatentVector, Numbers, Place, Stop } from "./types" */

/** @type {Kind[]} */
export const KINDS = ["great", "straight"];
/** @type {ByKind<string>} */
export const KIND_WORDS = { great: "great circle", straight: "straight line" };
export const FRAMES_PER_LEG = 32;
export const FEWEST_STOPS = 2;
export const MOST_STOPS = 8;
/** @type {ByKind<(a: Numbers, b: Numbers, share: number, out: LatentVector) => LatentVector>} */
const WAYS = { great: slerp, straight: lerp };

/**
 * What `make` says of each kind.
 * @template T
 * @param {(kind: Kind) => T} make
 * @returns {ByKind<T>}
 */
export function byKind(make) {
  return { great: make("great"), straight: make("straight") };
}

/**
 * A position is a number from 0 to `legs`: 1.25 is a quarter of the way from the second stop to the third. Each leg
 * takes an equal share.
 */
export class Journey {
  /** @param {Stop[]} stops two at least */
  constructor(stops) {
    this.stops = stops;
    this.ends = stops.map(({ z, scale }) => Float64Array.from(z, (value) => scale * value));
    this.legs = stops.length - 1;
    this.count = FRAMES_PER_LEG * this.legs + 1; // of frames, the last stop among them
  }

  /** @param {Kind} kind @param {number} position @returns {LatentVector} z there, a new array */
  at(kind, position) {
    const leg = Math.floor(position);
    if (leg === position) return this.ends[leg].slice();
    return WAYS[kind](
      this.ends[leg],
      this.ends[leg + 1],
      position - leg,
      new Float64Array(this.ends[leg].length),
    );
  }

  /** The class that is asked for at a position: that of the nearer stop. @param {number} position */
  digitAt(position) {
    return this.stops[Math.round(position)].digit;
  }

  /** @param {number} frame */
  positionOf(frame) {
    return frame / FRAMES_PER_LEG;
  }

  /** @param {number} position */
  frameAt(position) {
    return Math.round(position * FRAMES_PER_LEG);
  }

  /** z of all frames, one after the other. @param {Kind} kind */
  frames(kind) {
    return Array.from({ length: this.count }, (_, frame) => this.at(kind, this.positionOf(frame)));
  }

  /** Frames in the order in which they are worth drawing: the stops, half way, quarters, and so on. */
  coarseToFine() {
    /** @type {number[]} */
    const order = [];
    for (let stride = FRAMES_PER_LEG; stride >= 1; stride /= 2) {
      for (let frame = 0; frame < this.count; frame += stride) {
        if (stride === FRAMES_PER_LEG || frame % (2 * stride)) order.push(frame);
      }
    }
    return order;
  }

  /** Legs on which no single great circle is defined, so that both ways are the straight line: names [from, to]. */
  withoutCircle() {
    /** @type {[from: string, to: string][]} */
    const found = [];
    for (let leg = 0; leg < this.legs; leg++) {
      const [a, b] = [this.ends[leg], this.ends[leg + 1]];
      const [circle, line] = KINDS.map((kind) => this.at(kind, leg + 0.25));
      const isLine = norm(circle.map((value, i) => value - line[i])) < 1e-9 * (norm(a) + norm(b) + 1);
      if (isLine) found.push([this.stops[leg].name, this.stops[leg + 1].name]);
    }
    return found;
  }

  /** Where a position is, in words. @param {number} position */
  words(position) {
    const leg = Math.floor(position);
    const share = Math.round(100 * (position - leg));
    if (share === 0) return `at ${this.stops[leg].name}`;
    if (share === 100) return `at ${this.stops[leg + 1].name}`;
    const far = share === 50 ? "half way" : `${share}% of the way`;
    return `${far} from ${this.stops[leg].name} to ${this.stops[leg + 1].name}`;
  }
}

// ---- in an address: "great~150~s1f3kz!7~v...!3!80", the way that the large digit follows, the position in hundredths
// of a leg, and the stops, each a latent vector with its class ("!7") if the network is asked for one, and with its
// scale in hundredths ("!!80" or "!7!80") if that is not 1

/**
 * @param {{ stops: Place[], kind: Kind, position: number }} journey
 * @param {Asked} network
 * @returns {string}
 */
export function spellJourney({ stops, kind, position }, network) {
  return [kind, Math.round(100 * position), ...stops.map((stop) => spellStop(stop, network))].join("~");
}

/** @param {Place} stop @param {Asked} network @returns {string} */
export function spellStop({ z, origin, digit, scale }, network) {
  const more = scale === 1 ? "" : `!${Math.round(100 * scale)}`;
  const asked = network.classes ? `!${digit}` : more && "!";
  return spellLatent(z, origin) + asked + more;
}

/**
 * What `spellJourney` was given, the stops with names. Throws AddressError.
 * @param {string} text from anywhere
 * @param {Asked} network
 * @returns {{ stops: Stop[], kind: Kind, position: number }}
 */
export function readJourney(text, network) {
  const longest = MOST_STOPS * (12 * network.latentDim + 20) + 40;
  if (text.length > longest) throw new AddressError("The path in this address is too long to be one.");
  const [spelledKind, place, ...spelled] = text.split("~");
  const kind = KINDS.find((known) => known === spelledKind);
  if (!kind) throw new AddressError("The path in this address goes in no way that there is.");
  if (spelled.length < FEWEST_STOPS || spelled.length > MOST_STOPS) {
    throw new AddressError(
      `A path has ${FEWEST_STOPS} to ${MOST_STOPS} stops; the one in this address has ${spelled.length}.`,
    );
  }
  const stops = spelled.map((stop, i) => ({ name: `stop ${i + 1}`, ...readStop(stop, network) }));
  if (!/^\d{1,3}$/.test(place) || Number(place) > 100 * (stops.length - 1)) {
    throw new AddressError("The position on the path in this address is not on it.");
  }
  return { stops, kind, position: Number(place) / 100 };
}

/** @param {string} text @param {Asked} network @returns {Place} */
function readStop(text, network) {
  const [latent, digit = "", scale = "100", ...rest] = text.split("!");
  const { z, origin } = readLatent(latent, network.latentDim);
  const asked = network.classes ? network.learned.find((known) => String(known) === digit) : 0;
  if (asked === undefined || (!network.classes && digit !== "")) {
    throw new AddressError("A stop in this address asks for a digit that this network cannot be asked for.");
  }
  if (rest.length || !/^\d{1,3}$/.test(scale) || Number(scale) > 100) {
    throw new AddressError("A stop in this address is scaled by something that is not from 0 to 1.");
  }
  return { z, origin, digit: asked, scale: Number(scale) / 100 };
}
