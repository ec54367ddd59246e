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
