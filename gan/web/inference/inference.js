// The page's Web Workers: one for the picture that follows the pointer, one for everything that takes longer.

import { TaskClient } from "./task_client.js";

/** @import { AskOptions, TaskName, Tasks } from "./protocol" */
/** @import { WorkerLike } from "./task_client.js" */

export { DamagedNetwork, isCancelled } from "./task_client.js";

/**
 * A picture that is asked for while something moves; a newer one takes its place.
 * @typedef {object} DrawRequest
 * @property {Tasks["draw"]["args"]} args
 * @property {(drawn: Tasks["draw"]["value"] | null) => void} resolve
 * @property {(error: Error) => void} reject
 */

export class Inference {
  /** @param {() => WorkerLike} begin makes a worker */
  constructor(begin = beginWorker) {
    this.interactive = new TaskClient(begin());
    this.background = new TaskClient(begin());
    /** The newest request, if one is being drawn. @type {DrawRequest | null} */
    this.next = null;
    this.isDrawing = false;
  }

  /**
   * One picture, as the task of that name draws it; null if a newer one was asked for before it was begun.
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
    for (let request = this.next; request; request = this.next) {
      this.next = null;
      await this.interactive.ask("draw", request.args).then(request.resolve, request.reject);
    }
    this.isDrawing = false;
  }

  /**
   * A longer task, beside the pictures that follow the pointer.
   * @template {TaskName} Name
   * @param {Name} task
   * @param {Tasks[Name]["args"]} args
   * @param {AskOptions<Name>} [options]
   */
  run(task, args, options) {
    return this.background.ask(task, args, options);
  }

  close() {
    this.next?.resolve(null);
    this.next = null;
    this.interactive.close();
    this.background.close();
  }
}

function beginWorker() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
