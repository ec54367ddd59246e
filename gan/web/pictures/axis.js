// The axis of a curve: where it begins and ends, and the round numbers on it.

const MOST_TICKS = 4;

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {number} step between two ticks
 * @property {number[]} ticks from low to high
 */

/**
 * Around some values, of which those that are not finite do not count.
 * @param {number[]} values
 * @param {{ from?: number, to?: number, least?: number }} range what it holds at least: from, to, and `least`
 *   from end to end
 * @returns {Axis}
 */
export function axis(values, { from = Infinity, to = -Infinity, least = 1e-6 } = {}) {
  const finite = values.filter(Number.isFinite);
  const lowest = Math.min(from, ...finite);
  const highest = Math.max(to, lowest + least, ...finite);
  const step = roundStep(highest - lowest);
  const [low, high] = [Math.floor(lowest / step + 1e-9) * step, Math.ceil(highest / step - 1e-9) * step];
  const count = Math.round((high - low) / step);
  return { low, high, step, ticks: Array.from({ length: count + 1 }, (_, i) => low + i * step) };
}

/** 1, 2, 5 or 10 times a power of ten, so that a range takes a few of them. @param {number} range */
function roundStep(range) {
  const power = 10 ** Math.floor(Math.log10(range / MOST_TICKS));
  return power * ([1, 2, 5].find((factor) => range / (power * factor) <= MOST_TICKS) ?? 10);
}

/**
 * The smallest and the largest of what is finite among values; Infinity and -Infinity if nothing is.
 * @param {Iterable<number>} values
 * @returns {[low: number, high: number]}
 */
export function extent(values) {
  const finite = Array.from(values).filter(Number.isFinite);
  return [Math.min(...finite), Math.max(...finite)];
}
