// What the loader says where a component cannot be shown, and that it takes it back.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, test } from "node:test";

const SOURCE = await readFile(new URL("../../kit/loader.js", import.meta.url), "utf8");
const FETCHED = "could not be fetched";

/** As much of an element as the loader asks for. */
class Place {
  /** @type {{ textContent?: string }[]} */
  notes = [];

  querySelector() {
    return this.notes[0] ?? null;
  }

  /** @param {object} note */
  prepend(note) {
    if (!this.notes.includes(note)) this.notes.unshift(note);
  }

  get words() {
    return this.notes.map(({ textContent }) => textContent).join();
  }
}

/** @type {Place} */
let place;

beforeEach(() => {
  place = new Place();
  const createElement = () => ({ remove: () => place.notes.splice(0), setAttribute() {} });
  Object.assign(globalThis, {
    document: { baseURI: "file:///user/x/run?run=7", createElement },
  });
});

/**
 * The loader of a component, given as the source of its module.
 * @param {string} component
 */
async function loaderOf(component) {
  const address = `data:text/javascript,${encodeURIComponent(component)}`;
  return loaderAt(address);
}

let loaders = 0;

/** @param {string} address */
async function loaderAt(address) {
  const source = `${SOURCE.replace("ADDRESS", address)}\n// ${loaders++}`; // each a module of its own
  const { default: show } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return (data = {}) => show({ data, parentElement: place });
}

/** @param {() => Promise<unknown>} action */
async function complaints(action) {
  const { error } = console;
  /** @type {unknown[]} */
  const heard = [];
  console.error = (one) => heard.push(one);
  await action().finally(() => {
    console.error = error;
  });
  return heard;
}

test("a component is shown with what Streamlit hands it, and its cleanup is handed back", async () => {
  const show = await loaderOf("export default ({ data }) => () => data.answer");
  const end = await show({ answer: 42 });
  assert.equal(end(), 42);
  assert.deepEqual(place.notes, []);
});

test("what cannot be fetched is said, and asked for again by another address", async () => {
  const show = await loaderAt("_live/0123/room/nothing.js");
  const [first] = await complaints(show);
  assert.match(String(first), /user.x._live.0123.room.nothing\.js/, "beside the page, whatever is before it");
  assert.match(place.words, new RegExp(FETCHED));
  const [second] = await complaints(show);
  assert.notEqual(second, first, "not the failure that is remembered");
  assert.equal(place.notes.length, 1, "said once");
});

test("what throws is said with its own words, and that the rest of the page works", async () => {
  const show = await loaderOf("export default () => { throw new Error('no such colour') }");
  await complaints(show);
  assert.match(place.words, /failed \(Error: no such colour\)\. The rest of the page works\./);
  assert.doesNotMatch(place.words, new RegExp(FETCHED));
});

test("a module that throws while it is evaluated was fetched all the same", async () => {
  const show = await loaderOf("undefined.length; export default () => {}");
  await complaints(show);
  assert.match(place.words, /failed \(TypeError: .*undefined/);
});

test("what was said is taken back when the component is shown", async () => {
  const show = await loaderOf("export default ({ data }) => { if (data.bad) throw new Error('bad') }");
  await complaints(() => show({ bad: true }));
  assert.equal(place.notes.length, 1);
  await show({});
  assert.deepEqual(place.notes, []);
});
