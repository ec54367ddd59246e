// The stops of a path: an example, all bookmarks, or those that people chose.

import assert from "node:assert/strict";
import { test } from "node:test";
import { StopList, stopOf } from "../../explorer/path/stop_list.js";
import { normals } from "../../latent/geometry.js";
import { network } from "./opened.js";

/** @import { Bookmark } from "../../latent/types" */

/** @param {string} name @param {number} seed @returns {Bookmark} */
const mark = (name, seed) => ({ id: name, name, z: normals(seed, 4), origin: seed, digit: 0, scale: 1 });
/** @param {StopList} stops */
const names = (stops) => stops.list.map(({ name }) => name);

/** @param {string[]} kept names of bookmarks */
function listOf(...kept) {
  const marks = kept.map((name, i) => mark(name, i + 1));
  const stops = new StopList(() => marks);
  stops.example = [
    { ...mark("x", 98), id: null },
    { ...mark("y", 99), id: null },
  ];
  return { marks, stops };
}

test("where there is nothing, there is an example, unless people do not want it", () => {
  const { stops } = listOf();
  assert.deepEqual(names(stops), ["x", "y"]);
  assert.equal(stops.isExample, true);
  assert.equal(stops.isPath, true);
  stops.wantsExample = false;
  assert.deepEqual(names(stops), []);
  assert.equal(stops.isPath, false);
});

test("bookmarks take the place of the example, eight of them at most", () => {
  const { stops } = listOf(..."abcdefghij");
  assert.equal(stops.isExample, false);
  assert.deepEqual(names(stops), [..."abcdefgh"]);
  assert.equal(stops.isFull, true);
  assert.equal(stops.append(mark("k", 30)), false);
});

test("stops are added, moved and taken off", () => {
  const { stops, marks } = listOf("a", "b", "c");
  assert.equal(stops.shift(2, -1).name, "c");
  assert.deepEqual(names(stops), ["a", "c", "b"]);
  assert.equal(stops.remove(0).name, "a");
  assert.equal(stops.append(marks[0]), true);
  assert.deepEqual(names(stops), ["c", "b", "a"]);
});

test("what was made of the example is people's own", () => {
  const { stops } = listOf();
  stops.shift(0, 1);
  assert.deepEqual(names(stops), ["y", "x"]);
  assert.equal(stops.isExample, false);
});

test("a bookmark that is gone is no stop any more, and another name is another name", () => {
  const { stops, marks } = listOf("a", "b", "c");
  stops.remove(2);
  marks[1].name = "new";
  marks.splice(0, 1);
  stops.sync(network());
  assert.deepEqual(names(stops), ["new"]);
});

test("stops that are all bookmarks in their order follow the bookmarks again", () => {
  const { stops, marks } = listOf("a", "b");
  stops.choose(marks.map(stopOf));
  stops.sync(network());
  assert.equal(stops.chosen, null);
  marks.push(mark("c", 3));
  assert.deepEqual(names(stops), ["a", "b", "c"]);
});

test("stops of an address that are bookmarks here have their names", () => {
  const { stops, marks } = listOf("a", "b", "c");
  stops.take([
    { ...stopOf(marks[2]), id: null, name: "stop 1" },
    { ...mark("", 77), id: null, name: "stop 2" },
  ]);
  stops.sync(network());
  assert.deepEqual(names(stops), ["c", "stop 2"]);
});
