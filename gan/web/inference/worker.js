// A Web Worker that runs networks, so that the page's own thread is free for the hand.
//
//   in:  { id, task, args }            a function of tasks.js or search.js, by name
//        { id }                        that task is no longer wanted
//   out: { id, part }                  what a task has so far
//        { id, value }                 its result
//        { id, error, isDamaged }      why there is none
//
// Tasks take turns: a long one rests every few milliseconds, and what was asked meanwhile begins.

import { DamagedFile } from "./networks.js";
import * as rejection from "./rejection.js";
import * as search from "./search.js";
import * as tasks from "./tasks.js";

const STINT = 12; // ms between two rests
const TASKS = { ...tasks, ...search, ...rejection };

class Cancelled extends Error {}

const wanted = new Map(); // what is under way, by id
const { port1: bell, port2: ringer } = new MessageChannel(); // a rest that timers would stretch to 4 ms
const resting = [];
bell.onmessage = () => resting.shift()();

function rest() {
  return new Promise((done) => {
    resting.push(done);
    ringer.postMessage(null);
  });
}

async function perform({ id, task, args }) {
  let began = performance.now();
  const turn = {
    /** To be awaited inside long loops. */
    async rest() {
      if (performance.now() - began < STINT) return;
      await rest();
      if (!wanted.has(id)) throw new Cancelled();
      began = performance.now();
    },
    tell(part, transfer = []) {
      if (wanted.has(id)) postMessage({ id, part }, transfer);
    },
  };
  wanted.set(id, task);
  try {
    const value = await TASKS[task](args, turn);
    if (wanted.has(id)) postMessage({ id, value }, value?.transfer ?? []);
  } catch (error) {
    if (!(error instanceof Cancelled))
      postMessage({ id, error: error.message, isDamaged: error instanceof DamagedFile });
  } finally {
    wanted.delete(id);
  }
}

onmessage = ({ data }) => {
  if (data.task) perform(data);
  else wanted.delete(data.id);
};
