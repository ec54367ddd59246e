// What the numbers of a path say, in sentences.

import { KIND_WORDS, KINDS } from "../../latent/journey.js";

/** How D's opinion reads. logit: a number, or several. */
export function scoreOf(logit, isProbability) {
  return isProbability ? 100 / (1 + Math.exp(-logit)) : logit;
}

export function scoreFormat(isProbability) {
  if (!isProbability) return (value, step = 0.1) => value.toFixed(step >= 1 ? 0 : step >= 0.1 ? 1 : 2);
  return (value) => `${value > 0 && value < 1 ? value.toFixed(1) : value.toFixed(0)}%`;
}

/** What the straight line passes through, from the frames alone. scores: by kind, or null. */
export function summary({ journey, norms, scores, usual, changes, typical, format }) {
  const lengths = norms.straight;
  const at = lengths.reduce((lowest, value, i) => (value < lengths[lowest] ? i : lowest), 0);
  const place = journey.words(journey.positionOf(at));
  const here =
    `${capital(place)}, the straight line's z is at its shortest, ${lengths[at].toFixed(1)} long, ` +
    `where the great circle's is ${norms.great[at].toFixed(1)} and random draws have about ${typical.toFixed(1)}.`;
  const sentences = [here];
  if (scores && KINDS.every((kind) => Number.isFinite(scores[kind][at]))) {
    const [circle, line] = KINDS.map((kind) => format(scores[kind][at]));
    sentences.push(
      `There D gives the straight line's picture ${line} and the great circle's ${circle}; ` +
        `half of ${usual.count} random draws get more than ${format(usual.middle)}.`,
    );
  }
  if (changes) {
    const [circle, line] = KINDS.map((kind) => changes[kind].at(-1));
    sentences.push(
      `From end to end, the pictures' changes add up to ${circle.toFixed(0)} on the ${KIND_WORDS.great} ` +
        `and ${line.toFixed(0)} on the ${KIND_WORDS.straight}.`,
    );
  }
  for (const [from, to] of journey.withoutCircle()) {
    sentences.push(`From ${from} to ${to} no single great circle is defined, so both go the straight line.`);
  }
  return sentences.join(" ");
}

/** Whether the large digit, whose numbers stay within `limit`, is not quite on the path somewhere. */
export function leaves(zs, limit) {
  return zs.some((z) => z.some((value) => Math.abs(value) > limit));
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
