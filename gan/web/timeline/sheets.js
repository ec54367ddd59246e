// A run's sheets of samples, fetched in the background, those nearest to the cursor first.

const AT_ONCE = 4; // requests: a browser keeps six connections, and a class shares the server
const PATIENCE = 4000; // ms until what failed is asked for again
const TRIES = 5;

export class Sheets {
  /** @param {() => void} arrived told of each sheet that is there, or could not be had */
  constructor(arrived) {
    this.arrived = arrived;
    /** @type {string[]} */
    this.addresses = [];
    /** @type {Map<string, ImageBitmap>} by address, as is what follows */
    this.bitmaps = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
    /** @type {Map<string, number>} */
    this.failures = new Map();
    this.aim = 0;
  }

  /**
   * Hold these sheets, in order. What is loaded of them stays, what is not among them goes.
   * @param {string[]} addresses
   */
  take(addresses) {
    this.addresses = addresses;
    for (const [address, bitmap] of this.bitmaps) {
      if (addresses.includes(address)) continue;
      bitmap.close();
      this.bitmaps.delete(address);
    }
    this.load();
  }

  /**
   * Load what is near this place first.
   * @param {number} place
   */
  aimAt(place) {
    this.aim = place;
    this.load();
  }

  /**
   * The loaded sheet that is nearest to this place, and its own place; undefined if none is loaded.
   * @param {number} place
   * @returns {{ place: number, bitmap: ImageBitmap } | undefined}
   */
  nearest(place) {
    const found = this.closest(place, (address) => this.bitmaps.has(address));
    const bitmap = this.bitmaps.get(this.addresses[found]);
    return bitmap && { place: found, bitmap };
  }

  /** Whether all are there that can be had. */
  get isComplete() {
    return this.addresses.every((address) => this.bitmaps.has(address) || this.isGivenUp(address));
  }

  /** @param {string} address */
  isGivenUp(address) {
    return (this.failures.get(address) ?? 0) >= TRIES;
  }

  /**
   * The place of the closest sheet that fits; -1 if none does.
   * @param {number} place
   * @param {(address: string) => boolean} fits
   */
  closest(place, fits) {
    const { addresses } = this;
    for (let away = 0; away < addresses.length; away++) {
      for (const at of [place - away, place + away]) if (at in addresses && fits(addresses[at])) return at;
    }
    return -1;
  }

  load() {
    /** @param {string} address */
    const isOpen = (address) =>
      !this.bitmaps.has(address) && !this.asked.has(address) && !this.isGivenUp(address);
    while (this.asked.size < AT_ONCE) {
      const place = this.closest(this.aim, isOpen);
      if (place < 0) return;
      this.fetch(this.addresses[place]);
    }
  }

  /** @param {string} address */
  async fetch(address) {
    this.asked.add(address);
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${response.status} for ${address}`);
      const bitmap = await createImageBitmap(await response.blob());
      if (this.addresses.includes(address)) this.bitmaps.set(address, bitmap);
      else bitmap.close(); // no longer wanted
    } catch {
      this.failures.set(address, (this.failures.get(address) ?? 0) + 1);
      await new Promise((done) => setTimeout(done, PATIENCE));
    }
    this.asked.delete(address);
    this.load();
    this.arrived();
  }

  close() {
    this.take([]);
  }
}
