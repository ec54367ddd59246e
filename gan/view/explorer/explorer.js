// The latent explorer: a slider a dimension, a button a class, and the digit that they make, all in
// the browser. Python hears of them only when a hand lets go.

const COMMIT_PAUSE = 250; // ms between two commits at least, so that a held arrow key does not flood the server
const MEASURED = 31; // pictures behind the median shown as ms per picture
const TURNS = 6; // frames in which every slider follows the walk once

class Explorer {
  constructor(root) {
    this.root = root;
    root.className = "digit-forge";
    root.innerHTML = EXPLORER_HTML;
    this.tile = new DigitTile(root.querySelector("canvas"));
    this.sliders = [];
    this.classes = new ClassSelector(root.querySelector(".classes"), this);
    this.facts = Object.fromEntries([...root.querySelectorAll("[data-fact]")].map((fact) => [fact.dataset.fact, fact]));
    this.buttons = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((button) => [button.dataset.do, button]));
    this.status = root.querySelector(".status");
    this.z = new Float64Array(0);
    this.digit = null; // the class that is asked for; null if the network is not conditional
    this.past = new Past();
    this.costs = [];
    this.listen();
  }

  listen() {
    const actions = { random: () => this.random(), reset: () => this.reset(), undo: () => this.undo(), walk: () => this.toggleWalk() };
    for (const [name, button] of Object.entries(this.buttons)) button.addEventListener("click", actions[name]);
    this.root.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      this.undo();
    });
  }

  // ---- what Python asks for

  update(data, commit) {
    this.commitToPython = commit;
    if (data === this.data) return; // only the theme changed
    this.data = data;
    try {
      const { options, generator } = unpack(data);
      this.load(readGenerator(generator));
      this.classes.enable(options.classes);
      this.follow(options);
      showProblem(this.root, null);
    } catch (error) {
      this.stopWalk();
      this.generator = null;
      this.tile.withdraw();
      showProblem(this.root, error instanceof DamagedExport ? error.message : String(error));
    }
  }

  load(generator) {
    this.generator = generator;
    this.costs.length = 0;
    if (generator.latentDim !== this.z.length || generator.classes !== this.classes.inputs.length) {
      this.stopWalk();
      this.past = new Past();
      this.buttons.undo.disabled = true;
      this.buildSliders(generator.latentDim);
      this.classes.build(generator.classes);
      this.revision = undefined;
    }
    this.facts.norm.parentElement.title =
      `Length of z. Random draws have about √${this.z.length} = ${Math.sqrt(this.z.length).toFixed(1)}; ` +
      "much shorter or longer ones are outside of what the generator was trained on.";
    this.requestDraw();
    this.warmUp(12);
  }

  /** Goes to Python's place when Python steers anew (or first); otherwise the hand on the sliders stays in charge. */
  follow({ z, digit, revision }) {
    const first = this.revision === undefined;
    if (revision === this.revision) return;
    this.revision = revision;
    if (z !== null) this.stopWalk();
    if (!first) this.remember("address");
    this.show(z ?? (first ? randomLatent(this.z.length) : this.z), digit);
    this.committed = this.place();
  }

  // ---- what people do

  slide(index, value) {
    this.stopWalk();
    this.remember(`z${index + 1}`);
    this.z[index] = toSlider(value);
    this.sliders[index].show(this.z[index]);
    this.requestDraw();
  }

  settle(index) {
    this.commit();
    this.say(`z${index + 1} is ${this.z[index].toFixed(2)}`);
  }

  /** Another class with the same z; a walk goes on with it. */
  choose(digit) {
    this.remember("digit");
    this.show(this.z, digit);
    this.commit();
    this.say(`The digit is ${digit}`);
  }

  random() {
    this.change("Random draw", randomLatent(this.z.length));
  }

  reset() {
    this.change("Reset", new Float64Array(this.z.length));
  }

  change(name, z) {
    this.stopWalk();
    this.remember();
    this.show(z);
    this.commit();
    this.say(name);
  }

  undo() {
    this.stopWalk();
    if (this.past.empty) return this.say("Nothing to take back");
    const { z, digit } = this.past.takeBack();
    this.show(z, digit);
    this.buttons.undo.disabled = this.past.empty;
    this.commit();
    this.say("Taken back");
  }

  remember(name = null) {
    this.past.keep(this, name);
    this.buttons.undo.disabled = false;
  }

  // ---- walking

  toggleWalk() {
    if (this.walk) return this.stopWalk();
    this.remember();
    this.walk = new Walk(this.z);
    this.walkedAt = performance.now();
    this.buttons.walk.setAttribute("aria-pressed", "true");
    this.requestDraw();
    this.say("Walking");
  }

  stopWalk() {
    if (!this.walk) return;
    this.walk = null;
    this.sliders.forEach((slider, i) => slider.show(this.z[i]));
    this.buttons.walk.setAttribute("aria-pressed", "false");
    this.commit();
    this.say("Walk stopped");
  }

  // ---- drawing: at most once a frame, whatever happened in between

  show(z, digit = this.digit) {
    this.digit = digit;
    this.classes.show(digit);
    for (let i = 0; i < this.z.length; i++) {
      const value = toSlider(z[i]);
      if (value === this.z[i]) continue;
      this.z[i] = value;
      this.sliders[i].show(value);
    }
    this.requestDraw();
  }

  requestDraw() {
    this.frame ??= requestAnimationFrame((now) => this.draw(now));
  }

  draw(now) {
    this.frame = null;
    if (!this.generator) return;
    if (this.walk) this.walkOn(now);
    this.tile.paint(this.measured());
    this.tile.announce(this.generator);
    this.facts.norm.textContent = norm(this.z).toFixed(1);
  }

  /** A step of the walk. The sliders follow in turns: moving a hundred of them costs more than the picture. */
  walkOn(now) {
    const z = this.walk.step(Math.min(0.05, Math.max(0, now - this.walkedAt) / 1000));
    this.walkedAt = now;
    this.turn = ((this.turn ?? 0) + 1) % TURNS;
    for (let i = 0; i < z.length; i++) {
      this.z[i] = toSlider(z[i]);
      if (i % TURNS === this.turn) this.sliders[i].show(this.z[i]);
    }
    this.requestDraw();
  }

  measured() {
    const began = performance.now();
    const values = this.generator.generate(this.z, this.digit);
    this.costs.push(performance.now() - began);
    if (this.costs.length > MEASURED) this.costs.shift();
    if (this.costs.length > 4 && began - (this.toldCost ?? 0) > 250) {
      this.facts.cost.textContent = this.costs.slice().sort((a, b) => a - b)[this.costs.length >> 1].toFixed(1);
      this.toldCost = began;
    }
    return values;
  }

  /** Lets the browser compile the inner loops before a hand is on a slider, a picture at a time. */
  warmUp(pictures) {
    clearTimeout(this.warming);
    if (pictures === 0) return;
    this.warming = setTimeout(() => {
      if (this.generator) this.measured();
      this.warmUp(pictures - 1);
    }, 40);
  }

  // ---- telling Python and the reader

  commit() {
    clearTimeout(this.waiting);
    const wait = COMMIT_PAUSE - (performance.now() - (this.committedAt ?? -Infinity));
    if (wait > 0) {
      this.waiting = setTimeout(() => this.commit(), wait);
    } else if (this.place() !== this.committed) {
      this.committed = this.place();
      this.committedAt = performance.now();
      this.commitToPython("commit", { z: Array.from(this.z), digit: this.digit, revision: this.revision });
    }
  }

  /** Where the explorer stands, to compare. */
  place() {
    return `${this.z};${this.digit}`;
  }

  say(text) {
    this.status.textContent = text;
  }

  buildSliders(size) {
    this.z = new Float64Array(size);
    this.sliders = Array.from(this.z, (_, index) => new Slider(index, this));
    this.root.querySelector(".sliders").replaceChildren(...this.sliders.map((slider) => slider.element));
    this.facts.size.textContent = size;
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.warming);
    clearTimeout(this.waiting);
    this.root.remove();
  }
}

const explorers = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const explorer = mountedAt(explorers, parentElement, (root) => new Explorer(root));
  explorer.update(data, setStateValue);
  return () => {
    explorer.destroy();
    explorers.delete(parentElement);
  };
}
