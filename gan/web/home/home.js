// A digit that never stands still: a slow walk through latent space, and beside it the digits it has passed.
// A conditional network is asked for another class whenever one is kept.

import { take } from "../inference/cache.js";
import { component, Newest } from "../kit/component.js";
import { element, NextFrame, onStillness, prefersStillness, say } from "../kit/dom.js";
import { fromRoot } from "../kit/root.js";
import { DigitTile } from "../kit/tile.js";
import { randomLatent, slerp } from "../latent/geometry.js";
import { Walk } from "../latent/walk.js";

/** @import { Generator } from "../inference/networks.js" */

/**
 * network: its address; classes: those that can be asked for, none of a network that is not conditional; height: of
 * the large digit, in CSS pixels.
 * @typedef {{ network: string, classes: number[], height: number }} About
 */

const KEPT = 5; // small digits beside the large one
const KEEP_EVERY = 2400; // ms
const JUMP_TIME = 450; // ms that a jump to a new digit takes
const LONGEST_STRIDE = 0.05; // s: after a stall, the walk does not jump

class Hero {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.className = "digit-forge";
    this.large = new DigitTile(
      element("canvas", "", {
        role: "button",
        tabindex: 0,
        "aria-label": "A digit that the generator draws. Press for another one.",
        "aria-busy": true,
      }),
    );
    this.small = Array.from({ length: KEPT }, () => new DigitTile());
    this.problem = element("p", "problem", { role: "alert", hidden: "" });
    this.stage = element(
      "div",
      "stage hero",
      {},
      element("div", "tile", {}, this.large.canvas),
      element(
        "div",
        "passed",
        { "aria-hidden": true },
        ...this.small.map(({ canvas }) => element("div", "tile", {}, canvas)),
      ),
      element("p", "hint", {}, "Click, or press Space, for another digit."),
    );
    root.append(this.problem, this.stage);
    /** @type {Float32Array[]} the pictures of the small digits, the newest first */
    this.passed = [];
    this.network = "";
    /** @type {Walk | undefined} */
    this.walk = undefined;
    this.isSeen = true;
    this.cost = 0; // ms that the last picture took
    this.newest = new Newest();
    this.frame = new NextFrame((now) => this.draw(now));
    this.listen();
  }

  listen() {
    const { canvas } = this.large;
    canvas.addEventListener("click", () => this.jump());
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) this.jump();
    });
    this.forgetStillness = onStillness(() => this.frame.ask());
    this.watcher = new IntersectionObserver(([entry]) => {
      this.isSeen = entry.isIntersecting;
      this.frame.ask();
    });
    this.watcher.observe(canvas);
  }

  /** @param {About} about */
  async update({ network, classes, height }) {
    this.root.style.setProperty("--height", `${height}px`);
    this.classes = classes;
    if (network === this.network) return; // only the theme changed
    this.network = network;
    const isNewest = this.newest.begin();
    try {
      const generator = await take("generator", fromRoot(network));
      if (isNewest()) this.load(/** @type {Generator} */ (generator));
    } catch (error) {
      if (isNewest()) this.refuse(/** @type {Error} */ (error));
    }
  }

  /** @param {Error} error */
  refuse({ message }) {
    this.generator = undefined;
    this.large.canvas.setAttribute("aria-busy", "true");
    this.stage.hidden = true;
    this.problem.hidden = false;
    say(
      this.problem,
      `This network cannot be shown (${message}). Nothing else was touched: reload the page, or choose another network.`,
    );
  }

  /** @param {Generator} generator */
  load(generator) {
    this.problem.hidden = true;
    this.stage.hidden = false;
    this.generator = generator;
    this.digit = this.anyClass();
    if (this.walk?.z.length !== generator.latentDim) {
      this.walk = new Walk(randomLatent(generator.latentDim));
      this.journey = undefined;
    }
    // So that the strip is never empty: digits from other places.
    this.showPassed(
      this.small.map(() => generator.generate(randomLatent(generator.latentDim), this.anyClass()).slice()),
      performance.now(),
    );
    this.frame.ask();
  }

  /** One of the classes that the network has learned; undefined if it is not conditional. */
  anyClass() {
    const { classes = [] } = this;
    return classes[Math.floor(Math.random() * classes.length)];
  }

  /** To another digit. */
  jump() {
    if (!this.generator || !this.walk) return;
    const now = performance.now();
    this.keep(now);
    const goal = new Walk(randomLatent(this.generator.latentDim));
    this.journey = { from: this.walk.z.slice(), to: goal.z.slice(), began: now };
    this.walk = goal;
    this.frame.ask();
  }

  /** @param {number} now in ms, as what follows */
  draw(now) {
    if (!this.generator || !this.walk || !this.isSeen) return;
    // A large network on a slow machine gets half of the time, so that the page stays quick.
    const isRested = now - (this.drawnAt ?? 0) >= 2 * this.cost;
    if (isRested) this.drawNext(this.generator, this.walk, now);
    if (!prefersStillness() || !isRested) this.frame.ask();
  }

  /**
   * @param {Generator} generator
   * @param {Walk} walk
   * @param {number} now
   */
  drawNext(generator, walk, now) {
    const began = performance.now();
    this.picture = generator.generate(this.place(walk, now), this.digit);
    this.large.paint(this.picture);
    this.large.canvas.setAttribute("aria-busy", "false");
    this.cost = performance.now() - began;
    this.drawnAt = now;
    if (!prefersStillness() && now - (this.keptAt ?? now) > KEEP_EVERY) this.keep(now);
  }

  /**
   * Where the walk is at this moment; with reduced motion, where the last jump led.
   * @param {Walk} walk
   * @param {number} now
   */
  place(walk, now) {
    if (prefersStillness()) {
      this.journey = undefined;
      return walk.z;
    }
    const seconds = Math.min(LONGEST_STRIDE, Math.max(0, now - (this.drawnAt ?? now)) / 1000);
    if (!this.journey) return walk.step(seconds);
    const { from, to, began } = this.journey;
    const share = Math.min(1, Math.max(0, now - began) / JUMP_TIME);
    slerp(from, to, share * share * (3 - 2 * share), walk.z);
    if (share === 1) this.journey = undefined;
    return walk.z;
  }

  /**
   * The digit on screen becomes the newest of the small ones.
   * @param {number} now
   */
  keep(now) {
    if (this.picture) this.showPassed([this.picture.slice(), ...this.passed].slice(0, KEPT), now);
    this.digit = this.anyClass();
  }

  /**
   * @param {Float32Array[]} pictures
   * @param {number} now
   */
  showPassed(pictures, now) {
    this.passed = pictures;
    this.small.forEach((tile, i) => {
      tile.paint(pictures[i]);
    });
    this.keptAt = now;
  }

  close() {
    this.newest.end();
    this.frame.cancel();
    this.forgetStillness?.();
    this.watcher?.disconnect();
  }
}

export default component(Hero);
