// Bookmarks: kept in the browser, under names of their own, as many as there is room for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_ROOM } from "../../explorer/bookmark_list.js";
import { Kept, opened } from "./opened.js";

const PLACE = "digit-forge:bookmarks:a-run";

test("a bookmark is there again on another page of the same browser", () => {
  const storage = new Kept();
  const { state, said } = opened({}, { storage });
  state.move([1, 2, 0, 0], null);
  state.setScale(0.5);
  const mark = state.bookmark({ name: "mine" });
  assert.equal(said.at(-1), "Kept as mine");
  assert.deepEqual(opened({}, { storage }).state.bookmarks.list, [mark]);
});

test("names are those of what is read, and none is given twice", () => {
  const { state } = opened();
  assert.equal(state.bookmark()?.name, "digit");
  assert.equal(state.bookmark()?.name, "digit, 2");
  const reading = Array.from({ length: 10 }, (_, digit) => (digit === 7 ? 1 : 0));
  state.show({ pixels: new Float32Array(784), ms: 1, reading }, true);
  assert.equal(state.bookmark()?.name, "a 7");
  assert.equal(state.bookmark()?.name, "a 7, 2");
  assert.equal(state.bookmark()?.name, "a 7, 3");
  assert.deepEqual(state.bookmarks.list.at(-1)?.given, { reading: 7, number: 3 });
});

test("a name is trimmed and has an end; none is what is read", () => {
  const { state } = opened();
  const mark = state.bookmark();
  assert.ok(mark);
  state.rename(mark.id, `  ${"long".repeat(20)}  `);
  assert.equal(mark.name, "long".repeat(10));
  assert.equal(mark.given, undefined);
  state.rename(mark.id, "   ");
  assert.equal(mark.name, "digit");
});

test("one that was removed can be put back where it was", () => {
  const { state } = opened();
  const marks = ["a", "b", "c"].map((name) => state.bookmark({ name }));
  const removed = state.bookmarks.remove(marks[1]?.id ?? "");
  assert.equal(removed?.at, 1);
  assert.ok(removed);
  assert.equal(state.bookmarks.putBack(removed.mark, removed.at), true);
  assert.deepEqual(state.bookmarks.list, marks);
  assert.equal(state.bookmarks.remove("nobody"), null);
});

test("there is room for sixty", () => {
  const { state, said } = opened();
  for (let i = 0; i < 60; i++) assert.ok(state.bookmark());
  assert.equal(state.bookmark(), null);
  assert.equal(said.at(-1), NO_ROOM);
  assert.equal(state.bookmarks.list.length, 60);
});

test("a file is taken in as far as there is room, and each has an id of its own", () => {
  const { state } = opened();
  for (let i = 0; i < 59; i++) state.bookmark();
  const text = JSON.stringify([
    { id: "same", name: "one", z: "s1" },
    { id: "same", name: "two", z: "s2" },
  ]);
  assert.deepEqual(state.bookmarks.takeIn(text), { added: 1, left: 1 });
  assert.equal(new Set(state.bookmarks.list.map(({ id }) => id)).size, 60);
});

test("a file that is none is refused, and what was there stays", () => {
  const { state } = opened();
  state.bookmark();
  assert.throws(() => state.bookmarks.takeIn("{}"), /not a file of bookmarks/);
  assert.throws(() => state.bookmarks.takeIn('[{ "z": "s1_9.1" }]'), /changes number 9/);
  assert.equal(state.bookmarks.list.length, 1);
});

test("what another page keeps is followed, and what others keep is not", () => {
  const storage = new Kept();
  const { state, frames } = opened({}, { storage });
  let times = 0;
  state.subscribe(["bookmarks"], () => {
    times += 1;
  });
  storage.write(PLACE, JSON.stringify([{ id: "theirs", name: "theirs", z: "s1" }]));
  state.bookmarks.follow("something-else");
  frames.pass();
  assert.equal(times, 0);
  state.bookmarks.follow(PLACE);
  frames.pass();
  assert.equal(times, 1);
  assert.deepEqual(
    state.bookmarks.list.map(({ name }) => name),
    ["theirs"],
  );
  storage.texts.clear();
  state.bookmarks.follow(null);
  assert.deepEqual(state.bookmarks.list, []);
});

test("what is kept and cannot be read is left as it is, and said", () => {
  const storage = new Kept();
  storage.write(PLACE, "nonsense");
  const { state } = opened({}, { storage });
  /** @type {string[]} */
  const troubles = [];
  state.bookmarks.onTrouble = (words) => troubles.push(words);
  state.bookmarks.load();
  assert.match(troubles[0], /cannot be read: This is not a file of bookmarks\. They are left/);
  assert.equal(storage.read(PLACE), "nonsense");
  assert.deepEqual(state.bookmarks.list, []);
});

test("a browser that keeps nothing has bookmarks as long as the page", () => {
  const nothing = () => {
    throw new Error("Denied");
  };
  const { state } = opened({}, { storage: { read: nothing, write: nothing } });
  /** @type {string[]} */
  const troubles = [];
  state.bookmarks.onTrouble = (words) => troubles.push(words);
  assert.ok(state.bookmark());
  assert.match(troubles[0], /keeps nothing beyond this page/);
  assert.equal(state.bookmarks.list.length, 1);
});
