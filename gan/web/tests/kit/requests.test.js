import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { askServer, Refused } from "../../kit/requests.js";

/** @import { RequestState } from "../../kit/requests.js" */

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/**
 * A server that gives these answers, one after the other. Returns what it was asked.
 * @param {object[]} answers with a status, if it is not 200
 */
function answering(...answers) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (address, { method = "GET" } = {}) => {
    asked.push(`${method} ${address}`);
    const { status = 200, ...told } = /** @type {{ status?: number }} */ (answers.shift() ?? {});
    return new Response(JSON.stringify(told), { status });
  };
  return asked;
}

test("a request is told where it stands, until it is done", async () => {
  const asked = answering(
    { ticket: "t1" },
    { state: "waiting", place: 2 },
    { state: "working", share: 0.5, doing: "Looking" },
    { state: "done", result: [1, 2] },
  );
  /** @type {RequestState[]} */
  const states = [];
  const result = await askServer("/jobs", { kind: "x" }, { onState: (state) => states.push(state) });
  assert.deepEqual(result, [1, 2]);
  assert.deepEqual(
    states.map(({ state }) => state),
    ["waiting", "working"],
  );
  assert.deepEqual(asked, ["POST /jobs", "GET /jobs/t1", "GET /jobs/t1", "GET /jobs/t1"]);
});

test("a server that refuses is quoted", async () => {
  answering({ ticket: "t1" }, { state: "refused", error: "Too much.", hint: "Ask for less." });
  await assert.rejects(askServer("/jobs", {}), (error) => {
    assert.ok(error instanceof Refused);
    assert.deepEqual([error.message, error.hint], ["Too much.", "Ask for less."]);
    return true;
  });
});

test("a server that is not there is said to be away", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("network"));
  await assert.rejects(askServer("/jobs", {}), { message: "The server does not answer." });
});

test("an answer with a bad status is quoted, or named by its status", async () => {
  answering({ status: 429, error: "The queue is full." });
  await assert.rejects(askServer("/jobs", {}), { message: "The queue is full." });
  answering({ status: 500 });
  await assert.rejects(askServer("/jobs", {}), { message: "The server answered 500." });
});

test("an answer without a ticket cannot be read", async () => {
  answering({});
  await assert.rejects(askServer("/jobs", {}), { message: "The server's answer cannot be read." });
});

test("who cancels a request ends it on the server, too", async () => {
  const control = new AbortController();
  const asked = answering({ ticket: "t1" }, { state: "waiting", place: 0 }, {});
  const told = askServer("/jobs", {}, { signal: control.signal, onState: () => control.abort() });
  await assert.rejects(told, { name: "AbortError" });
  assert.equal(asked.at(-1), "DELETE /jobs/t1");
});
