import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { listen, watch } from "../../kit/stream.js";
import { Clock } from "./clock.js";

/** The socket of one topic, as a server would see it. */
class FakeSocket {
  static OPEN = 1;
  /** @type {FakeSocket[]} */
  static all = [];
  readyState = FakeSocket.OPEN;
  /** @type {((event: { data: ArrayBuffer }) => void) | undefined} */
  onmessage = undefined;
  /** @type {(() => void) | undefined} */
  onclose = undefined;

  /** @param {URL} address */
  constructor(address) {
    this.topic = address.searchParams.get("topic");
    FakeSocket.all.push(this);
  }

  /** @param {Record<string, string>} parts */
  push(parts) {
    const head = Object.entries(parts).map(([name, content]) => [name, content.length]);
    const text = `${JSON.stringify(head)}\n${Object.values(parts).join("")}`;
    this.onmessage?.({ data: new Uint8Array(new TextEncoder().encode(text)).buffer });
  }

  close() {
    this.readyState = 3;
    this.onclose?.();
  }
}

const clock = new Clock();
let count = 0;
let topic = "";
/** @type {(() => void)[]} */
let stops = [];

beforeEach(() => {
  clock.start();
  Object.assign(globalThis, { WebSocket: FakeSocket });
  FakeSocket.all = [];
  topic = `run/${++count}`;
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
  clock.tick(2000); // so that no topic outlives its test
  clock.stop();
});

/** @param {string} part */
function heardOf(part) {
  /** @type {string[]} */
  const heard = [];
  stops.push(listen(topic, part, (bytes) => heard.push(new TextDecoder().decode(bytes))));
  return heard;
}

test("all who listen to a topic share one socket, and each hears its part", () => {
  const [curve, words] = [heardOf("curve"), heardOf("words")];
  assert.deepEqual(
    FakeSocket.all.map((socket) => socket.topic),
    [topic],
  );
  FakeSocket.all[0].push({ curve: "c1", words: "w1" });
  FakeSocket.all[0].push({ words: "w2" });
  assert.deepEqual([curve, words], [["c1"], ["w1", "w2"]]);
});

test("who comes later hears at once what is known", () => {
  heardOf("curve");
  FakeSocket.all[0].push({ words: "w1" });
  FakeSocket.all[0].push({ words: "w2" });
  assert.deepEqual(heardOf("words"), ["w2"]);
});

test("a connection that is lost is tried again, and what was known stays", () => {
  const curve = heardOf("curve");
  FakeSocket.all[0].push({ curve: "c1" });
  FakeSocket.all[0].close();
  assert.equal(FakeSocket.all.length, 1, "not at once");
  clock.tick(700);
  assert.equal(FakeSocket.all.length, 2);
  FakeSocket.all[1].push({ curve: "c2" });
  assert.deepEqual(curve, ["c1", "c2"]);
});

test("a server that stays away is asked less and less often", () => {
  heardOf("curve");
  for (let tries = 0; tries < 8; tries++) {
    FakeSocket.all.at(-1)?.close();
    clock.tick(8000);
  }
  const before = FakeSocket.all.length;
  FakeSocket.all.at(-1)?.close();
  clock.tick(2400);
  assert.equal(FakeSocket.all.length, before, "5 s, give or take half of it");
});

test("who watches is told whether the connection stands", () => {
  /** @type {boolean[]} */
  const told = [];
  stops.push(watch(topic, ({ isOpen }) => told.push(isOpen)));
  clock.tick(1000);
  FakeSocket.all[0].readyState = 3;
  clock.tick(1000);
  assert.deepEqual(told, [true, false]);
});

test("a topic is left a while after the last who listened, unless somebody came", () => {
  const stop = listen(topic, "curve", () => {});
  stop();
  stop(); // twice is once
  clock.tick(500);
  const again = listen(topic, "curve", () => {});
  clock.tick(5000);
  assert.equal(FakeSocket.all[0].readyState, FakeSocket.OPEN);
  again();
  clock.tick(1000);
  assert.equal(FakeSocket.all[0].readyState, 3);
  assert.equal(FakeSocket.all.length, 1);
});
