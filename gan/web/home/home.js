// A digit that never stands still: a slow walk through latent space, and beside it the digits it has passed.
// A conditional network is asked for another class whenever one is kept.

import { take } from "../inference/cache.js";
import { element, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";
import { randomLatent, slerp } from "../latent/geometry.js";
import { Walk } from "../latent/walk.js";

const KEPT = 5; // small digits beside the large one
const KEEP_EVERY = 2400; // ms
const JUMP_TIME = 450; // ms that a jump to a new digit takes
const HINT = "Click, or press Space, for another digit.";

const HERO_HTML = `
  <p class="problem" role="alert" data-testid="hero-error" hidden></p>
  <div class="stage hero">
    <div class="tile"><canvas data-testid="hero-canvas" role="button" tabindex="0"
      aria-label="A digit that the generator draws. Press for another one."></canvas></div>
    <div class="passed" aria-hidden="true">${'<div class="tile"><canvas></canvas></div>'.repeat(KEPT)}</div>
    <p class="hint">${HINT}</p>
  </div>`;

class Hero {
  constructor(root) {
    this.root = root;
    root.className = "digit-forge";
    root.innerHTML = HERO_HTML;
    this.stage = root.querySelector(".stage");
    this.problem = root.querySelector(".problem");
    const [large, ...small] = [...root.querySelectorAll("canvas")].map((canvas) => new DigitTile(canvas));
    this.large = large;
    this.small = small;
    this.passed = [];
    this.stillness = matchMedia("(prefers-reduced-motion: reduce)");
    this.seen = true;
    this.listen();
  }

  listen() {
    this.large.canvas.addEventListener("click", () => this.jump());
    this.large.canvas.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) this.jump();
    });
    this.wake = () => this.requestDraw();
    this.stillness.addEventListener("change", this.wake);
    this.watcher = new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      this.requestDraw();
    });
    this.watcher.observe(this.large.canvas);
  }

  async update({ network, classes, height }) {
    this.root.style.setProperty("--height", `${height}px`);
    this.classes = classes;
    if (network === this.network) return; // only the theme changed
    this.network = network;
    const isOver = () => this.isOver || network !== this.network; // it left the page, or shows another one
    try {
      const generator = await take("generator", network);
      if (isOver()) return;
      this.load(generator);
      this.problem.hidden = true;
    } catch (error) {
      if (isOver()) return;
      this.generator = null;
      this.withdraw();
      this.stage.hidden = true;
      this.problem.hidden = false;
      say(
        this.problem,
        `This network cannot be shown (${error.message}). Nothing else was touched: reload the page, or choose another network.`,
      );
    }
  }

  load(generator) {
    this.stage.hidden = false;
    this.generator = generator;
    this.digit = this.anyClass();
    if (this.walk?.z.length !== generator.latentDim) {
      this.walk = new Walk(randomLatent(generator.latentDim));
      this.journey = null;
    }
    this.fillPassed();
    this.requestDraw();
  }

  /** So that the strip is never empty: digits from other places. */
  fillPassed() {
    this.passed = this.small.map(() =>
      this.generator.generate(randomLatent(this.walk.z.length), this.anyClass()).slice(),
    );
    this.small.forEach((tile, i) => tile.paint(this.passed[i]));
    this.keptAt = performance.now();
  }

  /** One of the classes that the network has learned; undefined if it is not conditional. */
  anyClass() {
    return this.classes[Math.floor(Math.random() * this.classes.length)];
  }

  jump() {
    if (!this.generator) return;
    this.keep(performance.now());
    const goal = new Walk(randomLatent(this.walk.z.length));
    this.journey = { from: this.walk.z.slice(), to: goal.z.slice(), began: performance.now() };
    this.walk = goal;
    this.requestDraw();
  }

  requestDraw() {
    this.frame ??= requestAnimationFrame((now) => this.draw(now));
  }

  draw(now) {
    this.frame = null;
    if (!this.generator || !this.seen) return;
    // A large network on a slow machine gets half of the time, so that the page stays quick.
    const rested = now - (this.drawnAt ?? 0) >= 2 * (this.cost ?? 0);
    if (rested) this.drawNext(now);
    if (!this.stillness.matches || !rested) this.requestDraw();
  }

  drawNext(now) {
    const began = performance.now();
    this.values = this.generator.generate(this.place(now), this.digit);
    this.large.paint(this.values);
    this.announce();
    this.cost = performance.now() - began;
    this.drawnAt = now;
    if (!this.stillness.matches && now - this.keptAt > KEEP_EVERY) this.keep(now);
  }

  /** Where the walk is at this moment; with reduced motion, where the last jump led. */
  place(now) {
    if (this.stillness.matches) {
      this.journey = null;
      return this.walk.z;
    }
    const seconds = Math.min(0.05, Math.max(0, now - (this.drawnAt ?? now)) / 1000);
    if (this.journey === null) return this.walk.step(seconds);
    const { from, to, began } = this.journey;
    const share = Math.min(1, Math.max(0, now - began) / JUMP_TIME);
    slerp(from, to, share * share * (3 - 2 * share), this.walk.z);
    if (share === 1) this.journey = null;
    return this.walk.z;
  }

  /** The digit on screen becomes the newest of the small ones. */
  keep(now) {
    this.passed = [this.values.slice(), ...this.passed].slice(0, KEPT);
    this.small.forEach((tile, i) => tile.paint(this.passed[i]));
    this.keptAt = now;
    this.digit = this.anyClass();
  }

  /** Tells tests that a picture is there, and lets them ask for others. */
  announce() {
    this.large.canvas.generate = (z, label) => this.generator.generate(z, label).slice();
    this.large.canvas.dataset.ready = "true";
  }

  withdraw() {
    delete this.large.canvas.generate;
    delete this.large.canvas.dataset.ready;
  }

  destroy() {
    this.isOver = true;
    cancelAnimationFrame(this.frame);
    this.stillness.removeEventListener("change", this.wake);
    this.watcher.disconnect();
    this.root.remove();
  }
}

const heroes = new WeakMap();

export default function ({ data, parentElement }) {
  let hero = heroes.get(parentElement);
  if (hero === undefined) {
    const root = element("div");
    parentElement.appendChild(root);
    hero = new Hero(root);
    heroes.set(parentElement, hero);
  }
  hero.update(data);
  return () => {
    hero.destroy();
    heroes.delete(parentElement);
  };
}
