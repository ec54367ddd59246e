// From what is measured to places on a chart, and no more points than it can show. It knows no page.

/** @typedef {{ low: number, high: number }} Domain  What is measured, from its lowest to its highest value. */
/** @typedef {(value: number) => number} Scale  From a value to a place, both as numbers. */
/** @typedef {[x: number, y: number]} Point */

/**
 * The lowest and the highest of those values that are finite; undefined if none is.
 * @param {Iterable<number>} values
 * @returns {Domain | undefined}
 */
export function domainOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : undefined;
}

/**
 * Where the values of a domain lie: the lowest at `from`, the highest at `to`, evenly in between. Where all are the
 * same, they lie at `from`.
 * @param {Domain} domain
 * @param {number} from
 * @param {number} to
 * @returns {Scale}
 */
export function linear({ low, high }, from, to) {
  const length = high - low || 1;
  return (value) => from + ((value - low) / length) * (to - from);
}

/**
 * The same, where equal ratios are equally far apart. What is not above 0 lies at `from` or beyond it.
 * @param {Domain} domain
 * @param {number} from
 * @param {number} to
 * @returns {Scale}
 */
export function logarithmic({ low, high }, from, to) {
  const along = linear({ low: exponent(low), high: exponent(high) }, from, to);
  return (value) => along(exponent(value));
}

/** @param {number} value */
const exponent = (value) => Math.log10(Math.max(value, Number.MIN_VALUE));

/**
 * A line's points, thinned to what a screen can show: of those in one column of pixels, the first, the lowest, the
 * highest and the last, in their order. What is drawn through them covers the same pixels.
 * @param {Point[]} points in pixels, from left to right
 * @returns {Point[]}
 */
export function thinned(points) {
  /** @type {Point[]} */
  const kept = [];
  let start = 0;
  for (let end = 1; end <= points.length; end++) {
    if (end < points.length && Math.floor(points[end][0]) === Math.floor(points[start][0])) continue;
    kept.push(...extremes(points.slice(start, end)));
    start = end;
  }
  return kept;
}

/** @param {Point[]} column */
function extremes(column) {
  if (column.length <= 4) return column;
  const last = column.length - 1;
  let [lowest, highest] = [0, 0];
  column.forEach(([, y], i) => {
    if (y < column[lowest][1]) lowest = i;
    if (y > column[highest][1]) highest = i;
  });
  const places = [...new Set([0, lowest, highest, last])].sort((a, b) => a - b);
  return places.map((i) => column[i]);
}
