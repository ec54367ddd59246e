// One digit on the screen.

const SIDE = 28;
const RAMP = [[18, 14, 30], [124, 92, 214], [250, 248, 255]]; // paper, the violet of everything generated, ink

/** 256 colours from paper to ink, as the little-endian RGBA words that ImageData holds. */
const PALETTE = Uint32Array.from({ length: 256 }, (_, level) => {
  const place = (level / 255) * (RAMP.length - 1);
  const below = Math.min(Math.floor(place), RAMP.length - 2);
  const [red, green, blue] = RAMP[below].map((from, i) => from + (RAMP[below + 1][i] - from) * (place - below));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});

/** Paints pictures on a canvas of 28 x 28 pixels; the style sheet enlarges it without blurring. */
class DigitTile {
  constructor(canvas) {
    canvas.width = canvas.height = SIDE;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(SIDE, SIDE);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** values: 784 numbers in [-1, 1], +1 is ink. */
  paint(values) {
    for (let i = 0; i < values.length; i++) this.pixels[i] = PALETTE[Math.round(127.5 * (values[i] + 1))];
    this.context.putImageData(this.image, 0, 0);
  }

  /** Tells tests and assistive scripts that a picture is there, and lets them ask for others. */
  announce(generator) {
    this.canvas.generate = (z, label) => generator.generate(z, label).slice();
    this.canvas.dataset.ready = "true";
  }

  /** The picture is gone: nothing to ask for any more. */
  withdraw() {
    delete this.canvas.generate;
    delete this.canvas.dataset.ready;
  }
}
