// Planes in the address: what spans one, where it is, and what of it is shown.
//
// "n3.7" are numbers 3 and 7 of z, "f1.2" the first two principal directions, "w1.4" eigenvectors, "p" three points.
// Behind it, each after a "~": "c50.-120.3" the middle (in hundredths) and the level of zoom, unless all is seen;
// "t" colours; "d3000" the step of which the directions are, unless it is the network's; latent vectors: the three
// points of "p", and for directions a point of the plane, unless z is one itself.

import { AddressError, readLatent, spellLatent } from "./address.js";

/** @import { Draw, PlaneAddress, PlaneKind, Window } from "./types" */

const MOST_PARTS = 6; // behind what spans it
const MOST_LEVELS = 20;
const FARTHEST = 4000; // hundredths

/** @param {PlaneAddress} plane @returns {string} */
export function spellPlane({ kind, pick, points, view, isTinted, step, through }) {
  const latents = points ?? (through ? [through] : []);
  return [
    kind + (pick ?? []).map((one) => one + 1).join("."),
    ...(view ? [`c${Math.round(100 * view.x) + 0}.${Math.round(100 * view.y) + 0}.${view.level}`] : []),
    ...(isTinted ? ["t"] : []),
    ...(step === null ? [] : [`d${step}`]),
    ...latents.map(({ z, origin }) => spellLatent(z, origin)),
  ].join("~");
}

/**
 * Throws AddressError.
 * @param {string} text
 * @param {number} size how many numbers the network takes
 * @param {number} directions how many there are of each kind
 * @returns {PlaneAddress}
 */
export function readPlane(text, size, directions) {
  const [first, ...rest] = text.split("~");
  if (rest.length > MOST_PARTS) throw unreadable();
  const kind = readKind(first);
  /** @type {PlaneAddress} */
  const read = { kind, pick: null, points: null, view: null, isTinted: false, step: null, through: null };
  if (kind !== "p") read.pick = readPick(first, kind === "n" ? size : directions);
  /** @type {Draw[]} */
  const latents = [];
  for (const part of rest) {
    if (part[0] === "c") read.view = readView(part);
    else if (part === "t") read.isTinted = true;
    else if (/^d\d{1,9}$/.test(part)) read.step = Number(part.slice(1));
    else if (/^[sov]/.test(part)) latents.push(readLatent(part, size));
    else throw unreadable();
  }
  if (latents.length !== (kind === "p" ? 3 : Math.min(1, latents.length))) throw unreadable();
  if (kind === "p") read.points = latents;
  else if (kind !== "n") read.through = latents[0] ?? null;
  return read;
}

/** @param {string} first @returns {PlaneKind} */
function readKind(first) {
  const isPick = /^[nfw]\d{1,4}\.\d{1,4}$/.test(first);
  if (!isPick && first !== "p") throw unreadable();
  return /** @type {PlaneKind} */ (first[0]);
}

/** @param {string} text as `readKind` takes it @param {number} most @returns {[number, number]} */
function readPick(text, most) {
  const [a, b] = text
    .slice(1)
    .split(".")
    .map((one) => Number(one) - 1);
  if (Math.min(a, b) < 0 || Math.max(a, b) >= most) {
    if (text[0] === "n")
      throw new AddressError(`This address spans the map by numbers of z of which there are ${most}.`);
    throw new AddressError(`This address spans the map by directions of which there are ${most}.`);
  }
  if (a === b) throw new AddressError("This address spans the map twice by the same.");
  return [a, b];
}

/** @param {string} text @returns {Window} */
function readView(text) {
  const [, x, y, level] = (/^c(-?\d{1,4})\.(-?\d{1,4})\.(-?\d{1,2})$/.exec(text) ?? []).map(Number);
  if (level === undefined || Math.abs(level) > MOST_LEVELS) throw unreadable();
  if (Math.max(Math.abs(x), Math.abs(y)) > FARTHEST) throw unreadable();
  return { x: x / 100, y: y / 100, level };
}

function unreadable() {
  return new AddressError("The map in this address cannot be read.");
}
