// The worker's side of its tasks: they take turns. A long one rests every few milliseconds, and what was asked
// meanwhile begins.

import { DamagedFile } from "./damage.js";

/** @import { Answer, Request, TaskList, Turn } from "./protocol" */

const STINT = 12; // ms between two rests

class Cancelled extends Error {}

export class TaskQueue {
  /**
   * @param {TaskList} tasks
   * @param {(answer: Answer, buffers: ArrayBuffer[]) => void} post tells the page; the buffers are handed over
   * @param {object} pace
   * @param {number} [pace.stint] ms that a task goes on before others have their turn
   * @param {() => Promise<void>} [pace.pause] in which messages are heard
   */
  constructor(tasks, post, { stint = STINT, pause = pauses() } = {}) {
    /** @type {Map<string, (args: any, turn: Turn<any>) => Promise<unknown>>} what each takes, protocol.d.ts says */
    this.tasks = new Map(Object.entries(tasks));
    this.post = post;
    this.stint = stint;
    /** What is under way. @type {Set<number>} */
    this.wanted = new Set();
    this.pause = pause;
  }

  /** @param {Request} request @returns {Promise<void>} done when its answer is posted */
  async hear({ id, task, ...rest }) {
    if (task === undefined) this.wanted.delete(id);
    else await this.perform(id, task, "args" in rest ? rest.args : undefined);
  }

  /** @param {number} id @param {string} name @param {unknown} args */
  async perform(id, name, args) {
    this.wanted.add(id);
    try {
      const task = this.tasks.get(name);
      if (!task) throw new Error(`there is no task ${name}`);
      /** @type {ArrayBuffer[]} */
      const buffers = [];
      const value = await task(args, this.turn(id, buffers));
      if (this.wanted.has(id)) this.post({ id, value }, buffers);
    } catch (error) {
      if (!(error instanceof Cancelled)) this.post({ id, ...problem(error) }, []);
    } finally {
      this.wanted.delete(id);
    }
  }

  /** @param {number} id @param {ArrayBuffer[]} buffers of the result, to be handed over @returns {Turn<unknown>} */
  turn(id, buffers) {
    let began = performance.now();
    return {
      rest: async () => {
        if (performance.now() - began < this.stint) return;
        await this.pause();
        if (!this.wanted.has(id)) throw new Cancelled();
        began = performance.now();
      },
      tell: (part, handed = []) => {
        if (this.wanted.has(id)) this.post({ id, part }, handed);
      },
      handOver: (...handed) => {
        buffers.push(...handed);
      },
    };
  }
}

/** Pauses of no length in which messages are heard: timers would stretch them to 4 ms. @returns {() => Promise<void>} */
function pauses() {
  const { port1: bell, port2: ringer } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  bell.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((done) => {
      waiting.push(done);
      ringer.postMessage(null);
    });
}

/** @param {unknown} error */
function problem(error) {
  const words = error instanceof Error ? error.message : String(error);
  return { error: words, isDamaged: error instanceof DamagedFile };
}
