// Planes in the address: what spans one, where it is, and what of it is shown.
//
// "n3.7" are numbers 3 and 7 of z, "f1.2" the first two principal directions, "w1.4" eigenvectors, "p" three points.
// Behind it, each after a "~": "c50.-120.3" the middle (in hundredths) and the level of zoom, unless all is seen;
// "t" colours; "d3000" the step of which the directions are, unless it is the network's; latent vectors: the three
// points of "p", and for directions a point of the plane, unless z is one itself.

import { AddressError, readLatent, spellLatent } from "./address.js";

const MOST_LEVELS = 20;
const FARTHEST = 4000; // hundredths

/** state: { kind, pick, points, view, isTinted, step, through }, as `readPlane` tells them. */
export function spellPlane({ kind, pick, points, view, isTinted, step, through }) {
  const latents = kind === "p" ? points : through ? [through] : [];
  return [
    kind === "p" ? kind : kind + pick.map((one) => one + 1).join("."),
    ...(view ? [`c${Math.round(100 * view.x) + 0}.${Math.round(100 * view.y) + 0}.${view.level}`] : []),
    ...(isTinted ? ["t"] : []),
    ...(step === null ? [] : [`d${step}`]),
    ...latents.map(({ z, origin }) => spellLatent(z, origin)),
  ].join("~");
}

/**
 * { kind, pick (two different places from 0), points (of "p": three { z, origin }), view ({ x, y, level } or null),
 * isTinted, step (or null), through ({ z, origin } or null) } of a text for a network of `size` numbers, of which
 * there are `directions` at most. Throws AddressError.
 */
export function readPlane(text, size, directions) {
  const [first, ...rest] = text.split("~");
  const kind = first[0];
  const read = { kind, pick: null, points: null, view: null, isTinted: false, step: null, through: null };
  if (rest.length > 6) throw unreadable();
  if (kind !== "p") read.pick = readPick(first, kind === "n" ? size : directions);
  else if (first !== "p") throw unreadable();
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

function readPick(text, most) {
  const [, ...numbers] = /^[nfw](\d{1,4})\.(\d{1,4})$/.exec(text) ?? [];
  if (numbers.length === 0) throw unreadable();
  const pick = numbers.map((one) => one - 1);
  if (pick.some((one) => one < 0 || one >= most)) {
    const what = text[0] === "n" ? "numbers of z" : "directions";
    throw new AddressError(`This address spans the map by ${what} of which there are ${most}.`);
  }
  if (pick[0] === pick[1]) throw new AddressError("This address spans the map twice by the same.");
  return pick;
}

function readView(text) {
  const [, x, y, level] = /^c(-?\d{1,4})\.(-?\d{1,4})\.(-?\d{1,2})$/.exec(text) ?? [];
  if (level === undefined || Math.abs(level) > MOST_LEVELS) throw unreadable();
  if (Math.max(Math.abs(x), Math.abs(y)) > FARTHEST) throw unreadable();
  return { x: x / 100, y: y / 100, level: Number(level) };
}

function unreadable() {
  return new AddressError("The map in this address cannot be read.");
}
