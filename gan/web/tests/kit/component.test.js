import assert from "node:assert/strict";
import { test } from "node:test";
import { component, Newest } from "../../kit/component.js";
import { onTheme } from "../../kit/theme.js";

/** @import { Place } from "../../kit/streamlit.d.ts" */

/** As much of an element as a component needs. */
class FakePlace {
  isConnected = true;
  /** @type {unknown[]} */
  children = [];
  ownerDocument = { createElement: (/** @type {string} */ tag) => ({ tag }) };

  /** @param {unknown} child */
  append(child) {
    this.children.push(child);
  }
}

/** A component that notes what happens to it, and the messages that Streamlit would send. */
function noted() {
  /** @type {string[]} */
  const notes = [];
  let count = 0;
  class Drawing {
    constructor() {
      this.name = `drawing ${++count}`;
      notes.push(`${this.name} made`);
    }

    /** @param {string} data */
    update(data) {
      notes.push(`${this.name} told ${data}`);
    }

    close() {
      notes.push(`${this.name} closed`);
    }
  }
  const call = component(Drawing);
  /**
   * @param {FakePlace} place
   * @param {string} data
   */
  const send = (place, data) =>
    call({
      data,
      parentElement: /** @type {Place} */ (/** @type {unknown} */ (place)),
      setTriggerValue() {},
    });
  return { notes, send };
}

test("a place has one drawing, which is told of every message", () => {
  const { notes, send } = noted();
  const place = new FakePlace();
  send(place, "a");
  send(place, "b");
  assert.deepEqual(notes, ["drawing 1 made", "drawing 1 told a", "drawing 1 told b"]);
  assert.equal(place.children.length, 1);
});

test("two places have a drawing each", () => {
  const { notes, send } = noted();
  send(new FakePlace(), "a");
  send(new FakePlace(), "b");
  assert.deepEqual(notes.slice(2), ["drawing 2 made", "drawing 2 told b"]);
});

test("the cleanup of a message that was overtaken while its code was loaded ends nothing", () => {
  const { notes, send } = noted();
  const place = new FakePlace();
  const overtaken = send(place, "a");
  send(place, "b");
  overtaken(); // as Streamlit does once "a" has been drawn at last
  send(place, "c");
  assert.deepEqual(notes, ["drawing 1 made", "drawing 1 told a", "drawing 1 told b", "drawing 1 told c"]);
});

test("nor does it if it comes before the newer message", () => {
  const { notes, send } = noted();
  const place = new FakePlace();
  send(place, "a")();
  send(place, "b");
  assert.deepEqual(notes, ["drawing 1 made", "drawing 1 told a", "drawing 1 told b"]);
});

test("a drawing is closed once its place has left the page, and only once", () => {
  const { notes, send } = noted();
  const place = new FakePlace();
  const cleanups = [send(place, "a"), send(place, "b")];
  place.isConnected = false;
  for (const cleanup of cleanups) cleanup();
  assert.deepEqual(notes.slice(3), ["drawing 1 closed"]);
});

test("what is drawn after the place has left the page is closed, too", () => {
  const { notes, send } = noted();
  const place = new FakePlace();
  const first = send(place, "a");
  place.isConnected = false;
  first();
  const late = send(place, "b"); // its code came too late
  late();
  assert.deepEqual(notes.slice(3), ["drawing 2 made", "drawing 2 told b", "drawing 2 closed"]);
});

test("an old cleanup does not close the drawing of a place that came back", () => {
  const { notes, send } = noted();
  const place = new FakePlace();
  const first = send(place, "a");
  place.isConnected = false;
  first();
  send(place, "b");
  first();
  assert.equal(notes.filter((note) => note === "drawing 2 closed").length, 0);
});

test("who draws on a canvas is told with each message that the theme may have changed, until it stops", () => {
  const { send } = noted();
  let told = 0;
  const stop = onTheme(() => {
    told += 1;
  });
  const place = new FakePlace();
  send(place, "a");
  send(place, "a");
  stop();
  send(place, "a");
  assert.equal(told, 2);
});

test("only the newest of what was begun counts, and none once it has ended", () => {
  const newest = new Newest();
  const first = newest.begin();
  assert.ok(first());
  const second = newest.begin();
  assert.deepEqual([first(), second()], [false, true]);
  newest.end();
  assert.ok(!second());
});
