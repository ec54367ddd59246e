// A slider for each number of z, those that change the picture most first.

import { isCancelled } from "../../inference/inference.js";
import { element, later, say } from "../../kit/dom.js";
import { Slider, STEPS } from "./slider.js";

/** @import { State } from "../state.js" */
/** @import { Change, Changed, Effects, Network } from "../types" */

/** What strips depend on. @type {Change[]} */
const DRAWS = ["z", "digit", "scale", "network", "mode"];
const TURNS = 6; // frames in which every slider follows once: moving a hundred of them costs more than the picture
const STILL = 250; // ms that z has to rest before strips are drawn

export class SlidersMode {
  get id() {
    return "sliders";
  }

  get title() {
    return "Sliders";
  }

  /** @param {Network} network */
  suits({ steps }) {
    return steps === 0;
  }

  get instead() {
    return "The noise of this network is a picture: there is a view of it, Noise, and there are no sliders.";
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {Slider[]} */
    this.sliders = [];
    /** What is known of the network that was asked for last. @type {Effects | null} */
    this.effects = null;
    /** That network, an address. */
    this.measured = "";
    /** @type {AbortController | undefined} */
    this.measuring = undefined;
    /** @type {AbortController | undefined} */
    this.drawing = undefined;
    this.followed = 0; // ms
    this.turn = 0;
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
      "sliders-mode",
      {},
      element("div", "head", {}, this.caption, this.search, this.order),
      this.none,
      this.list,
    );
    this.drawStrips = later(() => this.strips(), STILL);
    this.followAll = later(() => this.follow(), STILL);
    this.seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const slider = this.sliders.find((one) => one.element === target);
          if (slider) slider.isSeen = isIntersecting;
        }
        this.drawStrips();
      },
      { rootMargin: "100px" },
    );
  }

  /** Called once the network is known. */
  build() {
    const handlers = {
      onChange: this.change.bind(this),
      onRest: this.rest.bind(this),
      onLock: this.lock.bind(this),
    };
    this.sliders = Array.from(this.state.z, (_, index) => new Slider(index, handlers));
    for (const slider of this.sliders) this.seen.observe(slider.element);
    this.list.replaceChildren(...this.sliders.map((slider) => slider.element));
    say(this.caption, `${this.sliders.length} numbers, one digit.`);
  }

  /**
   * @param {Slider} slider
   * @param {number} value
   * @param {boolean} isWhole
   */
  change(slider, value, isWhole) {
    const { state } = this;
    state.wander.stop();
    state.remember(slider.name);
    const z = state.z.slice();
    z[slider.index] = value;
    state.move(z);
    slider.show(state.z[slider.index]);
    if (isWhole) this.rest(slider);
  }

  /** @param {Slider} slider */
  rest(slider) {
    const { state } = this;
    state.settle(`${slider.name} is ${state.z[slider.index].toFixed(2)}`, slider.name);
  }

  /** @param {Slider} slider */
  lock(slider) {
    const isLocked = this.state.toggleLock(slider.index);
    slider.lock.setAttribute("aria-pressed", String(isLocked));
    this.state.say(`${slider.name} is ${isLocked ? "locked" : "free"}`);
  }

  /** @param {Changed} changed */
  refresh(changed) {
    const { state } = this;
    if (changed.has("z") || changed.has("mode")) this.follow();
    if (DRAWS.some((what) => changed.has(what))) this.drawStrips();
    if ((changed.has("network") || changed.has("mode")) && state.network.url !== this.measured)
      this.measure();
  }

  /** All at once, or while z keeps moving a share of them each frame. */
  follow() {
    const { state, sliders } = this;
    const now = performance.now();
    const isMoving = now - this.followed < 100;
    this.followed = now;
    if (isMoving) this.followAll(); // the last of them once it rests
    this.turn = (this.turn + 1) % TURNS;
    for (const slider of sliders) {
      if (isMoving && slider.index % TURNS !== this.turn) continue;
      if (slider.value !== state.z[slider.index]) slider.show(state.z[slider.index]);
    }
  }

  enter() {
    this.followed = 0; // all at once
  }

  // ---- order and search

  /** How much each number changes the picture: asked once a network. */
  async measure() {
    const { state } = this;
    this.measured = state.network.url;
    this.measuring?.abort();
    this.measuring = new AbortController();
    try {
      const args = { network: state.network.url, label: state.digit };
      const effects = await state.inference.run("effects", args, { signal: this.measuring.signal });
      state.effects = this.effects = effects;
      await released(this.list);
      this.arrange();
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
  }

  arrange() {
    const { effects, sliders } = this;
    const order =
      this.order.value === "effect" && effects
        ? [...sliders].sort((a, b) => effects[b.index] - effects[a.index])
        : sliders;
    const focused = this.focused();
    this.list.append(...order.map((slider) => slider.element));
    focused?.focus();
    if (!effects) return;
    for (const slider of sliders)
      slider.input.title = `From -1 to 1 it changes a pixel by ${Math.round(127.5 * effects[slider.index])} of 255, root mean square.`;
  }

  /** What in the list has the focus. */
  focused() {
    const root = this.list.getRootNode();
    const focused = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
    return focused instanceof HTMLElement && this.list.contains(focused) ? focused : null;
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
      shown += Number(isWanted);
    }
    this.none.hidden = shown > 0;
  }

  // ---- strips

  async strips() {
    const { state, sliders } = this;
    if (state.mode !== this.id || state.wander.isOn) return;
    this.drawing?.abort();
    this.drawing = new AbortController();
    const { signal } = this.drawing;
    const place = state.place();
    const { url } = state.network;
    /** What a strip depends on: everything but its own number. @param {number} index */
    const othersThan = (index) =>
      [url, place.digit, place.scale, ...place.z.filter((_, i) => i !== index)].join();
    const which = sliders
      .filter((slider) => slider.isSeen && slider.drawn !== othersThan(slider.index))
      .map((slider) => slider.index);
    try {
      await state.inference.run(
        "strips",
        { ...state.drawing(), z: place.z, which, steps: STEPS },
        {
          signal,
          onPart: ({ index, pixels }) => {
            sliders[index].showStrip(pixels);
            sliders[index].drawn = othersThan(index);
          },
        },
      );
    } catch (error) {
      if (!isCancelled(error)) state.fail(error);
    }
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

/**
 * Once no pointer holds what is in `list`: moving it in the page would take it out of the hand.
 * @param {Element} list
 * @returns {Promise<void>}
 */
function released(list) {
  if (!list.matches(":active")) return Promise.resolve();
  return new Promise((done) => addEventListener("pointerup", () => setTimeout(done), { once: true }));
}
