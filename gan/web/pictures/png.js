// A digit as a PNG (W3C, Portable Network Graphics, third edition) of grey levels.
//
// A browser's canvas could write one too, but some browsers change its pixels a little so that nobody is
// recognised by them, and a grey level is a number here.

import { SIDE } from "./pictures.js";

/** @import { Picture } from "./types" */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const AS_ABOVE = 2; // the filter under which a row of zeros repeats the row above
const LONGEST = 258; // bytes of one repetition (RFC 1951, section 3.2.5)
const SHORT = 10; // up to here, lengths have a code of their own
const POLYNOMIAL = 0xedb88320; // of CRC-32

/**
 * @param {Picture} picture
 * @param {number} zoom pixels of the file for a pixel of the digit
 * @returns {Uint8Array<ArrayBuffer>} the file
 */
export function png(picture, zoom) {
  const side = SIDE * zoom;
  const header = new DataView(new ArrayBuffer(13)); // its last bytes: grey, no interlacing
  header.setUint32(0, side);
  header.setUint32(4, side);
  header.setUint8(8, 8); // bits
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk("IHDR", new Uint8Array(header.buffer)),
    ...chunk("IDAT", compressed(filtered(picture, zoom))),
    ...chunk("IEND", []),
  ]);
}

/** @param {Picture} picture @param {number} zoom */
function filtered(picture, zoom) {
  const width = 1 + SIDE * zoom;
  const rows = new Uint8Array(SIDE * zoom * width);
  for (let y = 0; y < SIDE * zoom; y++) {
    if (y % zoom > 0) rows[y * width] = AS_ABOVE;
    else for (let x = 1; x < width; x++) rows[y * width + x] = inkAt(picture, (x - 1) / zoom, y / zoom);
  }
  return rows;
}

/** @param {Picture} picture @param {number} x @param {number} y */
function inkAt(picture, x, y) {
  return picture[SIDE * Math.floor(y) + Math.floor(x)];
}

/**
 * In the form of zlib (RFC 1950), with the fixed codes of RFC 1951. Only a byte that repeats itself is
 * written shorter, which is nearly all that an enlarged digit has.
 * @param {Uint8Array} bytes
 */
function compressed(bytes) {
  const bits = new Bits();
  bits.put(0b011, 3); // the last block, of fixed codes
  for (let at = 0, end; at < bytes.length; at = end) {
    for (end = at + 1; end < bytes.length && bytes[end] === bytes[at]; ) end++;
    putSign(bits, bytes[at]);
    for (let left = end - at - 1; left > 0; ) {
      const length = left >= LONGEST ? LONGEST : Math.min(left, SHORT);
      if (length < 3) putSign(bits, bytes[at]);
      else putRepetition(bits, length);
      left -= length < 3 ? 1 : length;
    }
  }
  putSign(bits, 256); // the end
  return [0x78, 0x01, ...bits.bytes, ...bigEndian(adler32(bytes))];
}

/** @param {Bits} bits @param {number} sign a byte, or from 256 on a code of RFC 1951, section 3.2.6 */
function putSign(bits, sign) {
  if (sign < 144) bits.putCode(0x30 + sign, 8);
  else if (sign < 256) bits.putCode(0x190 + sign - 144, 9);
  else if (sign < 280) bits.putCode(sign - 256, 7);
  else bits.putCode(0xc0 + sign - 280, 8);
}

/** The byte before, `length` times more. @param {Bits} bits @param {number} length 3 to 10, or 258 */
function putRepetition(bits, length) {
  putSign(bits, length === LONGEST ? 285 : 254 + length);
  bits.putCode(0, 5); // one byte back
}

/** Bits, from the lowest of each byte on. */
class Bits {
  constructor() {
    /** @type {number[]} */
    this.bytes = [];
    this.count = 0;
  }

  /** @param {number} value its lowest bit comes first @param {number} size in bits */
  put(value, size) {
    for (let i = 0; i < size; i++) {
      if (this.count % 8 === 0) this.bytes.push(0);
      this.bytes[this.bytes.length - 1] |= ((value >> i) & 1) << (this.count % 8);
      this.count++;
    }
  }

  /** Of a code the highest bit comes first. @param {number} code @param {number} size in bits */
  putCode(code, size) {
    for (let i = size - 1; i >= 0; i--) this.put(code >> i, 1);
  }
}

/** @param {string} name four letters @param {ArrayLike<number>} content */
function chunk(name, content) {
  const named = [...Array.from(name, (letter) => letter.charCodeAt(0)), ...Array.from(content)];
  return [...bigEndian(content.length), ...named, ...bigEndian(crc32(named))];
}

/** @param {number} word */
function bigEndian(word) {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255);
}

/** @param {number[]} bytes */
function crc32(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let i = 0; i < 8; i++) sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  }
  return ~sum >>> 0;
}

/** @param {Uint8Array} bytes */
function adler32(bytes) {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}
