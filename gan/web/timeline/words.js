// How the time machine says where it is, and what the curves stood at.

/** @import { Comparison } from "./comparison.js" */
/** @import { Timeline } from "./timeline.js" */

const DOT = " \u00b7 ";

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map(); // slow to make, quick to use

/**
 * @param {number} number
 * @param {number} digits significant ones, at most
 * @param {number} least of them
 */
function write(number, digits, least) {
  const key = `${digits} ${least}`;
  const format =
    formats.get(key) ??
    new Intl.NumberFormat("en", { maximumSignificantDigits: digits, minimumSignificantDigits: least });
  formats.set(key, format);
  return format.format(number);
}

/**
 * A number as people write it, of so many digits at most.
 * @param {number} number
 * @param {number} digits
 */
export const short = (number, digits) => write(number, digits, 1);

/**
 * A number of three digits, zeros with them: as long as the one that comes next.
 * @param {number} number
 */
const steady = (number) => write(number, 3, 3);

/** @param {number} step */
export const stepWords = (step) => `step ${short(step, 9)}`;

/** @param {number} seconds */
export const secondsWords = (seconds) =>
  `${seconds < 100 ? short(seconds, 2) : short(Math.round(seconds), 9)} s`;

/**
 * Where the cursor is, and what that is compared with.
 * @param {Timeline} timeline
 * @param {number} step
 * @param {boolean} byTime whether two runs are compared after the same training time
 * @param {Comparison} [beside]
 */
export function placeWords(timeline, step, byTime, beside) {
  const here = `Step ${short(step, 9)}`;
  if (!beside) return here;
  if (beside.isPinned) return `${here}, pinned ${stepWords(beside.step)}`;
  const [a, b] = [stepWords(step), stepWords(beside.step)];
  if (!byTime) return beside.isOver ? `A at ${a}, B over ${b}` : `A at ${a}, B at ${b}`;
  const time = secondsWords(timeline.secondsAt(step));
  return beside.isOver
    ? `A at ${a}, B over ${b}, after ${time} of training`
    : `A at ${a}, B at ${b}, after ${time} of training`;
}

/**
 * What the curves of a run stood at; in brackets, what those that compare with them did.
 * @param {Timeline} timeline
 * @param {number} step
 * @param {Comparison} [beside]
 */
export function readingWords(timeline, step, beside) {
  const compared = beside?.timeline.readings(beside.step).filter(([title]) => beside.compares(title)) ?? [];
  const others = new Map(
    compared.flatMap(([title, lines]) =>
      lines.map(([name, value]) => /** @type {const} */ ([`${title} ${name}`, value])),
    ),
  );
  const parts = timeline.readings(step).map(([title, lines]) => {
    const read = lines.flatMap(([name, value]) => {
      const other = others.get(`${title} ${name}`);
      if (!isNumber(value) && !isNumber(other)) return [];
      const bracket = isNumber(other) ? ` (${beside?.name} ${steady(other)})` : "";
      return [`${name} ${isNumber(value) ? steady(value) : "not yet"}${bracket}`];
    });
    return read.length ? `${title}: ${read.join(", ")}` : "";
  });
  return parts.filter(Boolean).join(DOT);
}

/**
 * Both.
 * @param {Timeline} timeline
 * @param {number} step
 * @param {boolean} byTime
 * @param {Comparison} [beside]
 */
export function allWords(timeline, step, byTime, beside) {
  return [placeWords(timeline, step, byTime, beside), readingWords(timeline, step, beside)].join(DOT);
}

/**
 * @param {number | null | undefined} value
 * @returns {value is number}
 */
const isNumber = (value) => Number.isFinite(value);
