// Notes about the page itself: why there is no drawing, say.

import { element, say } from "./dom.js";

/**
 * Have the page use a style sheet, for components whose styles are not isolated.
 * @param {URL} address
 */
export function useStyles({ href }) {
  const sheets = [...document.head.querySelectorAll("link[rel=stylesheet]")];
  if (sheets.some((sheet) => sheet.getAttribute("href") === href)) return;
  document.head.append(element("link", "", { rel: "stylesheet", href }));
}

/**
 * An empty note.
 * @param {"alert" | "status"} role how urgently a screen reader says it
 */
export function noteOf(role) {
  useStyles(new URL("./notes.css", import.meta.url));
  return element("p", "live-note", { role });
}

/**
 * Say in a drawing's place why there is none.
 * @param {HTMLElement} place
 * @param {unknown} error
 */
export function complain(place, error) {
  console.error(error);
  const note = complaintIn(place) ?? noteOf("alert");
  say(note, error instanceof Error ? error.message : String(error));
  place.prepend(note);
}

/**
 * Take back what `complain` said.
 * @param {HTMLElement} place
 */
export function settle(place) {
  complaintIn(place)?.remove();
}

/** @param {HTMLElement} place */
function complaintIn(place) {
  return place.querySelector(":scope > .live-note[role=alert]");
}
