import assert from "node:assert/strict";
import { test } from "node:test";
import { pushed } from "../../kit/pushed.js";

/** @import { Place } from "../../kit/streamlit.d.ts" */

/** @param {string} text */
const bytesOf = (text) => new Uint8Array(new TextEncoder().encode(text));
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A drawing that notes what it is told, and reads what it is sent when the test says so. */
function noted() {
  /** @type {string[]} */
  const notes = [];
  /** @type {((found: string) => void)[]} */
  const reading = [];
  class Drawing {
    /** @param {{ name: string }} about */
    prepare({ name }) {
      notes.push(`prepared for ${name}`);
    }

    /** @returns {Promise<string>} */
    read() {
      return new Promise((resolve) => reading.push(resolve));
    }

    /**
     * @param {string} found
     * @param {{ name: string }} about
     */
    draw(found, { name }) {
      notes.push(`drew ${found} for ${name}`);
    }

    again() {
      notes.push("looked at the theme again");
    }

    close() {
      notes.push("closed");
    }
  }
  const call = pushed(Drawing);
  const root = { querySelector: () => null };
  const place = { isConnected: true, append() {}, ownerDocument: { createElement: () => root } };
  /** @param {string} message */
  const send = (message) =>
    call({
      data: bytesOf(message),
      parentElement: /** @type {Place} */ (/** @type {unknown} */ (place)),
      setTriggerValue() {},
    });
  return { notes, reading, place, send };
}

test("a message is prepared for at once, and drawn when it has been read", async () => {
  const { notes, reading, send } = noted();
  send('{"name": "one"}\nbody');
  assert.deepEqual(notes, ["prepared for one"]);
  reading[0]("a");
  await settled();
  assert.deepEqual(notes, ["prepared for one", "drew a for one"]);
});

test("what a newer message overtook while it was read is not drawn", async () => {
  const { notes, reading, send } = noted();
  send('{"name": "one"}\nbody');
  send('{"name": "two"}\nbody');
  reading[1]("b");
  await settled();
  reading[0]("a");
  await settled();
  assert.deepEqual(notes.slice(2), ["drew b for two"]);
});

test("the same message again only has the drawing look at its theme", async () => {
  const { notes, reading, send } = noted();
  send('{"name": "one"}\nbody');
  send('{"name": "one"}\nbody');
  assert.equal(reading.length, 1);
  assert.deepEqual(notes, ["prepared for one", "looked at the theme again"]);
});

test("nothing is drawn once the place has left the page", async () => {
  const { notes, reading, place, send } = noted();
  const cleanup = send('{"name": "one"}\nbody');
  place.isConnected = false;
  cleanup();
  reading[0]("a");
  await settled();
  assert.deepEqual(notes, ["prepared for one", "closed"]);
});
