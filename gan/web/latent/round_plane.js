// The map of a diffusion model: three noises, and on a sphere what is between them. On the plane through them it would
// be weaker than the noise that the network learned with.

import { dot, norm, toSlider } from "./geometry.js";
import { FARTHEST, Plane } from "./plane.js";

/** @import { Located } from "./plane.js" */
/** @import { LatentVector, Numbers, PlanePoint } from "./types" */

const NEAR = 0.1; // of its length: so near, a z counts as on the sphere, as its numbers are rounded and clipped

/**
 * The points of the plane through three, each moved away from the origin until it is as long as its neighbours are:
 * a at (0, 0), b at (1, 0), c at (0, 1).
 */
export class RoundPlane extends Plane {
  /**
   * Throws Degenerate.
   * @param {LatentVector} a
   * @param {LatentVector} b
   * @param {LatentVector} c
   */
  constructor(a, b, c) {
    /** @param {LatentVector} z */
    const from = (z) => Float64Array.from(z, (value, i) => value - a[i]);
    super(a, from(b), from(c), { middle: [0.5, 0.5], home: [0.33, 0.33], step: 0.125 });
    this.corners = [a, b, c];
    this.lengths = this.corners.map(norm);
    this.reach = /** @type {PlanePoint[]} */ ([
      [-FARTHEST, -FARTHEST],
      [FARTHEST, -FARTHEST],
      [FARTHEST, FARTHEST],
      [-FARTHEST, FARTHEST],
    ]);
    this.id = `round ${this.id}`;
  }

  /** @override @param {number} x @param {number} y @returns {LatentVector} */
  at(x, y) {
    const { base, u, v } = this;
    const flat = base.map((value, i) => value + x * u[i] + y * v[i]);
    const scale = this.lengthAt(x, y) / (norm(flat) || 1);
    return flat.map((value) => toSlider(scale * value));
  }

  /** Everywhere: numbers of noise that are beyond the sliders' range are clipped. @override */
  reaches() {
    return true;
  }

  /** How long z is there: between the lengths of the corners. @param {number} x @param {number} y */
  lengthAt(x, y) {
    const [a, b, c] = this.lengths;
    const length = (1 - x - y) * a + x * b + y * c;
    return Math.min(Math.max(a, b, c), Math.max(Math.min(a, b, c), length));
  }

  /** @override @param {Numbers} z @returns {Located} */
  locate(z) {
    const parts = partsOf(z, this.corners);
    const all = parts[0] + parts[1] + parts[2];
    if (!(all > 0)) return { x: FARTHEST, y: FARTHEST, distance: norm(z), isIn: false }; // on the sphere's other side
    const [x, y] = [parts[1] / all, parts[2] / all];
    const there = this.at(x, y);
    const distance = norm(Float64Array.from(z, (value, i) => value - there[i]));
    return { x, y, distance, isIn: distance <= NEAR * norm(z) };
  }
}

/**
 * How much of each of three vectors there is in z (least squares, by Cramer's rule).
 * @param {Numbers} z
 * @param {LatentVector[]} vectors
 */
function partsOf(z, vectors) {
  const gram = vectors.map((one) => vectors.map((other) => dot(one, other)));
  const along = vectors.map((one) => dot(one, z));
  const whole = determinant(gram);
  return vectors.map(
    (_, k) => determinant(gram.map((row, i) => row.map((value, j) => (j === k ? along[i] : value)))) / whole,
  );
}

/** @param {number[][]} rows three of three */
function determinant([[a, b, c], [d, e, f], [g, h, i]]) {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
