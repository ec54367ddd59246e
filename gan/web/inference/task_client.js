// The page's side of one worker: asks it for tasks, hears its answers, and takes back what nobody wants any more.

/** @import { Answer, AskOptions, Request, TaskName, Tasks } from "./protocol" */

/** The file of a network is damaged: the message says how. */
export class DamagedNetwork extends Error {}

class Cancelled extends Error {}

/** Whether an error only says that somebody no longer wanted what was asked for. @param {unknown} error */
export function isCancelled(error) {
  return error instanceof Cancelled;
}

/**
 * Of a Worker, what is used.
 * @typedef {object} WorkerLike
 * @property {(request: Request) => void} postMessage
 * @property {() => void} terminate
 * @property {((event: MessageEvent<Answer>) => void) | null} onmessage
 * @property {((event: ErrorEvent) => void) | null} onerror
 */

/**
 * @typedef {object} Asked
 * @property {(value: any) => void} resolve with what the task gives, which protocol.d.ts says
 * @property {(error: Error) => void} reject
 * @property {((part: any) => void) | undefined} onPart likewise
 */

export class TaskClient {
  /** @param {WorkerLike} worker */
  constructor(worker) {
    /** @type {Map<number, Asked>} */
    this.asked = new Map();
    this.last = 0;
    this.worker = worker;
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => this.fail(event.message || "its drawing code did not load");
  }

  /**
   * @template {TaskName} Name
   * @param {Name} task
   * @param {Tasks[Name]["args"]} args
   * @param {AskOptions<Name>} options
   * @returns {Promise<Tasks[Name]["value"]>} rejected with what `isCancelled` knows once the signal ends it
   */
  ask(task, args, { onPart, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Cancelled());
      const id = ++this.last;
      this.asked.set(id, { resolve, reject, onPart });
      signal?.addEventListener("abort", () => this.forget(id), { once: true });
      this.worker.postMessage({ id, task, args });
    });
  }

  /** @param {Answer} answer */
  hear(answer) {
    const asked = this.asked.get(answer.id);
    if (!asked) return;
    if ("part" in answer) return asked.onPart?.(answer.part);
    this.asked.delete(answer.id);
    if ("value" in answer) asked.resolve(answer.value);
    else asked.reject(answer.isDamaged ? new DamagedNetwork(answer.error) : new Error(answer.error));
  }

  /** @param {number} id */
  forget(id) {
    const asked = this.asked.get(id);
    if (!asked) return;
    this.asked.delete(id);
    this.worker.postMessage({ id });
    asked.reject(new Cancelled());
  }

  /** @param {string} message */
  fail(message) {
    for (const { reject } of this.asked.values()) reject(new Error(message));
    this.asked.clear();
  }

  close() {
    this.worker.terminate();
    for (const { reject } of this.asked.values()) reject(new Cancelled());
    this.asked.clear();
  }
}
