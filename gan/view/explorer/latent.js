// Latent vectors as the sliders know them, and a walk among them that never ends.

const LIMIT = 3; // sliders run from -3 to 3; a standard normal number leaves that range 3 times in 1000

/** To hundredths inside the sliders' range, so that two decimals in an address give the picture back exactly. */
function toSlider(value) {
  const clipped = Math.min(LIMIT, Math.max(-LIMIT, value));
  return Math.round(clipped * 100) / 100 + 0; // + 0 turns -0 into 0
}

function normalNumber() {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  return radius * Math.cos(2 * Math.PI * Math.random());
}

function randomLatent(size) {
  return Float64Array.from({ length: size }, normalNumber);
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(z) {
  return Math.sqrt(dot(z, z));
}

/** Spherical interpolation from a to b (share 0 to 1), into `out`: half way, the norm stays typical. */
function slerp(a, b, share, out) {
  const cosine = dot(a, b) / (norm(a) * norm(b) || 1);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  const ofA = sine < 1e-6 ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const ofB = sine < 1e-6 ? share : Math.sin(share * angle) / sine;
  for (let i = 0; i < out.length; i++) out[i] = ofA * a[i] + ofB * b[i];
}

/**
 * A smooth walk on the sphere where random draws live: in many dimensions nearly all of
 * a normal distribution lies close to radius sqrt(size). From elsewhere it drifts there.
 */
class Walk {
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
    for (let i = 0; i < z.length; i++) heading[i] += wander * normalNumber();
    const forward = dot(heading, z) / radius ** 2;
    for (let i = 0; i < z.length; i++) heading[i] -= forward * z[i];
    const length = norm(heading) || 1;
    for (let i = 0; i < z.length; i++) heading[i] /= length;
  }
}
