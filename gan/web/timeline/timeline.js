// One run as the film shows it: its sheets, its curves, and the training time of each step.

import { Sheets } from "./sheets.js";

export class Reel {
  constructor(arrived) {
    this.pictures = new Sheets(arrived);
    this.steps = [];
  }

  take({ folder, places, ...about }) {
    Object.assign(this, about);
    this.pictures.take(places.map((place) => `${folder}/${place}.png`));
  }

  /** The place of the last sheet. */
  get end() {
    return this.steps.length - 1;
  }

  /** The place of the sheet that is nearest to this step. */
  nearest(step) {
    const { steps } = this;
    return steps.reduce(
      (best, each, i) => (Math.abs(each - step) < Math.abs(steps[best] - step) ? i : best),
      0,
    );
  }

  /** The place of the first sheet that was drawn after this step, or just then. */
  after(step) {
    const place = this.steps.findIndex((each) => each >= step);
    return place < 0 ? this.end : place;
  }

  secondsAt(step) {
    return between(this.clock.steps, this.clock.seconds, step);
  }

  stepAt(seconds) {
    return Math.round(between(this.clock.seconds, this.clock.steps, seconds));
  }

  /** The last snapshot at or before this step, else the first there is. */
  snapshot(step) {
    return this.snapshots.findLast((each) => each <= step) ?? this.snapshots[0];
  }

  /** What each line stood at, at this step, as [curve, [[line, number or nothing]]]. */
  readings(step) {
    return this.curves.map(({ title, steps, lines }) => {
      const at = steps.findLastIndex((each) => each <= step);
      return [title, lines.map(({ name, values }) => [name, at < 0 ? undefined : values[at]])];
    });
  }

  close() {
    this.pictures.close();
  }
}

/** `ys` at `x`, along straight lines between the points; level before the first and after the last. */
function between(xs, ys, x) {
  const after = xs.findIndex((each) => each > x);
  if (after === 0) return ys[0];
  if (after < 0) return ys.at(-1) ?? 0;
  const share = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
  return ys[after - 1] + share * (ys[after] - ys[after - 1]);
}

/** What the curves of a run stood at, in words; in brackets, what those of `beside` that compare did. */
export function readingWords(reel, step, beside) {
  const compared = beside?.reel.readings(beside.step).filter(([title]) => beside.compares(title)) ?? [];
  const others = new Map(
    compared.flatMap(([title, lines]) => lines.map(([name, value]) => [`${title} ${name}`, value])),
  );
  const parts = reel.readings(step).map(([title, lines]) => {
    const read = lines.flatMap(([name, value]) => {
      const other = others.get(`${title} ${name}`);
      if (!Number.isFinite(value) && !Number.isFinite(other)) return [];
      const bracket = Number.isFinite(other) ? ` (${beside.name} ${steady(other)})` : "";
      return [`${name} ${Number.isFinite(value) ? steady(value) : "not yet"}${bracket}`];
    });
    return read.length ? `${title}: ${read.join(", ")}` : "";
  });
  return parts.filter(Boolean).join(" \u00b7 ");
}

const FORMS = new Map();

function write(number, digits, least) {
  const key = `${digits} ${least}`;
  if (!FORMS.has(key)) {
    const form = { maximumSignificantDigits: digits, minimumSignificantDigits: least };
    FORMS.set(key, new Intl.NumberFormat("en", form)); // slow to make, quick to use
  }
  return FORMS.get(key).format(number);
}

/** A number as people write it, of so many digits at most. */
export const short = (number, digits) => write(number, digits, 1);

/** A number of three digits, zeros with them: as long as the one that comes next. */
const steady = (number) => write(number, 3, 3);

export const stepWords = (step) => `step ${short(step, 9)}`;
export const secondsWords = (seconds) =>
  `${seconds < 100 ? short(seconds, 2) : short(Math.round(seconds), 9)} s`;
