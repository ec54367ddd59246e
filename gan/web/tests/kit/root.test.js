// Addresses are found from where the app was loaded, wherever that is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRoot } from "../../kit/root.js";

test("addresses are found three folders above this file's own", () => {
  const root = new URL("../../../../", import.meta.url);
  assert.equal(fromRoot("_live/stream"), new URL("_live/stream", root).href);
});

test("what is a whole address already stays", () => {
  const address = "https://class.example/user/x/_live/networks/stored/7";
  assert.equal(fromRoot(address), address);
});
