import assert from "node:assert/strict";
import test from "node:test";
import { DamagedNetwork, Inference, isCancelled } from "../../inference/inference.js";
import { Generator } from "../../inference/networks.js";
import { normals } from "../../latent/geometry.js";
import { serve } from "../page_parts.js";
import { smallGenerator } from "../small_networks.js";
import { workerInNode } from "../worker_in_node.js";

const NETWORK = "/generator.bin";
serve(NETWORK, smallGenerator());
serve("/damaged.bin", smallGenerator().subarray(0, 100));

/** What the hand asks for. @param {number} seed */
const request = (seed) => ({ network: NETWORK, z: normals(seed, 4), label: 0 });

/** With its workers, in the order in which they began. */
function begun() {
  /** @type {ReturnType<typeof workerInNode>[]} */
  const workers = [];
  const inference = new Inference(() => {
    workers.push(workerInNode());
    return workers[workers.length - 1];
  });
  return { inference, workers };
}

test("the hand gets the picture that the generator draws", async () => {
  const inference = new Inference(workerInNode);
  const drawn = await inference.draw(request(1));
  assert.deepEqual(drawn?.pixels, new Generator(smallGenerator()).generate(normals(1, 4)));
  inference.close();
});

test("while one picture is drawn, only the newest request waits", async () => {
  const { inference, workers } = begun();
  const drawn = await Promise.all([1, 2, 3, 4].map((seed) => inference.draw(request(seed))));
  assert.deepEqual(
    drawn.map((one) => one !== null),
    [true, false, false, true],
  );
  assert.equal(workers[0].requests.length, 2);
  inference.close();
});

test("after a rest the hand is served again", async () => {
  const inference = new Inference(workerInNode);
  await inference.draw(request(1));
  assert.notEqual(await inference.draw(request(2)), null);
  inference.close();
});

test("a request that cannot be drawn does not stop the next", async () => {
  const inference = new Inference(workerInNode);
  const [bad, good] = [
    inference.draw({ ...request(1), network: "/damaged.bin" }),
    inference.draw(request(2)),
  ];
  await assert.rejects(bad, DamagedNetwork);
  assert.notEqual(await good, null);
  inference.close();
});

test("longer tasks have a worker of their own", async () => {
  const { inference, workers } = begun();
  await inference.run("open", { network: NETWORK });
  await inference.draw(request(1));
  assert.deepEqual(
    workers.map(({ requests }) => requests.map(({ task }) => task)),
    [["draw"], ["open"]],
  );
  inference.close();
});

test("a longer task is cancelled by its signal", async () => {
  const inference = new Inference(workerInNode);
  const controller = new AbortController();
  const run = inference.run(
    "effects",
    { network: NETWORK, count: 1e6, budget: 1e6 },
    { signal: controller.signal },
  );
  controller.abort();
  await assert.rejects(run, isCancelled);
  inference.close();
});

test("closed, it says that nobody wants what waits", async () => {
  const inference = new Inference(workerInNode);
  const [first, second] = [inference.draw(request(1)), inference.draw(request(2))];
  inference.close();
  await assert.rejects(first, isCancelled);
  assert.equal(await second, null);
});
