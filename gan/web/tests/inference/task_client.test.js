import assert from "node:assert/strict";
import test from "node:test";
import { DamagedNetwork, isCancelled, TaskClient } from "../../inference/task_client.js";

/** @import { Answer, Request } from "../../inference/protocol" */
/** @import { WorkerLike } from "../../inference/task_client.js" */

/** A worker that answers what the test says. */
function silentWorker() {
  return {
    /** @type {Request[]} */
    requests: [],
    isTerminated: false,
    /** @type {WorkerLike["onmessage"]} */
    onmessage: null,
    /** @type {WorkerLike["onerror"]} */
    onerror: null,
    /** @param {Request} request */
    postMessage(request) {
      this.requests.push(request);
    },
    terminate() {
      this.isTerminated = true;
    },
    /** @param {Answer} data */
    answer(data) {
      this.onmessage?.(/** @type {MessageEvent<Answer>} */ ({ data }));
    },
  };
}

/** A client, its worker, and a task that it asked for. @param {AbortSignal} [signal] */
function asking(signal) {
  const worker = silentWorker();
  const client = new TaskClient(worker);
  /** @type {unknown[]} */
  const parts = [];
  const asked = client.ask("open", { network: "/a.bin" }, { onPart: (part) => parts.push(part), signal });
  asked.catch(() => {}); // the test looks at it later
  return { worker, client, asked, parts };
}

const VALUE = { latentDim: 4, classes: 0, hiddenClasses: 0 };

test("a task is posted under a number of its own", () => {
  const { worker, client } = asking();
  client.ask("open", { network: "/b.bin" });
  assert.deepEqual(worker.requests, [
    { id: 1, task: "open", args: { network: "/a.bin" } },
    { id: 2, task: "open", args: { network: "/b.bin" } },
  ]);
});

test("its result comes back", async () => {
  const { worker, asked } = asking();
  worker.answer({ id: 1, value: VALUE });
  assert.deepEqual(await asked, VALUE);
});

test("a result of nothing comes back as well", async () => {
  const { worker, asked } = asking();
  worker.answer({ id: 1, value: undefined });
  assert.equal(await asked, undefined);
});

test("parts are told on the way", async () => {
  const { worker, asked, parts } = asking();
  worker.answer({ id: 1, part: "half" });
  worker.answer({ id: 1, value: VALUE });
  await asked;
  assert.deepEqual(parts, ["half"]);
});

test("an error comes back with its message", async () => {
  const { worker, asked } = asking();
  worker.answer({ id: 1, error: "no luck", isDamaged: false });
  await assert.rejects(asked, { constructor: Error, message: "no luck" });
});

test("a damaged network is told from other errors", async () => {
  const { worker, asked } = asking();
  worker.answer({ id: 1, error: "it is empty", isDamaged: true });
  await assert.rejects(asked, { constructor: DamagedNetwork, message: "it is empty" });
});

test("a signal ends a task, and the worker is told", async () => {
  const controller = new AbortController();
  const { worker, asked } = asking(controller.signal);
  controller.abort();
  await assert.rejects(asked, isCancelled);
  assert.deepEqual(worker.requests[1], { id: 1 });
});

test("what comes after that is not heard", async () => {
  const controller = new AbortController();
  const { worker, asked, parts } = asking(controller.signal);
  controller.abort();
  worker.answer({ id: 1, part: "late" });
  worker.answer({ id: 1, value: VALUE });
  await assert.rejects(asked, isCancelled);
  assert.deepEqual(parts, []);
});

test("a signal that is over ends a task before it is posted", async () => {
  const { worker, asked } = asking(AbortSignal.abort());
  await assert.rejects(asked, isCancelled);
  assert.deepEqual(worker.requests, []);
});

test("a signal that comes after the result does nothing", async () => {
  const controller = new AbortController();
  const { worker, asked } = asking(controller.signal);
  worker.answer({ id: 1, value: VALUE });
  await asked;
  controller.abort();
  assert.equal(worker.requests.length, 1);
});

test("a worker that fails fails all that was asked of it", async () => {
  const { worker, asked } = asking();
  worker.onerror?.(/** @type {ErrorEvent} */ ({ message: "" }));
  await assert.rejects(asked, { message: "its drawing code did not load" });
});

test("closing ends the worker and all that was asked", async () => {
  const { worker, client, asked } = asking();
  client.close();
  assert.ok(worker.isTerminated);
  await assert.rejects(asked, isCancelled);
});

test("other errors are no cancellations", () => {
  assert.ok(!isCancelled(new Error("Cancelled")));
  assert.ok(!isCancelled(undefined));
});
