// A Web Worker that runs networks, so that the page's own thread is free for the hand. protocol.d.ts says what is
// asked and answered.

import { TASKS } from "./task_list.js";
import { TaskQueue } from "./task_queue.js";

const queue = new TaskQueue(TASKS, (answer, buffers) => self.postMessage(answer, { transfer: buffers }));

self.onmessage = ({ data }) => queue.hear(data);
