// Latent vectors: drawn from a seed, moved between, wandered among.

export const LIMIT = 3; // sliders run from -3 to 3; a standard normal number leaves that range 3 times in 1000
const ROOMY = 2.2; // of 64 draws of 64 numbers, 10 keep within it

/** To hundredths inside the sliders' range, so that an address gives the picture back exactly. */
export function toSlider(value) {
  const clipped = Math.min(LIMIT, Math.max(-LIMIT, value));
  return Math.round(clipped * 100) / 100 + 0; // + 0 turns -0 into 0
}

/** 32 random bits, to draw from again. */
export function newSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/** As `newSeed`, but none of its numbers is near the end of its slider: there is room to all sides of it. */
export function roomySeed(size) {
  let seed = newSeed();
  for (let tries = 1; tries < 500 && normals(seed, size).some((value) => Math.abs(value) > ROOMY); tries++)
    seed = newSeed();
  return seed;
}

/**
 * `size` normal numbers in hundredths from -3 to 3, fixed by `seed` (32 bits): gan/latent draws the
 * same. Salmon et al. 2011 call it a counter-based generator: a number is a hash of its place. The hash
 * is the finaliser of MurmurHash3 (Appleby 2011), the numbers come by Box and Muller 1958.
 */
export function normals(seed, size) {
  return Float64Array.from({ length: size }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((mixed(seed, 2 * i) + 1) / 2 ** 32));
    return toSlider(radius * Math.cos((2 * Math.PI * mixed(seed, 2 * i + 1)) / 2 ** 32));
  });
}

function mixed(seed, place) {
  return hash((hash(seed >>> 0) + Math.imul(place, 0x9e3779b9)) >>> 0);
}

function hash(bits) {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

export function randomLatent(size) {
  return normals(newSeed(), size);
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function norm(z) {
  return Math.sqrt(dot(z, z));
}

/** The straight line from a to b (share 0 to 1), into `out`: half way, the norm is too small. */
export function lerp(a, b, share, out) {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + share * (b[i] - a[i]);
  return out;
}

/**
 * Spherical interpolation from a to b (Shoemake 1985; share 0 to 1), into `out`: direction turns at
 * constant speed and length changes evenly. As gan/latent's, it is the straight line where no single
 * great circle is defined.
 */
export function slerp(a, b, share, out) {
  const [ofA, ofB] = [norm(a), norm(b)];
  const cosine = dot(a, b) / (ofA * ofB || 1);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (ofA === 0 || ofB === 0 || sine < 1e-6) return lerp(a, b, share, out);
  const length = (1 - share) * ofA + share * ofB;
  const fromA = (length * Math.sin((1 - share) * angle)) / (sine * ofA);
  const fromB = (length * Math.sin(share * angle)) / (sine * ofB);
  for (let i = 0; i < out.length; i++) out[i] = fromA * a[i] + fromB * b[i];
  return out;
}

/**
 * A smooth walk on the sphere where random draws live: in many dimensions nearly all of
 * a normal distribution lies close to radius sqrt(size). From elsewhere it drifts there.
 */
export class Walk {
  static SPEED = 0.5; // radians a second: an unrelated digit after about three seconds
  static WANDER = 0.7; // how fast the heading forgets itself, so that the circle never closes
  static HOMING = 1.5; // seconds in which the distance to the typical radius shrinks to a third

  constructor(z) {
    this.z = Float64Array.from(z);
    this.heading = randomLatent(z.length);
    if (norm(this.z) < 1e-3) this.z = randomLatent(z.length).map((value) => value * 1e-3);
  }

  /** Moves on by some seconds; returns the new z, which is reused. */
  step(seconds) {
    const { z, heading } = this;
    const radius = norm(z);
    this.turn(seconds, radius);
    const typical = Math.sqrt(z.length);
    const next = radius + (typical - radius) * (1 - Math.exp(-seconds / Walk.HOMING));
    const cosine = Math.cos(Walk.SPEED * seconds);
    const sine = Math.sin(Walk.SPEED * seconds);
    for (let i = 0; i < z.length; i++) {
      const along = z[i] / radius;
      z[i] = (along * cosine + heading[i] * sine) * next;
      heading[i] = heading[i] * cosine - along * sine;
    }
    return z;
  }

  /** Lets the heading wander, then makes it a unit vector at right angles to z again. */
  turn(seconds, radius) {
    const { z, heading } = this;
    const wander = Walk.WANDER * Math.sqrt(seconds / z.length);
    for (let i = 0; i < z.length; i++) heading[i] += wander * Walk.normal();
    const forward = dot(heading, z) / radius ** 2;
    for (let i = 0; i < z.length; i++) heading[i] -= forward * z[i];
    const length = norm(heading) || 1;
    for (let i = 0; i < z.length; i++) heading[i] /= length;
  }

  static normal() {
    return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  }
}
