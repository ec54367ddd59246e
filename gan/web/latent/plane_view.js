// What a map shows of a plane: a square of it, and how that is divided into cells. Nothing here draws.

import { hundredths } from "./geometry.js";
import { FARTHEST } from "./plane.js";

/** @import { Plane } from "./plane.js" */
/** @import { PlanePoint } from "./types" */

export const CELLS = 15; // to a side of the map
const FINEST = 0.01; // between cells: z is held in hundredths
const COARSEST = 4; // levels out from the whole map

/**
 * The digit at (i, j) steps of a plane, and where its top left pixel is on a map.
 * @typedef {{ i: number, j: number, left: number, top: number }} Cell
 */

/** A square of a plane: its middle, and how far people zoomed in, in levels of which two double. */
export class View {
  /**
   * @param {Plane} plane
   * @param {number} x of its middle
   * @param {number} y
   * @param {number} level 0 is the whole map
   */
  constructor(plane, x = plane.middle[0], y = plane.middle[1], level = 0) {
    const deepest = Math.floor(2 * Math.log2(plane.step / FINEST));
    this.plane = plane;
    this.x = within(x);
    this.y = within(y);
    this.level = Math.min(deepest, Math.max(-COARSEST, level));
    this.step = plane.step * 2 ** (-this.level / 2);
    this.span = CELLS * this.step;
  }

  get isWhole() {
    return this.level === 0 && this.x === this.plane.middle[0] && this.y === this.plane.middle[1];
  }

  /**
   * Shares of the map's side, from its top left corner, of a point of the plane.
   * @param {number} x
   * @param {number} y
   * @returns {[right: number, down: number]}
   */
  share(x, y) {
    return [0.5 + (x - this.x) / this.span, 0.5 - (y - this.y) / this.span];
  }

  /** And back. @param {number} right @param {number} down @returns {PlanePoint} */
  point(right, down) {
    return [this.x + (right - 0.5) * this.span, this.y - (down - 0.5) * this.span];
  }

  /** @param {number} x @param {number} y */
  about(x, y) {
    return new View(this.plane, x, y, this.level);
  }

  /** @param {Plane} plane */
  on(plane) {
    return new View(plane, this.x, this.y, this.level);
  }

  /** Its middle moved by shares of the map's side. @param {number} right @param {number} down */
  panned(right, down) {
    return new View(this.plane, this.x + right * this.span, this.y - down * this.span, this.level);
  }

  /**
   * Some levels in, while the point at these shares stays where it is.
   * @param {number} levels
   * @param {number} right
   * @param {number} down
   */
  zoomed(levels, right = 0.5, down = 0.5) {
    const [x, y] = this.point(right, down);
    const next = new View(this.plane, this.x, this.y, this.level + levels);
    const [nowX, nowY] = next.point(right, down);
    return new View(this.plane, this.x + x - nowX, this.y + y - nowY, next.level);
  }

  /** As an address holds it: the middle in hundredths, the level whole. */
  rounded() {
    return new View(this.plane, hundredths(this.x), hundredths(this.y), Math.round(this.level));
  }

  /** Moved as little as shows (x, y). @param {number} x @param {number} y @returns {View} */
  revealing(x, y) {
    const room = this.span / 2 + 1e-9;
    /** @param {number} middle @param {number} value */
    const near = (middle, value) => Math.min(value + room, Math.max(value - room, middle));
    const [nextX, nextY] = [near(this.x, x), near(this.y, y)];
    return nextX === this.x && nextY === this.y ? this : this.about(nextX, nextY);
  }

  /**
   * The cells that are seen, in the order of drawing. Every fourth of both, then every second: there is a rough map
   * after a quarter.
   * @param {number} side pixels of a cell
   * @returns {Cell[]}
   */
  cells(side) {
    const whole = CELLS * side;
    const middle = (whole - side) / 2;
    const left = middle + Math.round((-this.x / this.step) * side);
    const top = middle + Math.round((this.y / this.step) * side);
    const seen = [];
    for (let i = Math.floor(-left / side); left + i * side < whole; i++) {
      for (let j = Math.floor((top - whole) / side) + 1; top - j * side > -side; j++) {
        if (left + i * side > -side) seen.push({ i, j, left: left + i * side, top: top - j * side });
      }
    }
    /** @param {Cell} cell */
    const turn = (cell) =>
      1e6 * roughness(cell.i, cell.j) + Math.hypot(cell.left - middle, cell.top - middle);
    return seen.sort((a, b) => turn(a) - turn(b));
  }
}

/** @param {number} value */
function within(value) {
  return Math.min(FARTHEST, Math.max(-FARTHEST, value));
}

/** 0 to 2: how soon a cell is drawn. @param {number} i @param {number} j */
function roughness(i, j) {
  const both = i | j;
  return (both & 3) === 0 ? 0 : (both & 1) === 0 ? 1 : 2;
}
