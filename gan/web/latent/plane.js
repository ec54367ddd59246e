// A plane through latent space: where its points are in z, which of them z can reach, and how a map divides it
// into cells. Nothing here draws.

import { dot, LIMIT, norm } from "./geometry.js";

export const CELLS = 15; // to a side of the map
const FARTHEST = 40; // of a plane's coordinates, from its middle
const SLACK = 0.005; // what rounding to hundredths takes back
const FLATTEST = 1e-4; // the least squared sine between the two directions

/** Two directions that span no plane. */
export class Degenerate extends Error {}

/** The points base + x u + y v. */
export class Plane {
  /**
   * middle: [x, y] of the whole map; step: between its cells; closeness: how far from the plane each number of a z
   * may be that counts as in it, because z is held in hundredths. Throws Degenerate.
   */
  constructor(base, u, v, { middle = [0, 0], home = middle, step = 0.4, closeness = 0.011 } = {}) {
    Object.assign(this, { base, u, v, middle, home, step, closeness });
    this.gram = [dot(u, u), dot(u, v), dot(v, v)];
    this.determinant = this.gram[0] * this.gram[2] - this.gram[1] ** 2;
    if (!(this.determinant > FLATTEST * this.gram[0] * this.gram[2])) throw new Degenerate();
    this.reach = reachable(base, u, v);
    this.id = [...base, ...u, ...v].join();
  }

  /** Numbers `a` and `b` of z (from 0) are x and y; all others are z's. */
  static ofNumbers(z, a, b) {
    const base = Float64Array.from(z);
    base[a] = base[b] = 0;
    return new Plane(base, unit(z.length, a), unit(z.length, b), { closeness: 1e-9 });
  }

  /** Through z, along u and v; its middle is the point next to the origin of latent space in these directions. */
  static ofDirections(z, u, v) {
    const through = new Plane(new Float64Array(z.length), u, v);
    const { x, y } = through.locate(z);
    return new Plane(
      Float64Array.from(z, (value, i) => value - x * u[i] - y * v[i]),
      u,
      v,
    );
  }

  /** Through three points, at (0, 0), (1, 0) and (0, 1), which are centres of cells. */
  static ofPoints(a, b, c) {
    const from = (z) => Float64Array.from(z, (value, i) => value - a[i]);
    return new Plane(Float64Array.from(a), from(b), from(c), {
      middle: [0.5, 0.5],
      home: [0.33, 0.33],
      step: 0.125,
    });
  }

  /** z at (x, y), in hundredths as all that is drawn, but not kept within the sliders' range. */
  at(x, y) {
    return this.base.map((value, i) => Math.round(100 * (value + x * this.u[i] + y * this.v[i])) / 100 + 0);
  }

  /** The point of the plane nearest to z (least squares): { x, y, distance, isIn }. */
  locate(z) {
    const { base, u, v, gram } = this;
    const from = Float64Array.from(z, (value, i) => value - base[i]);
    const [alongU, alongV] = [dot(from, u), dot(from, v)];
    const x = (gram[2] * alongU - gram[1] * alongV) / this.determinant;
    const y = (gram[0] * alongV - gram[1] * alongU) / this.determinant;
    const apart = from.map((value, i) => value - x * u[i] - y * v[i]);
    return { x, y, distance: norm(apart), isIn: apart.every((value) => Math.abs(value) <= this.closeness) };
  }

  /** The cursor's place for a z: in hundredths, and such that it leads to this very z again if one does. */
  placeOf(z) {
    const found = this.locate(z);
    const exact = around(found.x, found.y).find(([x, y]) =>
      this.at(x, y).every((value, i) => value === z[i]),
    );
    const [x, y] = exact ?? [hundredths(found.x), hundredths(found.y)];
    return { ...found, x, y };
  }

  /** Whether no number of z is beyond the sliders' range at (x, y). */
  reaches(x, y) {
    return this.base.every(
      (value, i) => Math.abs(value + x * this.u[i] + y * this.v[i]) <= LIMIT + SLACK + 1e-9,
    );
  }

  /** The place in hundredths nearest to (x, y) that can be reached. */
  nearest(x, y) {
    if (!this.reaches(x, y)) [x, y] = onto(this.reach, x, y);
    return around(x, y).find((place) => this.reaches(...place)) ?? [hundredths(x), hundredths(y)];
  }
}

function unit(size, place) {
  const vector = new Float64Array(size);
  vector[place] = 1;
  return vector;
}

export function hundredths(value) {
  return Math.round(100 * value) / 100 + 0;
}

/** The nine places in hundredths about (x, y), the nearest first. */
function around(x, y) {
  const places = [-0.01, 0, 0.01].flatMap((dx) =>
    [-0.01, 0, 0.01].map((dy) => [hundredths(x + dx), hundredths(y + dy)]),
  );
  return places.sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y));
}

/**
 * The corners [x, y] of where every number of z stays within the sliders' range: a convex polygon, cut out of a large
 * square by a line for each end of each number (Sutherland and Hodgman 1974).
 */
function reachable(base, u, v) {
  let corners = [
    [-FARTHEST, -FARTHEST],
    [FARTHEST, -FARTHEST],
    [FARTHEST, FARTHEST],
    [-FARTHEST, FARTHEST],
  ];
  for (let i = 0; i < base.length; i++) {
    if (Math.hypot(u[i], v[i]) < 1e-9) continue;
    for (const sign of [-1, 1]) {
      corners = cut(corners, ([x, y]) => LIMIT + SLACK - sign * (base[i] + x * u[i] + y * v[i]));
    }
  }
  return corners;
}

/** What is left of a polygon where `room` is not negative. */
function cut(corners, room) {
  return corners.flatMap((to, i) => {
    const from = corners.at(i - 1);
    const [before, after] = [room(from), room(to)];
    const share = before / (before - after);
    const crossing = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    if (after < 0) return before < 0 ? [] : [crossing];
    return before < 0 ? [crossing, to] : [to];
  });
}

/** The point of a polygon's edge nearest to (x, y). */
function onto(corners, x, y) {
  let best = [x, y];
  let least = Infinity;
  for (const [i, [toX, toY]] of corners.entries()) {
    const [fromX, fromY] = corners.at(i - 1);
    const [dx, dy] = [toX - fromX, toY - fromY];
    const share = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
    const [nearX, nearY] = [fromX + share * dx, fromY + share * dy];
    const distance = Math.hypot(nearX - x, nearY - y);
    if (distance < least) [best, least] = [[nearX, nearY], distance];
  }
  return best;
}

// ---- what a map shows of a plane

const FINEST = 0.01; // between cells: z is held in hundredths
const COARSEST = 4; // levels out from the whole map

/** A square of a plane: its middle, and how far people zoomed in, in levels of which two double. */
export class View {
  constructor(plane, x = plane.middle[0], y = plane.middle[1], level = 0) {
    const deepest = Math.floor(2 * Math.log2(plane.step / FINEST));
    const within = (value) => Math.min(FARTHEST, Math.max(-FARTHEST, value));
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

  /** Shares of the map's side, from its top left corner, of a point of the plane. */
  share(x, y) {
    return [0.5 + (x - this.x) / this.span, 0.5 - (y - this.y) / this.span];
  }

  /** And back. */
  point(right, down) {
    return [this.x + (right - 0.5) * this.span, this.y - (down - 0.5) * this.span];
  }

  about(x, y) {
    return new View(this.plane, x, y, this.level);
  }

  on(plane) {
    return new View(plane, this.x, this.y, this.level);
  }

  /** Its middle moved by shares of the map's side. */
  panned(right, down) {
    return new View(this.plane, this.x + right * this.span, this.y - down * this.span, this.level);
  }

  /** Some levels in, while the point at these shares stays where it is. */
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

  /** Moved as little as shows (x, y). */
  revealing(x, y) {
    const room = this.span / 2 + 1e-9;
    const near = (middle, value) => Math.min(value + room, Math.max(value - room, middle));
    const [nextX, nextY] = [near(this.x, x), near(this.y, y)];
    return nextX === this.x && nextY === this.y ? this : this.about(nextX, nextY);
  }

  /**
   * The cells that are seen, in the order of drawing: { i, j, left, top }, the digit at (i, j) steps and where it is on a
   * map whose cells have `side` pixels. Every fourth of both, then every second: there is a rough map after a quarter.
   */
  cells(side) {
    const whole = CELLS * side;
    const left = (whole - side) / 2 + Math.round((-this.x / this.step) * side);
    const top = (whole - side) / 2 + Math.round((this.y / this.step) * side);
    const seen = [];
    for (let i = Math.floor(-left / side); left + i * side < whole; i++) {
      for (let j = Math.floor((top - whole) / side) + 1; top - j * side > -side; j++) {
        if (left + i * side > -side) seen.push({ i, j, left: left + i * side, top: top - j * side });
      }
    }
    const middle = (whole - side) / 2;
    const turn = ({ i, j, left, top }) => 1e6 * roughness(i, j) + Math.hypot(left - middle, top - middle);
    return seen.sort((a, b) => turn(a) - turn(b));
  }
}

function roughness(i, j) {
  const both = i | j;
  return (both & 3) === 0 ? 0 : (both & 1) === 0 ? 1 : 2;
}
