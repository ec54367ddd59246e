import assert from "node:assert/strict";
import test from "node:test";
import { NetworkCache, take } from "../../inference/cache.js";
import { DamagedFile, Discriminator, Generator } from "../../inference/networks.js";
import { fetched, serve } from "../page_parts.js";
import { dense, networkFile, smallGenerator } from "../small_networks.js";

/** How often an address was fetched. @param {string} address */
const times = (address) => fetched.filter((one) => one === address).length;

test("a network is fetched once, however many ask", async () => {
  serve("/once.bin", smallGenerator());
  const [first, second] = await Promise.all([take("generator", "/once.bin"), take("generator", "/once.bin")]);
  assert.equal(await take("generator", "/once.bin"), first);
  assert.equal(first, second);
  assert.equal(times("/once.bin"), 1);
});

test("it is what it is asked to be", async () => {
  serve("/generator.bin", smallGenerator());
  serve("/discriminator.bin", networkFile({}, [dense(784, 1, "linear")]));
  assert.ok((await take("generator", "/generator.bin")) instanceof Generator);
  assert.ok((await take("discriminator", "/discriminator.bin")) instanceof Discriminator);
});

test("a damaged one is said to be, each time", async () => {
  serve("/damaged.bin", smallGenerator().subarray(0, 50));
  await assert.rejects(take("generator", "/damaged.bin"), DamagedFile);
  await assert.rejects(take("generator", "/damaged.bin"), DamagedFile);
});

for (const [status, words] of /** @type {const} */ ([
  [404, "this server no longer has it"],
  [503, "the server answered 503"],
])) {
  test(`a server that answers ${status} is quoted: ${words}`, async () => {
    serve(`/${status}.bin`, status);
    await assert.rejects(take("generator", `/${status}.bin`), { message: words });
  });
}

test("what failed is asked for again by the next one", async () => {
  serve("/late.bin", 503);
  await assert.rejects(take("generator", "/late.bin"));
  serve("/late.bin", smallGenerator());
  assert.equal((await take("generator", "/late.bin")).latentDim, 4);
});

test("those not used for longest make room for others, those used last stay", async () => {
  const file = smallGenerator();
  const cache = new NetworkCache(2.5 * file.length);
  for (const name of ["a", "b", "c"]) serve(`/${name}.bin`, file);
  for (const name of ["a", "b", "a", "c", "a", "b"]) await cache.take("generator", `/${name}.bin`);
  assert.deepEqual(
    ["a", "b", "c"].map((name) => times(`/${name}.bin`)),
    [1, 2, 1],
  );
});

test("a network that is larger than all the room is kept until the next one", async () => {
  const cache = new NetworkCache(1);
  for (const name of ["large", "larger"]) serve(`/${name}.bin`, smallGenerator());
  for (const name of ["large", "large", "larger", "large"]) await cache.take("generator", `/${name}.bin`);
  assert.deepEqual(
    ["large", "larger"].map((name) => times(`/${name}.bin`)),
    [2, 1],
  );
});

test("all who take share one cache", async () => {
  serve("/shared.bin", smallGenerator());
  assert.equal(await take("generator", "/shared.bin"), await take("generator", "/shared.bin"));
  assert.equal(times("/shared.bin"), 1);
});
