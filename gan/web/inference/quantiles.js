// Quantiles of samples.

/**
 * The value below which a share of the values lies, between two of them by a straight line: definition 7 of Hyndman
 * and Fan 1996, which NumPy and R use as well.
 * @param {ArrayLike<number>} sorted rising, one at least
 * @param {number} share 0 to 1
 */
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/**
 * @param {ArrayLike<number>} sorted rising, one at least
 * @returns {[low: number, middle: number, high: number]}
 */
export function quartiles(sorted) {
  return [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
}
