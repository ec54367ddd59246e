// What this server pushes: one socket a topic and page, shared by all that draw parts of it.

import { textOf } from "./message.js";
import { fromRoot } from "./root.js";

/** @import { Bytes } from "./message.js" */

/** @typedef {(content: Bytes) => void} Hear */
/** @typedef {(link: { isOpen: boolean, age: number }) => void} Tell  age: of the news, in seconds */

const LINGER = 1000; // ms that a topic without listeners is kept: Streamlit mounts anew at times
const SILENCE = 10_000; // ms: the server speaks more often, so the connection is gone
const [SOON, LATE] = [400, 5000]; // ms until the next try, doubling

/** @type {Map<string, Topic>} */
const topics = new Map();

/**
 * Split a message into its parts, each with its name: a line of JSON, [[name, length] ...], then their bytes.
 * @param {Bytes} message
 * @returns {[name: string, content: Bytes][]}
 */
export function partsOf(message) {
  const end = message.indexOf(10);
  /** @type {[string, number][]} */
  const head = JSON.parse(textOf(message.subarray(0, end)));
  let from = end + 1;
  return head.map(([name, length]) => {
    const content = message.subarray(from, from + length);
    from += length;
    return [name, content];
  });
}

class Topic {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.holders = 0;
    /** @type {Map<string, Bytes>} */
    this.parts = new Map();
    /** @type {Set<{ part: string, hear: Hear }>} */
    this.listeners = new Set();
    /** @type {Set<Tell>} */
    this.watchers = new Set();
    this.wait = SOON;
    this.heard = performance.now();
    this.open();
    this.watching = setInterval(() => this.look(), 1000);
  }

  open() {
    const address = new URL(fromRoot("_live/stream"));
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("topic", this.name);
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.hear(new Uint8Array(data));
    socket.onclose = () => {
      if (socket === this.socket) this.tryAgain();
    };
    /** @type {WebSocket | undefined} */
    this.socket = socket;
  }

  /** @param {Bytes} message */
  hear(message) {
    this.heard = performance.now();
    this.wait = SOON;
    for (const [name, content] of partsOf(message)) {
      this.parts.set(name, content);
      for (const listener of this.listeners) if (listener.part === name) listener.hear(content);
    }
    this.look();
  }

  /** Tell those who ask how old the picture is; and end a connection that is silent. */
  look() {
    const age = (performance.now() - this.heard) / 1000;
    if (this.socket && age * 1000 > SILENCE) {
      this.socket.close();
      this.tryAgain();
    }
    const isOpen = this.socket?.readyState === WebSocket.OPEN;
    for (const tell of this.watchers) tell({ isOpen, age });
  }

  tryAgain() {
    this.socket = undefined;
    clearTimeout(this.trying);
    this.trying = setTimeout(() => this.open(), this.wait * (0.5 + Math.random())); // not all at once
    this.wait = Math.min(2 * this.wait, LATE);
  }

  close() {
    clearTimeout(this.trying);
    clearInterval(this.watching);
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
  }
}

/**
 * The topic of this name, for as long as `release` is not called.
 * @param {string} name
 * @returns {[topic: Topic, release: () => void]}
 */
function hold(name) {
  const topic = topics.get(name) ?? new Topic(name);
  topics.set(name, topic);
  topic.holders += 1;
  const release = () => {
    topic.holders -= 1;
    setTimeout(() => {
      if (topic.holders || topics.get(name) !== topic) return;
      topics.delete(name);
      topic.close();
    }, LINGER);
  };
  return [topic, release];
}

/**
 * Hear a part of a topic: what is known of it at once, then each change. Returns how to stop.
 * @param {string} name
 * @param {string} part
 * @param {Hear} hear
 */
export function listen(name, part, hear) {
  const [topic, release] = hold(name);
  const listener = { part, hear };
  topic.listeners.add(listener);
  const known = topic.parts.get(part);
  if (known) hear(known);
  return () => {
    if (topic.listeners.delete(listener)) release();
  };
}

/**
 * Be told about once a second whether a topic's connection stands, and how old its news is. Returns how to stop.
 * @param {string} name
 * @param {Tell} tell
 */
export function watch(name, tell) {
  const [topic, release] = hold(name);
  topic.watchers.add(tell);
  return () => {
    if (topic.watchers.delete(tell)) release();
  };
}
