// A walk through latent space without end.

import { dot, norm, randomLatent } from "./geometry.js";

/** @import { LatentVector, Numbers } from "./types" */

/**
 * A smooth walk on the sphere where random draws live: in many dimensions nearly all of
 * a normal distribution lies close to radius sqrt(size). From elsewhere it drifts there.
 */
export class Walk {
  static SPEED = 0.5; // radians a second: an unrelated digit after about three seconds
  static WANDER = 0.7; // how fast the heading forgets itself, so that the circle never closes
  static HOMING = 1.5; // seconds in which the distance to the typical radius shrinks to a third

  /** @param {Numbers} z where it begins */
  constructor(z) {
    /** @type {LatentVector} */
    this.z = Float64Array.from(z);
    this.heading = randomLatent(z.length);
    if (norm(this.z) < 1e-3) this.z = randomLatent(z.length).map((value) => value * 1e-3);
  }

  /**
   * Moves on.
   * @param {number} seconds
   * @returns {LatentVector} the new z, an array that is reused
   */
  step(seconds) {
    const { z, heading } = this;
    const radius = norm(z);
    this.turn(seconds, radius);
    const typical = Math.sqrt(z.length);
    const next = radius + (typical - radius) * (1 - Math.exp(-seconds / Walk.HOMING));
    const cosine = Math.cos(Walk.SPEED * seconds);
    const sine = Math.sin(Walk.SPEED * seconds);
    for (let i = 0; i < z.length; i++) {
      const along = z[i] / radius;
      z[i] = (along * cosine + heading[i] * sine) * next;
      heading[i] = heading[i] * cosine - along * sine;
    }
    return z;
  }

  /**
   * Lets the heading wander, then makes it a unit vector at right angles to z again.
   * @param {number} seconds
   * @param {number} radius the length of z
   */
  turn(seconds, radius) {
    const { z, heading } = this;
    const wander = Walk.WANDER * Math.sqrt(seconds / z.length);
    for (let i = 0; i < z.length; i++) heading[i] += wander * Walk.normal();
    const forward = dot(heading, z) / radius ** 2;
    for (let i = 0; i < z.length; i++) heading[i] -= forward * z[i];
    const length = norm(heading) || 1;
    for (let i = 0; i < z.length; i++) heading[i] /= length;
  }

  /** A standard normal number (Box and Muller 1958). */
  static normal() {
    return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  }
}
