// The page's Web Workers: one for what the hand moves, one for everything that takes longer.

import { TaskClient } from "./task_client.js";

/** @import { AskOptions, TaskName, Tasks } from "./protocol" */
/** @import { WorkerLike } from "./task_client.js" */

export { DamagedNetwork, isCancelled } from "./task_client.js";

/**
 * What the hand asked for last.
 * @typedef {object} Wish
 * @property {Tasks["draw"]["args"]} args
 * @property {(drawn: Tasks["draw"]["value"] | null) => void} resolve
 * @property {(error: Error) => void} reject
 */

export class Inference {
  /** @param {() => WorkerLike} begin makes a worker */
  constructor(begin = beginWorker) {
    this.hand = new TaskClient(begin());
    this.back = new TaskClient(begin());
    /** The newest wish, if one is being drawn. @type {Wish | null} */
    this.next = null;
    this.isDrawing = false;
  }

  /**
   * One picture, as the task of that name draws it; null if the hand had moved on before it was begun.
   * @param {Tasks["draw"]["args"]} args
   * @returns {Promise<Tasks["draw"]["value"] | null>}
   */
  draw(args) {
    return new Promise((resolve, reject) => {
      this.next?.resolve(null);
      this.next = { args, resolve, reject };
      if (!this.isDrawing) this.drawNext();
    });
  }

  async drawNext() {
    this.isDrawing = true;
    for (let wish = this.next; wish; wish = this.next) {
      this.next = null;
      await this.hand.ask("draw", wish.args).then(wish.resolve, wish.reject);
    }
    this.isDrawing = false;
  }

  /**
   * A longer task, beside the hand's.
   * @template {TaskName} Name
   * @param {Name} task
   * @param {Tasks[Name]["args"]} args
   * @param {AskOptions<Name>} [options]
   */
  run(task, args, options) {
    return this.back.ask(task, args, options);
  }

  close() {
    this.next?.resolve(null);
    this.next = null;
    this.hand.close();
    this.back.close();
  }
}

function beginWorker() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
