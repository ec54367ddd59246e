import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { inflate, same, textOf, unpack } from "../../kit/message.js";
import { fromBase64, Refused, stateWords, toBase64 } from "../../kit/requests.js";
import { partsOf } from "../../kit/stream.js";

/** @param {string} text */
const bytesOf = (text) => new Uint8Array(new TextEncoder().encode(text));

test("a message is a line of JSON and a body", () => {
  const [about, body] = unpack(bytesOf('{"step": 3, "label": "é"}\nline one\nline two'));
  assert.deepEqual(about, { step: 3, label: "é" });
  assert.equal(textOf(body), "line one\nline two");
});

test("a message may have no body", () => {
  const [about, body] = unpack(bytesOf("{}\n"));
  assert.deepEqual([about, body.length], [{}, 0]);
});

test("messages are the same byte for byte", () => {
  assert.ok(same(bytesOf("abc"), bytesOf("abc")));
  assert.ok(!same(bytesOf("abc"), bytesOf("abd")));
  assert.ok(!same(bytesOf("abc"), bytesOf("ab")));
  assert.ok(!same(undefined, bytesOf("abc")));
  assert.ok(!same(undefined, undefined), "nothing has come yet");
});

test("what Python deflates is inflated", async () => {
  const value = { data: [1.5, null, "é"] };
  const packed = new Uint8Array(deflateSync(JSON.stringify(value)));
  assert.deepEqual(await inflate(packed), value);
});

test("bytes that are no deflated JSON are refused", async () => {
  await assert.rejects(inflate(bytesOf("not deflated")));
});

test("what is pushed is split into its parts by name", () => {
  const parts = partsOf(bytesOf('[["version", 2], ["curve", 0], ["words", 5]]\n12ab\ncd'));
  assert.deepEqual(
    parts.map(([name, content]) => [name, textOf(content)]),
    [
      ["version", "12"],
      ["curve", ""],
      ["words", "ab\ncd"],
    ],
  );
});

test("the state of a request is said in words", () => {
  assert.equal(stateWords({ state: "waiting", place: 0 }), "Next in line");
  assert.equal(stateWords({ state: "waiting", place: 3 }), "3 before this one in line");
  assert.equal(stateWords({ state: "working", share: 0.256, doing: "Looking" }), "Looking: 26%");
});

test("pictures travel as text and come back", () => {
  const picture = Uint8Array.from({ length: 784 }, (_, i) => i % 256);
  assert.deepEqual(fromBase64(toBase64(picture)), picture);
});

test("a refusal has a hint, perhaps an empty one", () => {
  const refused = new Refused("The queue is full.", "Try again.");
  assert.deepEqual(
    [refused.message, refused.hint, new Refused("No.").hint],
    ["The queue is full.", "Try again.", ""],
  );
});
