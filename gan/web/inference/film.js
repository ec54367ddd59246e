// The way of a diffusion model from noise to a digit, as a film.

import { inked, PIXELS } from "../pictures/pictures.js";
import { take } from "./cache.js";
import { Course } from "./denoising.js";
import { scaled } from "./drawn.js";

/** @import { Task } from "./protocol" */

const TELL_EVERY = 60; // ms

/** @type {Task<"film">} */
export async function film({ network, z, label, scale = 1, classifier, ...how }, turn) {
  const { denoising } = await take("generator", network);
  const reader = await take("classifier", classifier);
  if (denoising === null) throw new Error("this network draws in one go");
  const course = new Course(denoising, scaled(z, scale), label, how);
  const count = course.moves.length + 1;
  const [pictures, digits] = [new Uint8Array(count * PIXELS), new Uint8Array(count * PIXELS)];
  let [ms, told] = [0, performance.now()];
  while (!course.isDone) {
    const at = course.step * PIXELS;
    pictures.set(inkedWithin(course.picture), at);
    const began = performance.now();
    course.go();
    ms += performance.now() - began; // but for others' turns
    digits.set(inked(course.digit), at);
    if (performance.now() - told > TELL_EVERY) {
      turn.tell({ made: course.step });
      told = performance.now();
    }
    await turn.rest();
  }
  for (const pages of [pictures, digits]) pages.set(inkedWithin(course.picture), (count - 1) * PIXELS);
  const pixels = course.picture;
  const reading = reader.read(pixels);
  turn.handOver(pictures.buffer, digits.buffer, pixels.buffer);
  return { pictures, digits, pixels, ms, reading };
}

/** With ink = 255; what is beyond paper and ink, as noise is, counts as these. @param {Float32Array} picture */
function inkedWithin(picture) {
  return inked(picture.map((value) => Math.min(1, Math.max(-1, value))));
}
