// A run's sheets of samples, fetched in the background, those nearest to the cursor first.

const AT_ONCE = 4; // requests: a browser keeps six connections, and a class shares the server
const PATIENCE = 4000; // ms until what failed is asked for again
const TRIES = 5;

export class Sheets {
  constructor(arrived) {
    this.arrived = arrived;
    this.addresses = [];
    this.bitmaps = new Map(); // by address, as is what follows
    this.asked = new Set();
    this.failed = new Map();
    this.aim = 0;
  }

  /** Hold these sheets, in order. What is loaded of them stays, what is not among them goes. */
  take(addresses) {
    this.addresses = addresses;
    for (const address of this.bitmaps.keys()) if (!addresses.includes(address)) this.drop(address);
    this.load();
  }

  /** Load what is near this place first. */
  aimAt(place) {
    this.aim = place;
    this.load();
  }

  /** The place of the loaded sheet that is nearest to this one; -1 if none is loaded. */
  nearest(place) {
    return this.closest(place, (address) => this.bitmaps.has(address));
  }

  bitmap(place) {
    return this.bitmaps.get(this.addresses[place]);
  }

  get loaded() {
    return this.bitmaps.size;
  }

  closest(place, fits) {
    const { addresses } = this;
    for (let away = 0; away < addresses.length; away++) {
      for (const at of [place - away, place + away]) if (at in addresses && fits(addresses[at])) return at;
    }
    return -1;
  }

  load() {
    const isOpen = (address) =>
      !this.bitmaps.has(address) && !this.asked.has(address) && (this.failed.get(address) ?? 0) < TRIES;
    while (this.asked.size < AT_ONCE) {
      const place = this.closest(this.aim, isOpen);
      if (place < 0) return;
      this.fetch(this.addresses[place]);
    }
  }

  async fetch(address) {
    this.asked.add(address);
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${response.status} for ${address}`);
      const bitmap = await createImageBitmap(await response.blob());
      if (this.addresses.includes(address)) this.bitmaps.set(address, bitmap);
      else bitmap.close(); // no longer wanted
    } catch (error) {
      this.failed.set(address, (this.failed.get(address) ?? 0) + 1);
      await new Promise((done) => setTimeout(done, PATIENCE));
    }
    this.asked.delete(address);
    this.load();
    this.arrived();
  }

  drop(address) {
    this.bitmaps.get(address).close();
    this.bitmaps.delete(address);
  }

  close() {
    this.take([]);
  }
}
