// Who hears of what changed, and when: at most once a frame, whatever happened in between.

/** @import { Change, Changed } from "./types" */

export class Changes {
  /** @param {(refresh: (now: number) => void) => void} nextFrame calls back once, before the screen is next drawn */
  constructor(nextFrame) {
    this.nextFrame = nextFrame;
    /** @type {Set<Change>} */
    this.changed = new Set();
    /** @type {{ names: readonly Change[] | null, hear: (changed: Changed) => void }[]} */
    this.listeners = [];
    this.isAwaited = false; // whether a frame is
    this.isClosed = false;
  }

  /** Whether there is anything to hear of yet; what changed before is told then. */
  get isReady() {
    return true;
  }

  /**
   * Tells `hear` when one of `names` changed, or in every frame if that is null; in the order of subscribing.
   *
   * @param {readonly Change[] | null} names
   * @param {(changed: Changed) => void} hear
   */
  subscribe(names, hear) {
    this.listeners.push({ names, hear });
  }

  /** Something is another now. Without a name: another frame is wanted. @param {Change[]} what */
  change(...what) {
    for (const one of what) this.changed.add(one);
    if (this.isAwaited) return;
    this.isAwaited = true;
    this.nextFrame((now) => this.refresh(now));
  }

  /** @param {number} now ms */
  refresh(now) {
    this.isAwaited = false;
    if (!this.isReady || this.isClosed) return;
    this.advance(now);
    const { changed } = this;
    this.changed = new Set();
    for (const { names, hear } of this.listeners)
      if (names === null || names.some((name) => changed.has(name))) hear(changed);
  }

  /** What moves by itself moves on. @param {number} _now ms */
  advance(_now) {}

  /** Nobody hears of anything any more. */
  close() {
    this.isClosed = true;
  }
}
