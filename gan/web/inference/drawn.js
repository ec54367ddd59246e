// A picture of any network, in turns: one that takes many steps lets others have theirs in between.

import { Course } from "./denoising.js";

/** @import { LatentVector } from "../latent/types" */
/** @import { Generator } from "./networks.js" */
/** @import { How, Turn } from "./protocol" */

/**
 * @param {Generator} generator
 * @param {LatentVector} z
 * @param {number} label
 * @param {How} how
 * @param {Pick<Turn<unknown>, "rest">} turn
 * @returns {Promise<Float32Array<ArrayBuffer>>} a new array: whoever waits for it may wait while others draw
 */
export async function drawn(generator, z, label, how, turn) {
  if (generator.denoising === null) return Float32Array.from(generator.generate(z, label));
  const course = new Course(generator.denoising, z, label, how);
  while (!course.isDone) {
    course.go();
    await turn.rest();
  }
  return course.picture;
}

/** @param {LatentVector} z @param {number} scale @returns {LatentVector} */
export function scaled(z, scale) {
  return scale === 1 ? z : z.map((value) => scale * value);
}
