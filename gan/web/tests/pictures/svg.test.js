import assert from "node:assert/strict";
import test from "node:test";
import { PIXELS, SIDE } from "../../pictures/pictures.js";
import { svg } from "../../pictures/svg.js";

/** The picture that the rectangles of a drawing paint. @param {string} drawing */
function painted(drawing) {
  const picture = new Uint8Array(PIXELS);
  const shapes = drawing.matchAll(
    /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="1" fill="rgb\((\d+),\4,\4\)"\/>/g,
  );
  for (const shape of shapes) {
    const [x, y, width, ink] = shape.slice(1).map(Number);
    picture.fill(ink, SIDE * y + x, SIDE * y + x + width);
  }
  return picture;
}

test("a drawing paints the digit", () => {
  const picture = Uint8Array.from({ length: PIXELS }, (_, i) => (i % 5 ? 0 : (11 * i) % 256));
  assert.deepEqual(painted(svg(picture, 10)), picture);
});

test("pixels of one grey beside each other are one rectangle", () => {
  const picture = new Uint8Array(PIXELS).fill(77, SIDE * 3 + 4, SIDE * 3 + 9);
  const rows = svg(picture, 1).match(/<rect x="[^>]*>/g);
  assert.deepEqual(rows, ['<rect x="4" y="3" width="5" height="1" fill="rgb(77,77,77)"/>']);
});

test("a rectangle ends with its row", () => {
  assert.equal(svg(new Uint8Array(PIXELS).fill(9), 1).match(/<rect x=/g)?.length, SIDE);
});

test("it has the size that is asked for, and the digit's own coordinates", () => {
  assert.match(svg(new Uint8Array(PIXELS), 10), /width="280" height="280" viewBox="0 0 28 28"/);
});

test("paper is black below all", () => {
  assert.match(svg(new Uint8Array(PIXELS), 1), /<rect width="28" height="28" fill="rgb\(0,0,0\)"\/>/);
});
