import assert from "node:assert/strict";
import test from "node:test";
import { take } from "../../inference/cache.js";
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
  const large = networkFile(
    { latent_dim: 4 },
    [dense(4, 8000, "relu"), dense(8000, 784, "tanh")],
    largeNumbers(),
  );
  for (const name of ["a", "b", "c"]) serve(`/${name}.bin`, large);
  await take("generator", "/a.bin");
  await take("generator", "/b.bin");
  await take("generator", "/a.bin");
  for (let i = 0; i < 3; i++) {
    serve(`/more-${i}.bin`, large);
    await take("generator", `/more-${i}.bin`);
    await take("generator", "/a.bin");
  }
  assert.equal(times("/a.bin"), 1);
  await take("generator", "/b.bin");
  assert.equal(times("/b.bin"), 2);
});

/** 25 MB of zeros: four such networks fit. */
function largeNumbers() {
  return new Float32Array(4 * 8000 + 8000 + 8000 * 784 + 784);
}
