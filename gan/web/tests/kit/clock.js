// Timers that run when a test says so.

/** In place of the timers of the page, from `start` to `stop`. */
export class Clock {
  now = 0; // ms
  last = 0;
  /** @type {Map<number, { due: number, every?: number, action: () => void }>} */
  timers = new Map();

  start() {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    this.own = { setTimeout, clearTimeout, setInterval, clearInterval };
    /**
     * @param {() => void} action
     * @param {number} wait
     * @param {number} [every]
     */
    const set = (action, wait, every) => {
      this.timers.set(++this.last, { due: this.now + wait, every, action });
      return this.last;
    };
    const clear = (/** @type {number} */ id) => this.timers.delete(id);
    Object.assign(globalThis, {
      setTimeout: set,
      clearTimeout: clear,
      setInterval: (/** @type {() => void} */ action, /** @type {number} */ every) =>
        set(action, every, every),
      clearInterval: clear,
    });
  }

  stop() {
    Object.assign(globalThis, this.own);
  }

  /**
   * Let time pass.
   * @param {number} ms
   */
  tick(ms) {
    const end = this.now + ms;
    for (;;) {
      const [next] = [...this.timers].sort(([, a], [, b]) => a.due - b.due);
      if (!next || next[1].due > end) break;
      const [id, timer] = next;
      this.now = timer.due;
      if (timer.every) timer.due += timer.every;
      else this.timers.delete(id);
      timer.action();
    }
    this.now = end;
  }
}
