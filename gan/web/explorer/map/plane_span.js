// What spans the map's plane, and how that reads.

import { Refused } from "../../kit/requests.js";
import { toSlider } from "../../latent/geometry.js";

/** @import { Draw, LatentVector, Place, PlaneAddress, PlaneKind } from "../../latent/types" */

/**
 * A corner of a plane: a place of latent space, and how it is called.
 * @typedef {Draw & { name: string }} Corner
 */

/**
 * @typedef {object} Span
 * @property {PlaneKind} kind
 * @property {[number, number]} pick numbers of z or directions, from 0; of corners it says nothing
 * @property {Corner[]} points the three corners of "p"; else none
 * @property {number | null} step of the training whose directions they are
 * @property {LatentVector[]} vectors all directions of the kind
 * @property {number[]} shares of the variance, by direction
 */

/**
 * What the server finds of a network: directions, each with its share of the variance.
 * @typedef {Record<"features" | "weights", { directions: number[][], shares: number[] }>} Found
 */

export const DIRECTIONS = 8; // of each kind that can be chosen
/** @type {[kind: PlaneKind, words: string][]} */
export const KINDS = [
  ["n", "Two numbers of z"],
  ["f", "Principal directions"],
  ["w", "Eigenvectors"],
  ["p", "Three pictures"],
];
const NOTHING = { points: [], step: null, vectors: [], shares: [] };
/** @type {Record<PlaneKind, string>} */
const WORDS = {
  n: "Two numbers of z, from left to right and upwards; all others stay as they are.",
  f:
    "The directions of z along which what the network's first layer makes of random noise varies most " +
    "(GANSpace: Härkönen et al. 2020).",
  w:
    "The directions of z that the weights of the first layer stretch most: eigenvectors of A Aᵀ, found without " +
    "drawing anything (SeFa: Shen and Zhou 2021).",
  p: "The one plane through three bookmarks: the first at (0, 0), the second at (1, 0), the third at (0, 1).",
};
/** @type {Record<PlaneKind, string>} */
const TITLES = {
  n: "numbers of z",
  f: "principal directions",
  w: "eigenvectors of the first layer's weights",
  p: "three pictures",
};

/** @param {[number, number]} pick @returns {Span} */
export function numbersSpan(pick) {
  return { ...NOTHING, kind: "n", pick };
}

/** @param {Corner[]} points three @returns {Span} */
export function cornersSpan(points) {
  return { ...NOTHING, kind: "p", pick: [0, 1], points };
}

/**
 * Throws Refused if the network has no such directions.
 * @param {"f" | "w"} kind
 * @param {[number, number]} pick
 * @param {number} step
 * @param {Found} found
 * @returns {Span}
 */
export function directionsSpan(kind, pick, step, found) {
  const { directions, shares } = found[kind === "f" ? "features" : "weights"];
  if (Math.max(...pick) >= directions.length)
    throw new Refused(`Such directions of this network: ${directions.length}.`);
  return {
    kind,
    pick,
    points: [],
    step,
    vectors: directions.map((one) => Float64Array.from(one)),
    shares,
  };
}

/** A bookmark as a corner: truncated as it was kept. @param {Place & { name: string }} mark @returns {Corner} */
export function cornerOf({ name, z, origin, scale }) {
  if (scale === 1) return { name, z, origin };
  return { name, z: z.map((value) => toSlider(scale * value)), origin: null };
}

/** @param {Draw} point @param {Draw} other */
export function isSame(point, other) {
  return point.z.every((value, i) => value === other.z[i]);
}

/** What of it an address holds. @param {Span} span @returns {Pick<PlaneAddress, "kind" | "pick" | "points">} */
export function addressed({ kind, pick, points }) {
  return kind === "p" ? { kind, pick: null, points } : { kind, pick, points: null };
}

// ---- in words

/** How the axes are called, from left to right and upwards. @param {Span} span */
export function axisNames({ kind, pick, points, shares }) {
  if (kind === "p") return points.slice(1).map(({ name }) => `towards ${name}`);
  return pick.map((one) => (kind === "n" ? `z${one + 1}` : `direction ${one + 1}, ${percent(shares[one])}`));
}

/** How the choices of an axis are called. @param {Span} span @param {number} latentDim */
export function axisChoices({ kind, shares }, latentDim) {
  if (kind === "n") return Array.from({ length: latentDim }, (_, i) => `z${i + 1}`);
  return shares.slice(0, DIRECTIONS).map((share, i) => `${i + 1} (${percent(share)} of the variance)`);
}

/** @param {Span} span */
export function titleOf(span) {
  const [right, up] = axisNames(span);
  return `Map of digits, spanned by ${TITLES[span.kind]}: ${right} from left to right, ${up} upwards`;
}

/** @param {Span} span */
export function wordsOf(span) {
  return WORDS[span.kind];
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}
