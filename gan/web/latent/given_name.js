// The names that the app gives to digits: kept as codes, put into words where they are read.

/** @import { GivenName } from "./types" */

/** @param {GivenName} given */
export function givenWords({ reading, number }) {
  if (reading === null) return number === 1 ? "digit" : `digit, ${number}`;
  return number === 1 ? `a ${reading}` : `a ${reading}, ${number}`;
}

/** The code, if it is one. @param {any} given anything that a file may hold @returns {GivenName | null} */
export function readGiven(given) {
  const { reading, number } = given ?? {};
  const isReading = reading === null || (Number.isInteger(reading) && reading >= 0 && reading <= 9);
  const isNumber = Number.isInteger(number) && number >= 1 && number <= 1000;
  return isReading && isNumber ? { reading, number } : null;
}
