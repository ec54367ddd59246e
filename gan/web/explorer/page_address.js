// The page's own address: what is behind its question mark, and the browser's history of it.

/** The part of the page's address behind the question mark, as a map. */
export function read() {
  return new Map(new URLSearchParams(location.search));
}

const SAME_GESTURE = 1500; // ms: changes in quick succession are one step of the browser's history
let last = { name: "", time: -Infinity };

/**
 * Puts values into the address, as a step that Back takes back; but what follows closely under the same name, or
 * `staysHere`, is the step that it was.
 * @param {ReadonlyMap<string, string | number | null>} values null leaves a name out
 * @param {string} name of the gesture that led here
 */
export function write(values, name, staysHere = false) {
  const query = [...values]
    .flatMap(([key, value]) => (value === null ? [] : [`${spelled(key)}=${spelled(String(value))}`]))
    .join("&");
  const address = `${location.pathname}?${query}`;
  if (address === location.pathname + location.search) return;
  const now = performance.now();
  const isNew = !staysHere && (name !== last.name || now - last.time > SAME_GESTURE);
  last = { name, time: now };
  history[isNew ? "pushState" : "replaceState"](history.state, "", address);
}

/** @param {string} text */
function spelled(text) {
  return encodeURIComponent(text).replaceAll("%2C", ",");
}
