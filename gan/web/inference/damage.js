// What makes a network's file unusable.

/** A file that is no network, or not a whole one: its message says what is wrong with it. */
export class DamagedFile extends Error {}

/**
 * @param {unknown} condition
 * @param {string} problem of the file, if the condition does not hold
 * @returns {asserts condition}
 */
export function demand(condition, problem) {
  if (!condition) throw new DamagedFile(problem);
}

/**
 * Whether a value is how many there are of something.
 * @param {unknown} value
 * @returns {value is number}
 */
export function isCount(value) {
  return Number.isInteger(value) && Number(value) > 0;
}

/**
 * The values, if each is how many there are of something.
 * @param {unknown[]} values
 * @returns {number[]}
 */
export function counts(...values) {
  demand(values.every(isCount), "a layer has no proper size");
  return /** @type {number[]} */ (values);
}

/**
 * Height, width and channels, if that is what it is.
 * @param {unknown} value
 * @returns {number[]} three of them
 */
export function sides(value) {
  demand(Array.isArray(value) && value.length === 3, "a layer has no proper size");
  return counts(...value);
}
