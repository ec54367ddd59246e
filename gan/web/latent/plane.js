// A plane through latent space: where its points are in z, and which of them z can reach.

import { dot, hundredths, LIMIT, norm } from "./geometry.js";

/** @import { LatentVector, Numbers, Place, PlaneKind, PlanePoint } from "./types" */

export const FARTHEST = 40; // of a plane's coordinates, from its middle
const SLACK = 0.005; // what rounding to hundredths takes back
const FLATTEST = 1e-4; // the least squared sine between the two directions

/** Two directions that span no plane. */
export class Degenerate extends Error {}

/**
 * How a map shows a plane.
 * @typedef {object} Layout
 * @property {PlanePoint} [middle] of the whole map
 * @property {PlanePoint} [home] where the cursor goes to begin with
 * @property {number} [step] between the cells of the whole map
 * @property {number} [closeness] how far from the plane each number of a z may be that counts as in it, because z is
 *   held in hundredths
 */

/**
 * The point of a plane nearest to a z, how far that is away, and whether it counts as in the plane.
 * @typedef {{ x: number, y: number, distance: number, isIn: boolean }} Located
 */

/** The points base + x u + y v. */
export class Plane {
  /**
   * Throws Degenerate.
   * @param {LatentVector} base
   * @param {LatentVector} u
   * @param {LatentVector} v
   * @param {Layout} layout
   */
  constructor(base, u, v, { middle = [0, 0], home = middle, step = 0.4, closeness = 0.011 } = {}) {
    this.base = base;
    this.u = u;
    this.v = v;
    this.middle = middle;
    this.home = home;
    this.step = step;
    this.closeness = closeness;
    this.gram = [dot(u, u), dot(u, v), dot(v, v)];
    this.determinant = this.gram[0] * this.gram[2] - this.gram[1] ** 2;
    if (!(this.determinant > FLATTEST * this.gram[0] * this.gram[2])) throw new Degenerate();
    this.reach = reachable(base, u, v);
    this.id = [...base, ...u, ...v].join();
  }

  /**
   * Numbers `a` and `b` of z (from 0) are x and y; all others are z's.
   * @param {LatentVector} z
   * @param {number} a
   * @param {number} b
   */
  static ofNumbers(z, a, b) {
    const base = Float64Array.from(z);
    base[a] = base[b] = 0;
    return new Plane(base, unit(z.length, a), unit(z.length, b), { closeness: 1e-9 });
  }

  /**
   * Through z, along u and v; its middle is the point next to the origin of latent space in these directions.
   * @param {LatentVector} z
   * @param {LatentVector} u
   * @param {LatentVector} v
   */
  static ofDirections(z, u, v) {
    const through = new Plane(new Float64Array(z.length), u, v);
    const { x, y } = through.locate(z);
    const base = Float64Array.from(z, (value, i) => value - x * u[i] - y * v[i]);
    return new Plane(base, u, v);
  }

  /**
   * Through three points, at (0, 0), (1, 0) and (0, 1), which are centres of cells.
   * @param {LatentVector} a
   * @param {LatentVector} b
   * @param {LatentVector} c
   */
  static ofPoints(a, b, c) {
    /** @param {LatentVector} z */
    const from = (z) => Float64Array.from(z, (value, i) => value - a[i]);
    return new Plane(Float64Array.from(a), from(b), from(c), {
      middle: [0.5, 0.5],
      home: [0.33, 0.33],
      step: 0.125,
    });
  }

  /**
   * z at (x, y), in hundredths as all that is drawn, but not kept within the sliders' range.
   * @param {number} x
   * @param {number} y
   * @returns {LatentVector}
   */
  at(x, y) {
    return this.base.map((value, i) => hundredths(value + x * this.u[i] + y * this.v[i]));
  }

  /** The point of the plane nearest to z (least squares). @param {Numbers} z @returns {Located} */
  locate(z) {
    const { base, u, v, gram } = this;
    const from = Float64Array.from(z, (value, i) => value - base[i]);
    const [alongU, alongV] = [dot(from, u), dot(from, v)];
    const x = (gram[2] * alongU - gram[1] * alongV) / this.determinant;
    const y = (gram[0] * alongV - gram[1] * alongU) / this.determinant;
    const apart = from.map((value, i) => value - x * u[i] - y * v[i]);
    return { x, y, distance: norm(apart), isIn: apart.every((value) => Math.abs(value) <= this.closeness) };
  }

  /**
   * The cursor's place for a z: in hundredths, and such that it leads to this very z again if one does.
   * @param {LatentVector} z
   * @returns {Located}
   */
  placeOf(z) {
    const found = this.locate(z);
    const exact = around(found.x, found.y).find(([x, y]) =>
      this.at(x, y).every((value, i) => value === z[i]),
    );
    const [x, y] = exact ?? [hundredths(found.x), hundredths(found.y)];
    return { ...found, x, y };
  }

  /** Whether no number of z is beyond the sliders' range there. @param {number} x @param {number} y */
  reaches(x, y) {
    return this.base.every(
      (value, i) => Math.abs(value + x * this.u[i] + y * this.v[i]) <= LIMIT + SLACK + 1e-9,
    );
  }

  /**
   * The place in hundredths nearest to (x, y) that can be reached.
   * @param {number} x
   * @param {number} y
   * @returns {PlanePoint}
   */
  nearest(x, y) {
    const [nearX, nearY] = this.reaches(x, y) ? [x, y] : onto(this.reach, x, y);
    const within = around(nearX, nearY).find((place) => this.reaches(...place));
    return within ?? [hundredths(nearX), hundredths(nearY)];
  }
}

/**
 * The plane that is spanned as people chose it. Throws Degenerate.
 * @param {{ kind: PlaneKind, pick?: number[] | null, vectors?: LatentVector[], points?: { z: LatentVector }[] | null }} span
 *   vectors: all directions of the kind
 * @param {LatentVector} z a point of it, unless three points span it
 */
export function planeOf({ kind, pick, vectors, points }, z) {
  if (kind === "p") {
    const [a, b, c] = points ?? [];
    return Plane.ofPoints(a.z, b.z, c.z);
  }
  const [first, second] = pick ?? [0, 1];
  if (kind === "n") return Plane.ofNumbers(z, first, second);
  const all = vectors ?? [];
  return Plane.ofDirections(z, all[first], all[second]);
}

/**
 * The z that a map whose digits are scaled draws a bookmark's digit at; null if there is none within reach.
 * @param {Pick<Place, "z" | "scale">} mark
 * @param {number} scale of the map
 */
export function drawnAt({ z, scale: kept }, scale) {
  if (scale === 0) return null; // all of the map is one digit
  const found = z.map((value) => (kept / scale) * value);
  return found.some((value) => Math.abs(value) > LIMIT + 1e-9) ? null : found;
}

/** @param {number} size @param {number} place */
function unit(size, place) {
  const vector = new Float64Array(size);
  vector[place] = 1;
  return vector;
}

/**
 * The nine places in hundredths about (x, y), the nearest first.
 * @param {number} x
 * @param {number} y
 * @returns {PlanePoint[]}
 */
function around(x, y) {
  const places = [-0.01, 0, 0.01].flatMap((dx) =>
    [-0.01, 0, 0.01].map((dy) => /** @type {PlanePoint} */ ([hundredths(x + dx), hundredths(y + dy)])),
  );
  return places.sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y));
}

/**
 * The corners of where every number of z stays within the sliders' range: a convex polygon, cut out of a large
 * square by a line for each end of each number (Sutherland and Hodgman 1974).
 * @param {Numbers} base
 * @param {Numbers} u
 * @param {Numbers} v
 * @returns {PlanePoint[]}
 */
function reachable(base, u, v) {
  /** @type {PlanePoint[]} */
  let corners = [
    [-FARTHEST, -FARTHEST],
    [FARTHEST, -FARTHEST],
    [FARTHEST, FARTHEST],
    [-FARTHEST, FARTHEST],
  ];
  for (let i = 0; i < base.length; i++) {
    if (Math.hypot(u[i], v[i]) < 1e-9) continue;
    for (const sign of [-1, 1]) {
      corners = cut(corners, ([x, y]) => LIMIT + SLACK - sign * (base[i] + x * u[i] + y * v[i]));
    }
  }
  return corners;
}

/**
 * What is left of a polygon where `room` is not negative.
 * @param {PlanePoint[]} corners
 * @param {(corner: PlanePoint) => number} room
 * @returns {PlanePoint[]}
 */
function cut(corners, room) {
  return corners.flatMap((to, i) => {
    const from = corners[(i || corners.length) - 1];
    const [before, after] = [room(from), room(to)];
    const share = before / (before - after);
    /** @type {PlanePoint} */
    const crossing = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    if (after < 0) return before < 0 ? [] : [crossing];
    return before < 0 ? [crossing, to] : [to];
  });
}

/**
 * The point of a polygon's edge nearest to (x, y).
 * @param {PlanePoint[]} corners
 * @param {number} x
 * @param {number} y
 * @returns {PlanePoint}
 */
function onto(corners, x, y) {
  /** @type {PlanePoint} */
  let best = [x, y];
  let least = Infinity;
  for (const [i, [toX, toY]] of corners.entries()) {
    const [fromX, fromY] = corners[(i || corners.length) - 1];
    const [dx, dy] = [toX - fromX, toY - fromY];
    const share = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
    const [nearX, nearY] = [fromX + share * dx, fromY + share * dy];
    const distance = Math.hypot(nearX - x, nearY - y);
    if (distance < least) [best, least] = [[nearX, nearY], distance];
  }
  return best;
}
