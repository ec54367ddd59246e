// A mode has one name everywhere: in the address, on its tab, of its folder, its file and its class.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { MODES } from "../../explorer/modes.js";

const ORDER = ["film", "noise", "sliders", "map", "path", "sum", "find"];

for (const [i, Mode] of MODES.entries()) {
  test(`the ${ORDER[i]}`, () => {
    const { id, title } = Mode.prototype;
    assert.equal(id, ORDER[i], "addresses of before have to open");
    assert.equal(title.toLowerCase(), id);
    assert.equal(Mode.name, `${title}Mode`);
    assert.ok(existsSync(new URL(`../../explorer/${id}/${id}.js`, import.meta.url)));
  });
}
