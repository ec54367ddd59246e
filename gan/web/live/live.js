// What the live components share: their messages, their styles, their failures.

import { listen } from "../kit/stream.js";

const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = new URL("./live.css", import.meta.url);
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

/** Text of bytes. */
export const text = (bytes) => new TextDecoder().decode(bytes);

/**
 * One drawing in its place on the page. It is shown what the page's message holds or, where the
 * message names a topic, what the server pushes of one of its parts.
 */
class Mounted {
  constructor(place, Drawing) {
    this.place = place;
    this.drawing = new Drawing(place);
  }

  take(data, trigger) {
    this.trigger = trigger;
    if (same(data, this.data)) return this.drawing.again?.(); // but the theme may have changed
    this.data = data;
    const [about, body] = unpack(data);
    this.about = about;
    if (!about.topic) return this.show(body);
    const source = `${about.topic} ${about.part}`;
    if (source === this.source) {
      if (this.body) this.show(this.body);
      return;
    }
    this.stop?.();
    this.source = source;
    this.stop = listen(about.topic, about.part, (bytes) => this.show(bytes));
  }

  show(body) {
    this.body = body;
    Promise.resolve(this.drawing.show(this.about, body, this.trigger)).catch((error) => {
      console.error(error);
      complain(this.place, error.message);
    });
  }

  close() {
    this.stop?.();
    this.drawing.close?.();
  }
}

/**
 * A component's default export: one `Drawing` for each place on the page, made when the place first
 * appears. It has `show(about, body, trigger)` and may have `again()` and `close()`.
 */
export function component(Drawing) {
  const places = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    let mounted = places.get(parentElement);
    if (!mounted) {
      parentElement.replaceChildren();
      mounted = new Mounted(parentElement, Drawing);
      places.set(parentElement, mounted);
    }
    mounted.take(data, setTriggerValue);
    // Streamlit also runs this when a newer message overtook this one while it
    // was being loaded; the drawing is still wanted then.
    return () => {
      if (parentElement.isConnected) return;
      mounted.close();
      places.delete(parentElement);
    };
  };
}

/** Say in the drawing's place why there is none. */
export function complain(place, reason) {
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
