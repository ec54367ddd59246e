// A slider for each number of z, those that change the picture most first.

import { isCancelled } from "../../inference/inference.js";
import { button, element, later, say } from "../../kit/dom.js";
import { DigitSheet } from "../../kit/tile.js";
import { LIMIT } from "../../latent/geometry.js";

const TURNS = 6; // frames in which every slider follows once: moving a hundred of them costs more than the picture
const STEPS = 7; // pictures in the strip below a slider
const LOCK = `<svg viewBox="0 0 16 16" aria-hidden="true"><path class="shackle" d="M5 8V5a3 3 0 0 1 6 0v3"/>
  <rect x="3" y="8" width="10" height="7" rx="1.5"/></svg>`;
const STILL = 250; // ms that z has to rest before strips are drawn

class Slider {
  constructor(index, mode) {
    const { explorer } = mode;
    this.index = index;
    this.name = `z${index + 1}`;
    this.output = element("output", "", {}, "0.00");
    this.input = element("input", "", {
      type: "range",
      min: -LIMIT,
      max: LIMIT,
      step: 0.01,
      value: 0,
      "aria-label": this.name,
      "data-testid": this.name,
    });
    this.lock = button("", () => mode.lock(this), {
      class: "lock",
      "aria-pressed": "false",
      "aria-label": `Lock ${this.name}`,
      title: "Locked, it stays when others are drawn, reset or walked",
    });
    this.lock.innerHTML = LOCK;
    this.zero = button("0", () => mode.change(this, 0, true), {
      class: "zero",
      "aria-label": `Set ${this.name} to 0`,
      title: "To 0 (or double-click the slider)",
    });
    this.strip = element("canvas", "", {
      "aria-hidden": "true",
      title: "The digit with this number from -3 to 3: click to go there",
    });
    this.element = element(
      "div",
      "slider",
      {},
      element("div", "head", {}, element("span", "name", {}, this.name), this.output, this.zero, this.lock),
      this.input,
      this.strip,
    );
    this.sheet = new DigitSheet(STEPS, 1, this.strip);
    this.input.addEventListener("input", () => mode.change(this, this.input.valueAsNumber));
    this.input.addEventListener("change", () =>
      explorer.settle(`${this.name} is ${explorer.z[index].toFixed(2)}`, this.name),
    );
    this.input.addEventListener("dblclick", () => mode.change(this, 0, true));
    this.strip.addEventListener("click", (event) => {
      const share = (event.offsetX / this.strip.clientWidth) * STEPS;
      mode.change(this, -LIMIT + (2 * LIMIT * Math.floor(share)) / (STEPS - 1), true);
    });
    this.show(0);
  }

  show(value) {
    const place = (value + LIMIT) / (2 * LIMIT);
    this.value = value;
    this.input.value = value;
    this.output.textContent = value.toFixed(2);
    this.input.style.setProperty("--from", Math.min(place, 0.5));
    this.input.style.setProperty("--to", Math.max(place, 0.5));
  }
}

/** Once no pointer holds what is in `list`: moving it in the page would take it out of the hand. */
function released(list) {
  if (!list.matches(":active")) return Promise.resolve();
  return new Promise((done) => addEventListener("pointerup", () => setTimeout(done), { once: true }));
}

export class Sliders {
  id = "sliders";
  title = "Sliders";

  constructor(explorer) {
    this.explorer = explorer;
    this.sliders = [];
    this.caption = element("p", "caption");
    this.search = element("input", "", {
      type: "search",
      placeholder: "Find: 12, or 3 8 40",
      "aria-label": "Find numbers of z",
      "data-testid": "slider-search",
    });
    this.search.addEventListener("input", () => this.filter());
    this.order = element(
      "select",
      "",
      { "aria-label": "Order of the sliders", "data-testid": "slider-order" },
      element("option", "", { value: "effect" }, "by effect"),
      element("option", "", { value: "number" }, "by number"),
    );
    this.order.addEventListener("change", () => this.arrange());
    this.none = element("p", "quiet", { hidden: "" }, "No number of z is called that.");
    this.list = element("div", "sliders", { role: "group", "aria-label": "The latent vector z" });
    this.element = element(
      "div",
      "latent",
      {},
      element("div", "head", {}, this.caption, this.search, this.order),
      this.none,
      this.list,
    );
    this.drawStrips = later(() => this.strips(), STILL);
    this.followAll = later(() => this.follow(), STILL);
    this.seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) target.slider.isSeen = isIntersecting;
        this.drawStrips();
      },
      { rootMargin: "100px" },
    );
  }

  /** Called once the network is known. */
  build() {
    const { explorer } = this;
    explorer.locked = new Set();
    this.sliders = Array.from(explorer.z, (_, index) => new Slider(index, this));
    for (const slider of this.sliders) {
      slider.element.slider = slider;
      this.seen.observe(slider.element);
    }
    this.list.replaceChildren(...this.sliders.map((slider) => slider.element));
    say(this.caption, `${this.sliders.length} numbers, one digit.`);
  }

  change(slider, value, isWhole = false) {
    const { explorer } = this;
    explorer.stopWalk();
    explorer.remember(slider.name);
    const z = explorer.z.slice();
    z[slider.index] = value;
    explorer.move(z);
    slider.show(explorer.z[slider.index]);
    if (isWhole) explorer.settle(`${slider.name} is ${explorer.z[slider.index].toFixed(2)}`, slider.name);
  }

  lock(slider) {
    const { locked } = this.explorer;
    const isLocked = !locked.delete(slider.index);
    if (isLocked) locked.add(slider.index);
    slider.lock.setAttribute("aria-pressed", isLocked);
    this.explorer.say(`${slider.name} is ${isLocked ? "locked" : "free"}`);
  }

  refresh(changed) {
    const { explorer } = this;
    if (changed.has("z") || changed.has("mode")) this.follow();
    if (["z", "digit", "scale", "network", "mode"].some((what) => changed.has(what))) this.drawStrips();
    if ((changed.has("network") || changed.has("mode")) && explorer.network.url !== this.measured)
      this.measure();
  }

  /** All at once, or while z keeps moving a share of them each frame. */
  follow() {
    const { explorer, sliders } = this;
    const now = performance.now();
    const isMoving = now - (this.followed ?? 0) < 100;
    this.followed = now;
    if (isMoving) this.followAll(); // the last of them once it rests
    this.turn = ((this.turn ?? 0) + 1) % TURNS;
    for (const slider of sliders) {
      if (isMoving && slider.index % TURNS !== this.turn) continue;
      if (slider.value !== explorer.z[slider.index]) slider.show(explorer.z[slider.index]);
    }
  }

  enter() {
    this.followed = 0;
    this.explorer.change("mode");
  }

  // ---- order and search

  /** How much each number changes the picture: asked once a network. */
  async measure() {
    const { explorer } = this;
    this.measured = explorer.network.url;
    this.measuring?.abort();
    this.measuring = new AbortController();
    try {
      const args = { network: explorer.network.url, label: explorer.digit };
      this.effects = await explorer.studio.run("effects", args, { signal: this.measuring.signal });
      await released(this.list);
      this.arrange();
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    }
  }

  arrange() {
    const { effects, sliders } = this;
    const byEffect = this.order.value === "effect" && effects;
    const order = byEffect ? [...sliders].sort((a, b) => effects[b.index] - effects[a.index]) : sliders;
    const focused = this.list.getRootNode().activeElement;
    this.list.append(...order.map((slider) => slider.element));
    if (focused && this.list.contains(focused)) focused.focus();
    this.list.dataset.order = byEffect ? "effect" : "number";
    if (effects) {
      for (const slider of sliders)
        slider.input.title = `From -1 to 1 it changes a pixel by ${Math.round(127.5 * effects[slider.index])} of 255, root mean square.`;
    }
  }

  filter() {
    const wanted = this.search.value.toLowerCase().match(/\d+/g)?.map(Number) ?? [];
    let shown = 0;
    for (const slider of this.sliders) {
      const isWanted =
        wanted.length === 0
          ? this.search.value.trim() === "" || this.search.value.trim() === "z"
          : wanted.includes(slider.index + 1);
      slider.element.hidden = !isWanted;
      shown += isWanted;
    }
    this.none.hidden = shown > 0;
  }

  // ---- strips

  async strips() {
    const { explorer, sliders } = this;
    if (explorer.tabs.current !== this || explorer.walk) return;
    this.drawing?.abort();
    this.drawing = new AbortController();
    const place = `${explorer.network.url};${explorer.digit};${explorer.scale};${explorer.z}`;
    const which = sliders
      .filter((slider) => slider.isSeen && slider.drawn !== this.otherThan(place, slider.index))
      .map((slider) => slider.index);
    try {
      await explorer.studio.run(
        "strips",
        { ...explorer.drawing(), z: explorer.z.slice(), which, steps: STEPS },
        {
          signal: this.drawing.signal,
          onPart: ({ index, pixels }) => {
            for (let k = 0; k < STEPS; k++)
              sliders[index].sheet.paint(k, pixels.subarray(k * 784, (k + 1) * 784));
            sliders[index].drawn = this.otherThan(place, index);
            sliders[index].strip.dataset.ready = "true";
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) explorer.fail(error);
    }
  }

  /** What a strip depends on: everything but its own number. */
  otherThan(place, index) {
    const [network, digit, scale, z] = place.split(";");
    return [network, digit, scale, ...z.split(",").filter((_, i) => i !== index)].join();
  }

  leave() {
    this.drawing?.abort();
    this.drawStrips.cancel();
    this.followAll.cancel();
  }

  close() {
    this.leave();
    this.measuring?.abort();
    this.seen.disconnect();
  }
}
