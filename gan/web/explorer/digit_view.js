// The digit that is drawn from z, what it is read as, and what moves it as a whole.

import { isCancelled } from "../inference/inference.js";
import { button, element, penOf, prefersStillness, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";
import { norm } from "../latent/geometry.js";
import { SIDE } from "../pictures/pictures.js";
import { FilmMaker } from "./film/film_maker.js";
import { judgedWords, readingWords } from "./words/judged.js";

/** @import { State } from "./state.js" */
/** @import { Change, Changed, Drawn } from "./types" */

/** What a picture depends on. @type {Change[]} */
const DRAWS = ["z", "digit", "scale", "network", "slope", "sampling"];
const MEASURED = 31; // pictures behind the median shown as ms per picture
const TELL_EVERY = 250; // ms between two of these medians
const SLOPE_LOOK = 0.35; // how opaque the overlay is where D looks most
const WARM = 12; // pictures in which the browser compiles the inner loops
const TRUNCATION =
  "Multiplies all of z. Towards 0, digits become more alike and more typical; StyleGAN calls it truncation.";
const READING =
  "What the project's digit classifier takes this picture for. It was trained on real digits alone and names one " +
  "even where there is none.";
const COST =
  "Median time that this browser takes to compute one picture. Under 16 ms is 60 pictures a second.";

export class DigitView {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** ms of the last pictures. @type {number[]} */
    this.costs = [];
    this.costsTold = -Infinity; // ms
    this.asked = 0; // pictures
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.warming = undefined;
    this.canvas = element("canvas", "", {
      "data-testid": "explorer-canvas",
      role: "img",
      "aria-busy": "true",
      "aria-label": "The digit that the generator draws from z",
    });
    this.tile = new DigitTile(this.canvas);
    this.overlay = element("canvas", "overlay", {
      "data-testid": "discriminator-overlay",
      "aria-hidden": "true",
      hidden: "",
      width: SIDE,
      height: SIDE,
    });
    this.buttons = buttonsOf(state);
    this.scale = element("input", "", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: 1,
      "aria-label": "Truncation: z times this",
      "data-testid": "scale",
    });
    this.scale.addEventListener("input", () => state.rescale(this.scale.valueAsNumber));
    this.scale.addEventListener("change", () =>
      state.settle(`z is scaled by ${state.scale.toFixed(2)}`, "scale"),
    );
    this.scaleShown = element("output", "", {}, "1.00");
    this.facts = {
      reading: new Fact("reads as", READING),
      judged: new Fact("D says"),
      norm: new Fact("|z|"),
      cost: new Fact("ms a picture", COST),
    };
    this.maker = new FilmMaker(state, (digit) => this.showDigit(digit));
    this.element = this.layOut();
    state.subscribe(null, (changed) => this.refresh(changed));
  }

  layOut() {
    const group = { role: "group", "aria-label": "Change z" };
    return element(
      "div",
      "digit-view",
      {},
      element("div", "tile", {}, this.canvas, this.overlay),
      element(
        "div",
        "controls",
        {},
        element("div", "buttons", group, ...Object.values(this.buttons)),
        element(
          "label",
          "truncation",
          { title: TRUNCATION },
          element("span", "name", {}, "Truncation"),
          this.scaleShown,
          this.scale,
        ),
        element("dl", "facts", {}, ...Object.values(this.facts).map((fact) => fact.element)),
      ),
    );
  }

  /** @param {Changed} changed */
  refresh(changed) {
    const { state, buttons } = this;
    if (changed.has("history")) {
      buttons.undo.disabled = !state.history.canUndo;
      buttons.redo.disabled = !state.history.canRedo;
    }
    if (changed.has("walk")) buttons.walk.setAttribute("aria-pressed", String(state.wander.isOn));
    if (changed.has("network")) this.describe();
    if (changed.has("scale")) {
      this.scale.value = String(state.scale);
      say(this.scaleShown, state.scale.toFixed(2));
    }
    if (DRAWS.some((what) => changed.has(what))) this.draw();
  }

  describe() {
    const { network, about } = this.state;
    const { facts } = this;
    const size = network.latentDim;
    facts.norm.element.title =
      `Length of z, after truncation. Random draws have about √${size} = ${Math.sqrt(size).toFixed(1)}; ` +
      "much shorter or longer ones are outside of what the generator was trained on.";
    facts.judged.element.hidden = network.discriminator === null;
    facts.judged.element.title = about.discriminator;
    this.costs.length = 0;
    this.warmUp(network.steps > 0 ? 0 : WARM); // a picture of many steps warms up by itself
  }

  async draw() {
    const { state, maker } = this;
    const { network, sampling } = state;
    const mine = ++this.asked;
    this.canvas.setAttribute("aria-busy", "true");
    maker.stop();
    state.beginPicture();
    try {
      const drawn = await state.inference.draw({
        ...state.drawing(),
        ...sampling.quick,
        z: state.z.slice(),
        classifier: network.classifier,
        discriminator: network.discriminator,
      });
      if (drawn === null) return;
      const isLast = mine === this.asked;
      if (!sampling.isStepwise) return this.showDigit(drawn, isLast);
      this.show(drawn);
      state.show(drawn, false);
      if (isLast) maker.makeSoon();
    } catch (error) {
      if (!isCancelled(error)) state.refuse(error);
    }
  }

  /** A picture as it is. @param {Drawn} drawn @param {boolean} isLast whether no newer one is being drawn */
  showDigit(drawn, isLast = true) {
    this.show(drawn);
    this.measure(drawn.ms);
    this.state.show(drawn, isLast);
    if (isLast) this.canvas.setAttribute("aria-busy", "false");
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    const { facts, state } = this;
    this.tile.paint(drawn.pixels);
    if (drawn.logit !== undefined) facts.judged.say(judgedWords(drawn.logit, drawn.isProbability ?? false));
    this.showSlope(drawn);
    facts.norm.say((state.scale * norm(state.z)).toFixed(1));
    if (drawn.reading) facts.reading.say(readingWords(drawn.reading));
  }

  /** Where D looks: orange where more ink would make it surer that this is real, blue where less would. @param {Drawn} drawn */
  showSlope({ slope }) {
    this.overlay.hidden = !(this.state.showsSlope && slope);
    if (this.overlay.hidden || !slope) return;
    const pen = penOf(this.overlay);
    const image = pen.createImageData(SIDE, SIDE);
    let largest = 1e-12;
    for (const value of slope) largest = Math.max(largest, Math.abs(value));
    for (let i = 0; i < slope.length; i++) {
      const share = slope[i] / largest;
      image.data.set(share > 0 ? [255, 140, 40] : [60, 150, 255], 4 * i);
      image.data[4 * i + 3] = 255 * Math.min(1, Math.abs(share) / SLOPE_LOOK) * 0.85;
    }
    pen.putImageData(image, 0, 0);
  }

  /** @param {number} ms */
  measure(ms) {
    const { costs, state } = this;
    costs.push(ms);
    if (costs.length > MEASURED) costs.shift();
    const now = performance.now();
    const isEnough = state.sampling.isStepwise || costs.length >= 5;
    if (!isEnough || now - this.costsTold < TELL_EVERY) return;
    this.costsTold = now;
    const sorted = costs.slice().sort((a, b) => a - b);
    this.facts.cost.say(sorted[costs.length >> 1].toFixed(1));
  }

  /** Lets the browser compile the inner loops before a hand is on a slider, a picture at a time. @param {number} pictures */
  warmUp(pictures) {
    clearTimeout(this.warming);
    if (pictures === 0 || prefersStillness()) return;
    this.warming = setTimeout(() => {
      this.state.change("slope");
      this.warmUp(pictures - 1);
    }, 40);
  }

  close() {
    clearTimeout(this.warming);
    this.maker.stop();
  }
}

/** A number about the digit, with its name and what it means. */
class Fact {
  /**
   * @param {string} name
   * @param {string} title
   */
  constructor(name, title = "") {
    this.value = element("dd", "", {}, "–");
    this.element = element("div", "", { title }, element("dt", "", {}, name), this.value);
  }

  /** @param {string} words */
  say(words) {
    say(this.value, words);
  }
}

/** @param {State} state */
function buttonsOf(state) {
  return {
    random: button("Random", () => state.random(), { class: "main" }),
    walk: button("Walk", () => state.wander.toggle(), {
      "aria-pressed": "false",
      title: "Wander through latent space, without end",
    }),
    reset: button("Reset", () => state.reset(), { title: "All numbers to 0" }),
    undo: button("Undo", () => state.undo(), { title: "Take back the last change (Ctrl+Z)", disabled: "" }),
    redo: button("Redo", () => state.redo(), { title: "Do it again (Ctrl+Y)", disabled: "" }),
    keep: button("Bookmark", () => state.bookmark(), { title: "Keep this digit below (B)" }),
  };
}
