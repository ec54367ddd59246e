// The page's side of its Web Workers: one for what the hand moves, one for everything that takes longer.

export class DamagedNetwork extends Error {}

class Cancelled extends Error {}

/** Whether an error only says that somebody no longer wanted what was asked for. */
export function isCancelled(error) {
  return error instanceof Cancelled;
}

class Assistant {
  constructor() {
    this.asked = new Map();
    this.last = 0;
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => this.fail(event.message || "its drawing code did not load");
  }

  /** What the task returns; `onPart` is told what it has so far, `signal` ends it. */
  ask(task, args, { onPart, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Cancelled());
      const id = ++this.last;
      this.asked.set(id, { resolve, reject, onPart });
      signal?.addEventListener("abort", () => this.forget(id), { once: true });
      this.worker.postMessage({ id, task, args });
    });
  }

  hear({ id, part, value, error, isDamaged }) {
    const asked = this.asked.get(id);
    if (!asked) return;
    if (part !== undefined) return asked.onPart?.(part);
    this.asked.delete(id);
    if (error === undefined) asked.resolve(value);
    else asked.reject(isDamaged ? new DamagedNetwork(error) : new Error(error));
  }

  forget(id) {
    const asked = this.asked.get(id);
    if (!asked) return;
    this.asked.delete(id);
    this.worker.postMessage({ id });
    asked.reject(new Cancelled());
  }

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

/** The workers, under names that say what for. Tasks are the functions of tasks.js and search.js. */
export class Inference {
  constructor() {
    this.hand = new Assistant();
    this.back = new Assistant();
    this.next = null; // the newest request of the hand, if one is being drawn
    this.isDrawing = false;
  }

  /** What `draw` of tasks.js returns; null if the hand had moved on before it was begun. */
  draw(args) {
    return new Promise((resolve, reject) => {
      this.next?.resolve(null);
      this.next = { args, resolve, reject };
      if (!this.isDrawing) this.drawNext();
    });
  }

  async drawNext() {
    const { args, resolve, reject } = this.next;
    this.next = null;
    this.isDrawing = true;
    await this.hand.ask("draw", args).then(resolve, reject);
    this.isDrawing = false;
    if (this.next) this.drawNext();
  }

  /** A longer task, beside the hand's. */
  run(task, args, options) {
    return this.back.ask(task, args, options);
  }

  close() {
    this.next?.resolve(null);
    this.hand.close();
    this.back.close();
  }
}
