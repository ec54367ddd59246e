// The digit that is drawn from z, what it is read as, and what moves it as a whole.

import { isCancelled } from "../inference/inference.js";
import { button, element, prefersStillness, say } from "../kit/dom.js";
import { DigitTile } from "../kit/tile.js";
import { norm } from "../latent/geometry.js";

const MEASURED = 31; // pictures behind the median shown as ms per picture
const SLOPE_LOOK = 0.35; // how opaque the overlay is where D looks most

export class DigitView {
  constructor(explorer) {
    this.explorer = explorer;
    this.costs = [];
    this.listeners = []; // told of each picture: what `draw` of tasks.js returns
    this.build();
    this.tile = new DigitTile(this.canvas);
  }

  build() {
    const { explorer } = this;
    this.canvas = element("canvas", "", {
      "data-testid": "explorer-canvas",
      role: "img",
      "aria-label": "The digit that the generator draws from z",
    });
    this.overlay = element("canvas", "overlay", {
      "data-testid": "discriminator-overlay",
      "aria-hidden": "true",
      hidden: "",
    });
    this.overlay.width = this.overlay.height = 28;
    this.buttons = {
      random: button("Random", () => explorer.random(), { class: "main" }),
      walk: button("Walk", () => explorer.toggleWalk(), {
        "aria-pressed": "false",
        title: "Wander through latent space, without end",
      }),
      reset: button("Reset", () => explorer.reset(), { title: "All numbers to 0" }),
      undo: button("Undo", () => explorer.undo(), {
        title: "Take back the last change (Ctrl+Z)",
        disabled: "",
      }),
      redo: button("Redo", () => explorer.redo(), { title: "Do it again (Ctrl+Y)", disabled: "" }),
      keep: button("Bookmark", () => explorer.bookmarks.add(), { title: "Keep this digit below (B)" }),
    };
    this.facts = {};
    this.scale = element("input", "", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: 1,
      "aria-label": "Truncation: z times this",
      "data-testid": "scale",
    });
    this.scale.addEventListener("input", () => explorer.rescale(this.scale.valueAsNumber));
    this.scale.addEventListener("change", () =>
      explorer.settle(`z is scaled by ${explorer.scale.toFixed(2)}`, "scale"),
    );
    this.scaleShown = element("output", "", {}, "1.00");
    this.element = element(
      "div",
      "digit-view",
      {},
      element("div", "tile", {}, this.canvas, this.overlay),
      element(
        "div",
        "controls",
        {},
        element(
          "div",
          "buttons",
          { role: "group", "aria-label": "Change z" },
          ...Object.values(this.buttons),
        ),
        element(
          "label",
          "truncation",
          {
            title:
              "Multiplies all of z. Towards 0, digits become more alike and more typical; StyleGAN calls it truncation.",
          },
          element("span", "name", {}, "Truncation"),
          this.scaleShown,
          this.scale,
        ),
        element(
          "dl",
          "facts",
          {},
          this.fact(
            "reading",
            "reads as",
            "What the project's digit classifier takes this picture for. It was trained on real digits alone and names one even where there is none.",
          ),
          this.fact("opinion", "D says", ""),
          this.fact("norm", "|z|", ""),
          this.fact(
            "cost",
            "ms a picture",
            "Median time that this browser takes to compute one picture. Under 16 ms is 60 pictures a second.",
          ),
        ),
      ),
    );
  }

  fact(name, words, title) {
    this.facts[name] = element("dd", "", { "data-fact": name }, "–");
    return element("div", "", { title }, element("dt", "", {}, words), this.facts[name]);
  }

  refresh(changed) {
    const { explorer, buttons } = this;
    if (changed.has("past")) {
      buttons.undo.disabled = !explorer.past.canUndo;
      buttons.redo.disabled = !explorer.past.canRedo;
    }
    if (changed.has("walk")) buttons.walk.setAttribute("aria-pressed", Boolean(explorer.walk));
    if (changed.has("network")) this.describe();
    if (changed.has("scale")) {
      this.scale.value = explorer.scale;
      say(this.scaleShown, explorer.scale.toFixed(2));
    }
    if (["z", "digit", "scale", "network", "opinion"].some((what) => changed.has(what))) this.draw();
  }

  describe() {
    const { network, about } = this.explorer;
    const size = network.latentDim;
    this.facts.norm.parentElement.title =
      `Length of z, after truncation. Random draws have about √${size} = ${Math.sqrt(size).toFixed(1)}; ` +
      "much shorter or longer ones are outside of what the generator was trained on.";
    this.facts.opinion.parentElement.hidden = network.discriminator === null;
    this.facts.opinion.parentElement.title = about.opinion;
    this.costs.length = 0;
    this.warmUp(12);
  }

  async draw() {
    const { explorer, canvas } = this;
    delete canvas.dataset.settled;
    this.asked = (this.asked ?? 0) + 1;
    const mine = this.asked;
    const { network } = explorer;
    try {
      const told = await explorer.studio.draw({
        ...explorer.drawing(),
        z: explorer.z.slice(),
        classifier: network.classifier,
        discriminator: network.discriminator,
      });
      if (told === null) return;
      this.show(told);
      this.announce();
      if (mine === this.asked) canvas.dataset.settled = "true";
    } catch (error) {
      if (isCancelled(error)) return;
      delete canvas.dataset.ready;
      explorer.refuse(error);
    }
  }

  show(told) {
    this.pixels = told.pixels;
    this.tile.paint(told.pixels);
    this.measure(told.ms);
    const { facts, explorer } = this;
    if (told.reading) {
      this.reading = told.reading.indexOf(Math.max(...told.reading));
      say(facts.reading, `${this.reading} (${Math.round(100 * told.reading[this.reading])}%)`);
    }
    if (told.logit !== undefined) say(facts.opinion, opinionWords(told));
    this.showSlope(told);
    say(facts.norm, (explorer.scale * norm(explorer.z)).toFixed(1));
    for (const listen of this.listeners) listen(told);
  }

  /** Where D looks: orange where more ink would make it surer that this is real, blue where less would. */
  showSlope({ slope }) {
    this.overlay.hidden = !(this.showsSlope && slope);
    if (this.overlay.hidden) return;
    const context = this.overlay.getContext("2d");
    const image = context.createImageData(28, 28);
    let largest = 1e-12;
    for (const value of slope) largest = Math.max(largest, Math.abs(value));
    for (let i = 0; i < slope.length; i++) {
      const share = slope[i] / largest;
      image.data.set(share > 0 ? [255, 140, 40] : [60, 150, 255], 4 * i);
      image.data[4 * i + 3] = 255 * Math.min(1, Math.abs(share) / SLOPE_LOOK) * 0.85;
    }
    context.putImageData(image, 0, 0);
  }

  toggleSlope() {
    this.showsSlope = !this.showsSlope;
    this.explorer.change("opinion");
    return this.showsSlope;
  }

  measure(ms) {
    this.costs.push(ms);
    if (this.costs.length > MEASURED) this.costs.shift();
    const now = performance.now();
    if (this.costs.length < 5 || now - (this.toldCost ?? 0) < 250) return;
    this.toldCost = now;
    say(
      this.facts.cost,
      this.costs
        .slice()
        .sort((a, b) => a - b)
        [this.costs.length >> 1].toFixed(1),
    );
  }

  /** Tells tests and assistive scripts that a picture is there, and lets them ask for others. */
  announce() {
    const { explorer, canvas } = this;
    canvas.generate = async (z, label) =>
      (await explorer.studio.run("draw", { ...explorer.drawing(), z, label, scale: 1 })).pixels;
    canvas.dataset.ready = "true";
  }

  /** Lets the browser compile the inner loops before a hand is on a slider, a picture at a time. */
  warmUp(pictures) {
    clearTimeout(this.warming);
    if (pictures === 0 || prefersStillness()) return;
    this.warming = setTimeout(() => {
      this.explorer.change("opinion");
      this.warmUp(pictures - 1);
    }, 40);
  }

  close() {
    clearTimeout(this.warming);
  }
}

/** What D makes of a picture. */
export function opinionWords({ logit, isProbability }) {
  if (!isProbability) return `${logit >= 0 ? "+" : "−"}${Math.abs(logit).toFixed(2)}`;
  const share = 100 / (1 + Math.exp(-logit));
  return `${share >= 1 && share <= 99 ? share.toFixed(0) : share.toFixed(1)}% real`;
}
