// A worker's queue in this very process, as far as the page can see a Worker. Messages are copied as browsers copy them.

import { TASKS } from "../inference/task_list.js";
import { TaskQueue } from "../inference/task_queue.js";

/** @import { Answer, Request } from "../inference/protocol" */
/** @import { WorkerLike } from "../inference/task_client.js" */

/** In which other messages are heard. A message channel, as browsers have it, would keep the test from ending. */
export function pause() {
  return /** @type {Promise<void>} */ (new Promise((done) => setImmediate(done)));
}

/** @returns {WorkerLike & { requests: Request[] }} requests: all that were posted to it */
export function workerInNode() {
  /** @type {Request[]} */
  const requests = [];
  /** @type {WorkerLike & { requests: Request[] }} */
  const worker = {
    requests,
    onmessage: null,
    onerror: null,
    postMessage(request) {
      requests.push(request);
      queueMicrotask(() => queue.hear(structuredClone(request)));
    },
    terminate() {
      worker.onmessage = null;
    },
  };
  /** @param {Answer} answer @param {ArrayBuffer[]} transfer */
  const post = (answer, transfer) => {
    const data = structuredClone(answer, { transfer });
    queueMicrotask(() => worker.onmessage?.(/** @type {MessageEvent<Answer>} */ ({ data })));
  };
  const queue = new TaskQueue(TASKS, post, { pause });
  return worker;
}
