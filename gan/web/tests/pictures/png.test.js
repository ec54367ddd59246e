import assert from "node:assert/strict";
import test from "node:test";
import * as zlib from "node:zlib";
import { PIXELS, SIDE } from "../../pictures/pictures.js";
import { png } from "../../pictures/png.js";

const RAMP = Uint8Array.from({ length: PIXELS }, (_, i) => (7 * i) % 256);

/** The chunks of a file, by name. @param {Uint8Array} file */
function chunksOf(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const chunks = new Map();
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    chunks.set(name, {
      content: file.subarray(at + 8, at + 8 + length),
      sum: view.getUint32(at + 8 + length),
      at,
    });
    at += 12 + length;
  }
  return chunks;
}

/** The grey levels of a file, by hand: filters 0 and 2 alone. @param {Uint8Array} file @param {number} side */
function decoded(file, side) {
  const rows = zlib.inflateSync(chunksOf(file).get("IDAT").content);
  const levels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    const filter = rows[y * (side + 1)];
    assert.ok(filter === 0 || filter === 2);
    for (let x = 0; x < side; x++) {
      const above = filter === 2 ? levels[(y - 1) * side + x] : 0;
      levels[y * side + x] = rows[y * (side + 1) + 1 + x] + above;
    }
  }
  return levels;
}

test("a file begins as every PNG does", () => {
  assert.deepEqual(Array.from(png(RAMP, 1).subarray(0, 8)), [137, 80, 78, 71, 13, 10, 26, 10]);
});

test("its header says how large it is, and that it is grey", () => {
  const header = chunksOf(png(RAMP, 3)).get("IHDR").content;
  assert.deepEqual(Array.from(header), [0, 0, 0, 84, 0, 0, 0, 84, 8, 0, 0, 0, 0]);
});

test("it has its three parts in order", () => {
  assert.deepEqual([...chunksOf(png(RAMP, 2)).keys()], ["IHDR", "IDAT", "IEND"]);
});

for (const zoom of [1, 2, 3, 20, 40]) {
  test(`decoded, an enlargement by ${zoom} has each pixel as a square`, () => {
    const side = SIDE * zoom;
    const levels = decoded(png(RAMP, zoom), side);
    const expected = levels.map((_, at) => {
      const [row, column] = [Math.floor(at / side / zoom), Math.floor((at % side) / zoom)];
      return RAMP[row * SIDE + column];
    });
    assert.deepEqual(levels, expected);
  });
}

/** Bit by bit (W3C, Portable Network Graphics, annex D). @param {Uint8Array} bytes */
function remainder(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((sum ^ (byte >> bit)) & 1) === 1;
      sum = (sum >>> 1) ^ (isOdd ? 0xedb88320 : 0);
    }
  return (sum ^ 0xffffffff) >>> 0;
}

test("the sum behind each part is that of the part", () => {
  const file = png(RAMP, 2);
  for (const { content, sum, at } of chunksOf(file).values())
    assert.equal(sum, remainder(file.subarray(at + 4, at + 8 + content.length)));
});

test("the end has the sum that every PNG has there", () => {
  assert.equal(chunksOf(png(RAMP, 1)).get("IEND").sum, 0xae426082);
});

for (const ink of [0, 143, 144, 255]) {
  test(`a picture all of ${ink} is small and decoded whole`, () => {
    const file = png(new Uint8Array(PIXELS).fill(ink), 20);
    assert.ok(file.length < 8000, `${file.length}`);
    assert.ok(decoded(file, 560).every((level) => level === ink));
  });
}

test("an enlarged digit takes little room", () => {
  assert.ok(png(RAMP, 20).length < 30_000);
});
