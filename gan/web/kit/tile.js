// Digits on the screen.

export const SIDE = 28;
const RAMP = [
  [18, 14, 30],
  [124, 92, 214],
  [250, 248, 255],
]; // paper, the violet of everything generated, ink
const REAL_RAMP = [
  [14, 26, 22],
  [40, 160, 105],
  [248, 255, 251],
]; // the same in the green of everything real

/** 256 colours from paper to ink, evenly through `ramp` ([red, green, blue] each), as little-endian RGBA words. */
export function palette(ramp) {
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const place = (level / 255) * (ramp.length - 1);
    const below = Math.min(Math.floor(place), ramp.length - 2);
    const [red, green, blue] = ramp[below].map(
      (from, i) => from + (ramp[below + 1][i] - from) * (place - below),
    );
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

export const PALETTES = { generated: palette(RAMP), real: palette(REAL_RAMP) };

/** Paints 784 values on a picture: float32 in [-1, 1], +1 is ink, or uint8 with ink = 255. */
function colour(words, values, colours) {
  if (values instanceof Uint8Array) for (let i = 0; i < words.length; i++) words[i] = colours[values[i]];
  else for (let i = 0; i < words.length; i++) words[i] = colours[Math.round(127.5 * (values[i] + 1))];
}

/** A canvas of 28 x 28 pixels; the style sheet enlarges it without blurring. */
export class DigitTile {
  constructor(canvas = document.createElement("canvas"), origin = "generated") {
    canvas.width = canvas.height = SIDE;
    this.canvas = canvas;
    this.colours = PALETTES[origin];
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(SIDE, SIDE);
    this.words = new Uint32Array(this.image.data.buffer);
  }

  /** values: 784 numbers, float32 in [-1, 1] or uint8. */
  paint(values) {
    colour(this.words, values, this.colours);
    this.context.putImageData(this.image, 0, 0);
  }

  clear() {
    this.context.clearRect(0, 0, SIDE, SIDE);
  }
}

/** A canvas of many digits, `columns` to a row. */
export class DigitSheet {
  constructor(columns, rows, canvas = document.createElement("canvas"), origin = "generated") {
    this.canvas = canvas;
    this.columns = columns;
    this.colours = PALETTES[origin];
    canvas.width = columns * SIDE;
    canvas.height = rows * SIDE;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(SIDE, SIDE);
    this.words = new Uint32Array(this.image.data.buffer);
  }

  /** Paints the picture at a place, counted row by row from 0. */
  paint(place, values, colours = this.colours) {
    colour(this.words, values, colours);
    this.context.putImageData(
      this.image,
      (place % this.columns) * SIDE,
      Math.floor(place / this.columns) * SIDE,
    );
  }
}
