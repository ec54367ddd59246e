// Bookmarks as text, for the browser's own storage and for files that go from one browser to another.

import { AddressError, readLatent, spellLatent } from "./address.js";
import { givenWords, readGiven } from "./given_name.js";

/** @import { Asked, Bookmark } from "./types" */

export const MOST_NAME = 40; // characters
const UNNAMED = givenWords({ reading: null, number: 1 });

/** A name for a bookmark that no other has. */
export function newId() {
  return crypto.getRandomValues(new Uint32Array(2)).join("").slice(0, 12);
}

/** @param {Bookmark[]} list @returns {string} JSON that `readBookmarks` reads */
export function spellBookmarks(list) {
  return JSON.stringify(
    list.map(({ z, origin, name, given, ...rest }) => ({
      ...rest,
      ...(given ? { given } : { name }),
      z: spellLatent(z, origin),
    })),
  );
}

/**
 * The first `room` bookmarks of a text that came from anywhere, and how many more there are. Throws
 * AddressError for what does not fit the network.
 * @param {string} text
 * @param {Asked} network
 * @param {number} room
 * @returns {{ marks: Bookmark[], left: number }}
 */
export function readBookmarks(text, network, room) {
  const told = parsed(text);
  const marks = told.slice(0, Math.max(0, room)).map((mark) => readMark(mark, network));
  const ids = new Set();
  for (const mark of marks) {
    if (ids.has(mark.id)) mark.id = newId();
    ids.add(mark.id);
  }
  return { marks, left: told.length - marks.length };
}

/** @param {string} text @returns {any[]} of anything: people can write such a file */
function parsed(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    throw new AddressError("This is not a file of bookmarks.");
  }
  if (!Array.isArray(told)) throw new AddressError("This is not a file of bookmarks.");
  return told;
}

/** @param {any} mark anything @param {Asked} network @returns {Bookmark} */
function readMark(mark, network) {
  if (typeof mark?.z !== "string") throw new AddressError("A bookmark has no noise vector.");
  const { z, origin } = readLatent(mark.z, network.latentDim);
  const isKnown = network.classes > 0 && network.learned.includes(mark.digit);
  const first = network.classes > 0 ? network.learned[0] : 0;
  const isScaled = typeof mark.scale === "number" && mark.scale >= 0 && mark.scale <= 1;
  const given = readGiven(mark.given);
  const name = typeof mark.name === "string" && mark.name.trim().slice(0, MOST_NAME);
  return {
    id: typeof mark.id === "string" && /^\w{1,16}$/.test(mark.id) ? mark.id : newId(),
    ...(given ? { name: givenWords(given), given } : { name: name || UNNAMED }),
    z,
    origin,
    digit: isKnown ? mark.digit : first,
    scale: isScaled ? Math.round(100 * mark.scale) / 100 : 1, // as an address holds it
  };
}
