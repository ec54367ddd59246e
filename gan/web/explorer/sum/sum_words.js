// What is said of the digits that groups are filled with, in whole sentences.

import { TRAITS } from "../../inference/traits.js";

/** @import { Wanted } from "./group.js" */

/**
 * Of how many digits the classifier was sure.
 * @param {number} draws
 * @param {{ digit: number, count: number }[]} found of one digit or of two
 */
export function foundWords(draws, [first, second]) {
  const all = draws.toLocaleString("en");
  if (!second)
    return `In ${all} draws the classifier was sure (90% or more) of ${first.count} ${first.digit}s.`;
  return `In ${all} draws the classifier was sure (90% or more) of ${first.count} ${first.digit}s and ${second.count} ${second.digit}s.`;
}

/** Why the example has other digits. @param {number[]} wanted two digits */
export function insteadWords([first, second]) {
  return `This network draws too few ${first}s or ${second}s: these are what it draws most.`;
}

/** Why there is no example. @param {number} draws @param {number} digit that came most */
export function tooFewWords(draws, digit) {
  return (
    `In ${draws.toLocaleString("en")} draws the classifier was sure of hardly anything but ${digit}s: too few ` +
    "other digits for a sum. The groups are as they were."
  );
}

/**
 * What a group holds now.
 * @param {string} letter of the group
 * @param {Wanted} wanted
 * @param {number} kept how many there were of it
 */
export function keptWords(letter, { digit, trait, count }, kept) {
  if (kept === 0) return `${letter}: none, so it stays as it was.`;
  if (kept < count) return `${letter}: only ${kept} instead of ${count}.`;
  const most = TRAITS.get(trait)?.most;
  return most ? `${letter}: the ${count} ${most} ${digit}s.` : `${letter}: the first ${count} ${digit}s.`;
}
