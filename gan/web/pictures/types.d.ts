/** A picture as networks have it: 784 numbers in [-1, 1], row by row, +1 is ink. */
export type Digit = Float32Array;

/** A picture as screens and files have it: 784 bytes, row by row, ink = 255. */
export type Picture = Uint8Array;

/** A place [x, y]; of strokes both from 0 to 1, from the left and from the top. */
export type Point = [x: number, y: number];

/** A line drawn by hand, from point to point. */
export type Stroke = Point[];
