// What the live components share: their messages, their styles, their failures.

const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = new URL("live.css", import.meta.url);
document.head.append(sheet);

/** Split a message from live.py into its line of JSON and the bytes after it. */
export function unpack(data) {
  const end = data.indexOf(10);
  return [JSON.parse(new TextDecoder().decode(data.subarray(0, end))), data.subarray(end + 1)];
}

/** Whether two messages are the same, byte for byte. */
export function same(a, b) {
  return a?.length === b?.length && a.every((byte, i) => byte === b[i]);
}

/** Inflate zlib bytes and parse them as JSON. */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

/** What a drawing takes from Streamlit's theme of the moment. */
export function themeOf(element) {
  const style = getComputedStyle(element);
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

/**
 * A component's default export: one `Drawing` for each place on the page,
 * made when the place first appears and shown every message after that.
 */
export function component(Drawing) {
  const drawings = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    let drawing = drawings.get(parentElement);
    if (!drawing) {
      parentElement.replaceChildren();
      drawing = new Drawing(parentElement);
      drawings.set(parentElement, drawing);
    }
    drawing.show(data, setTriggerValue).catch((error) => {
      console.error(error);
      complain(parentElement, error.message);
    });
    // Streamlit also runs this when a newer message overtook this one while it
    // was being loaded; the drawing is still wanted then.
    return () => {
      if (parentElement.isConnected) return;
      drawing.close();
      drawings.delete(parentElement);
    };
  };
}

/** Say in the drawing's place why there is none. */
function complain(place, reason) {
  const note = place.querySelector(".live-note") ?? document.createElement("p");
  note.setAttribute("role", "alert");
  note.className = "live-note";
  note.textContent = reason;
  place.prepend(note);
}

/** Take back what `complain` said. */
export function settle(place) {
  place.querySelector(".live-note")?.remove();
}
