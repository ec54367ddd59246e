// What drawings take from Streamlit's theme.

/**
 * @typedef {object} Theme  Colours as CSS says them, and a font's family.
 * @property {string} ink of text
 * @property {string} rule of lines
 * @property {string} quiet of text that steps back
 * @property {string} panel
 * @property {string} ground of the page
 * @property {string} family
 */

/** @type {Set<() => void>} */
const hearers = new Set();

/**
 * Be told when the theme may have changed: what is drawn on a canvas does not follow it by itself. Returns how to stop.
 * @param {() => void} hear
 */
export function onTheme(hear) {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/** The theme may have changed: Streamlit calls all components of the page again then. */
export function tellTheme() {
  for (const hear of hearers) hear();
}

/**
 * A colour as it is at an element, with everything in it that depends on styles, as a canvas takes it.
 * @param {HTMLElement} place
 * @param {string} colour as CSS says it, `var(--accent)` say
 */
export function colourAt(place, colour) {
  const own = place.style.color;
  place.style.color = colour;
  const found = getComputedStyle(place).color;
  place.style.color = own;
  return found;
}

/**
 * Streamlit's theme of the moment, as it is at an element.
 * @param {Element} place
 * @returns {Theme}
 */
export function themeOf(place) {
  const style = getComputedStyle(place);
  /** @param {string} name */
  const get = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    ink: get("text-color"),
    rule: get("border-color"),
    quiet: get("gray-color"),
    panel: get("secondary-background-color"),
    ground: get("background-color"),
    family: get("font"),
  };
}
