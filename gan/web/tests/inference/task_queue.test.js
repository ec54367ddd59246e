import assert from "node:assert/strict";
import test from "node:test";
import { DamagedFile } from "../../inference/damage.js";
import { TaskQueue } from "../../inference/task_queue.js";
import { pause } from "../worker_in_node.js";

/** @import { Answer, TaskList } from "../../inference/protocol" */

/**
 * A queue of tasks that are no task of the explorer's, and what it posted.
 * @param {Record<string, (args: any, turn: any) => Promise<unknown>>} tasks
 */
function queueOf(tasks, stint = 0) {
  /** @type {Answer[]} */
  const answers = [];
  /** @type {ArrayBuffer[]} */
  const handed = [];
  /** @param {Answer} answer @param {ArrayBuffer[]} buffers */
  const post = (answer, buffers) => {
    answers.push(answer);
    handed.push(...buffers);
  };
  const list = /** @type {TaskList} */ (/** @type {unknown} */ (tasks));
  const queue = new TaskQueue(list, post, { stint, pause });
  return { queue, answers, handed };
}

test("a task is told its arguments, and its result is posted", async () => {
  const { queue, answers } = queueOf({ double: async ({ value }) => 2 * value });
  await queue.hear({ id: 7, task: "double", args: { value: 21 } });
  assert.deepEqual(answers, [{ id: 7, value: 42 }]);
});

test("parts come before the result", async () => {
  const { queue, answers } = queueOf({
    async count(_, turn) {
      for (let i = 0; i < 3; i++) turn.tell(i);
      return "done";
    },
  });
  await queue.hear({ id: 1, task: "count", args: null });
  assert.deepEqual(answers, [
    { id: 1, part: 0 },
    { id: 1, part: 1 },
    { id: 1, part: 2 },
    { id: 1, value: "done" },
  ]);
});

test("an error is posted with its message", async () => {
  const { queue, answers } = queueOf({ fail: () => Promise.reject(new Error("no luck")) });
  await queue.hear({ id: 1, task: "fail", args: null });
  assert.deepEqual(answers, [{ id: 1, error: "no luck", isDamaged: false }]);
});

test("a damaged file is told from other errors", async () => {
  const { queue, answers } = queueOf({ fail: () => Promise.reject(new DamagedFile("it is empty")) });
  await queue.hear({ id: 1, task: "fail", args: null });
  assert.deepEqual(answers, [{ id: 1, error: "it is empty", isDamaged: true }]);
});

test("an unknown task is an error", async () => {
  const { queue, answers } = queueOf({});
  await queue.hear({ id: 1, task: "toString", args: null });
  assert.deepEqual(answers, [{ id: 1, error: "there is no task toString", isDamaged: false }]);
});

test("a long task lets others begin while it rests", async () => {
  /** @type {string[]} */
  const order = [];
  const { queue } = queueOf({
    async long(_, turn) {
      for (let i = 0; i < 3; i++) {
        order.push(`long ${i}`);
        await turn.rest();
      }
    },
    async short() {
      order.push("short");
    },
  });
  const long = queue.hear({ id: 1, task: "long", args: null });
  await queue.hear({ id: 2, task: "short", args: null });
  await long;
  assert.deepEqual(order, ["long 0", "short", "long 1", "long 2"]);
});

test("within its stint a task goes on without a pause", async () => {
  let rests = 0;
  const { queue } = queueOf({ eager: async (_, turn) => turn.rest() }, 1e9);
  queue.pause = async () => {
    rests++;
  };
  await queue.hear({ id: 1, task: "eager", args: null });
  assert.equal(rests, 0);
});

test("what is no longer wanted ends at its next rest, and posts nothing more", async () => {
  const { queue, answers } = queueOf({
    async endless(_, turn) {
      for (;;) {
        turn.tell("still here");
        await turn.rest();
      }
    },
  });
  const endless = queue.hear({ id: 1, task: "endless", args: null });
  queue.hear({ id: 1 });
  await endless;
  assert.deepEqual(answers, [{ id: 1, part: "still here" }]);
});

test("a result that is no longer wanted is not posted", async () => {
  const { queue, answers } = queueOf({ quick: async () => 1 });
  const quick = queue.hear({ id: 1, task: "quick", args: null });
  queue.hear({ id: 1 });
  await quick;
  assert.deepEqual(answers, []);
});

test("what was never asked can be taken back", async () => {
  const { queue, answers } = queueOf({});
  await queue.hear({ id: 9 });
  assert.deepEqual(answers, []);
});

test("buffers are handed over, those of parts and those of the result", async () => {
  const [part, result] = [new ArrayBuffer(1), new ArrayBuffer(2)];
  const { queue, handed } = queueOf({
    async give(_, turn) {
      turn.tell("part", [part]);
      turn.handOver(result);
      return result;
    },
  });
  await queue.hear({ id: 1, task: "give", args: null });
  assert.deepEqual(handed, [part, result]);
});
