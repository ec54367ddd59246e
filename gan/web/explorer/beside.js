// What others say about the digit: the discriminator that the generator learned with, and the training pictures.

import { isCancelled } from "../inference/inference.js";
import { RANDOM_DRAWS, scoreRandomDigits } from "../inference/random_scores.js";
import { button, element, later, say } from "../kit/dom.js";
import { errand, fromBase64, Refused, stateWords, toBase64 } from "../kit/requests.js";
import { DigitTile } from "../kit/tile.js";
import { inked } from "../pictures/pictures.js";
import { opinionWords } from "./digit_view.js";

const STILL = 600; // ms that the digit has to rest before others are asked
const NEAREST = 8; // training pictures
const MARKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999]; // of the scale of probabilities
const COPY = 0.5; // a nearest digit at less than this times the usual distance is close to a copy
const USUAL = [0.8, 1.25]; // in between, the distance is the usual one

/** What D makes of the digit, on a scale that it shares with this generator's random digits. */
class Opinion {
  constructor(explorer) {
    this.explorer = explorer;
    this.look = button("Where D looks", () => this.toggle(), {
      "aria-pressed": "false",
      "data-testid": "where-d-looks",
      title: "Colour the digit by what D would rather see (D)",
    });
    this.none = element("p", "quiet", { "data-testid": "no-discriminator", hidden: "" });
    this.now = element("p", "now", { "data-testid": "opinion-now" });
    this.band = element("div", "band");
    this.middle = element("div", "middle");
    this.marker = element("div", "marker", { "data-testid": "opinion-marker" });
    this.marks = element("div", "marks");
    this.scale = element(
      "div",
      "opinion-scale",
      { "aria-hidden": "true" },
      element("div", "track", {}, this.band, this.middle, this.marker),
      this.marks,
    );
    this.others = element("p", "quiet", { "data-testid": "opinion-others" });
    this.body = element(
      "div",
      "body",
      {},
      this.now,
      this.scale,
      this.others,
      this.look,
      element(
        "ul",
        "legend",
        {},
        element("li", "more", {}, "more ink there would make D surer that it is real"),
        element("li", "less", {}, "less would"),
      ),
      element(
        "p",
        "quiet",
        {},
        "The colours are the gradient of D's logit by each pixel: what a small change " +
          "of that pixel would do, all others left alone.",
      ),
    );
    this.element = element(
      "div",
      "opinion",
      { role: "group", "aria-label": "The discriminator" },
      element("h4", "", {}, "The discriminator"),
      this.none,
      this.body,
    );
  }

  toggle() {
    if (!this.explorer.network?.discriminator)
      return this.explorer.say("This network has no discriminator to ask.");
    const isShown = this.explorer.view.toggleSlope();
    this.look.setAttribute("aria-pressed", isShown);
    this.explorer.say(isShown ? "The digit is coloured by where D looks" : "The digit is plain again");
  }

  /** For another network: nothing is known of how D sees it. */
  refresh() {
    const { about, network } = this.explorer;
    const { discriminator } = network;
    if (discriminator === this.judged) return;
    this.judged = discriminator;
    this.judging?.abort();
    this.quartiles = null;
    this.isAsked = false;
    this.none.hidden = discriminator !== null;
    this.body.hidden = discriminator === null;
    say(
      this.none,
      about.opinion === ""
        ? "An autoencoder learns without a discriminator: nobody judges its digits."
        : "This network came without its discriminator, so there is nobody to ask.",
    );
    say(this.others, "");
  }

  /** What D gives this generator's random digits: asked once a network, in the background. */
  async ask() {
    const { explorer } = this;
    const { network } = explorer;
    if (!network.discriminator || this.isAsked) return;
    this.isAsked = true;
    this.judging = new AbortController();
    const { signal } = this.judging;
    try {
      const { low, middle, high, sorted } = await scoreRandomDigits(explorer.studio, network, signal);
      if (signal.aborted) return;
      this.quartiles = [low, middle, high];
      this.reach = [sorted[0], sorted[sorted.length - 1]];
      this.lay();
    } catch (error) {
      this.isAsked = false;
      if (!isCancelled(error))
        say(this.others, `What D gives other digits could not be computed: ${error.message}.`);
    }
  }

  /** One more picture. Called up to once a frame: sets what changed and no more. */
  hear(told) {
    if (told.logit === undefined || this.body.hidden) return;
    this.last = told;
    say(this.now, `D on this digit: ${opinionWords(told)}`);
    this.marker.style.left = this.percent(told.logit);
    if (!this.quartiles || told.isProbability !== this.laid) this.lay();
  }

  /** The scale: probabilities as logits, so that those near 0% and 100% can be told apart; others as they are. */
  lay() {
    const { last, quartiles } = this;
    if (!last) return;
    this.laid = last.isProbability;
    const found = quartiles ? this.reach : [last.logit, last.logit];
    const spare = last.isProbability ? 0 : 0.25 * (found[1] - found[0] || 1);
    const ends = last.isProbability ? [logit(MARKS[0]), logit(MARKS.at(-1))] : found;
    this.from = Math.min(ends[0], found[0]) - spare;
    this.to = Math.max(ends[1], found[1]) + spare;
    const marks = last.isProbability
      ? MARKS.map((share) => [logit(share), `${+(100 * share).toFixed(1)}%`])
      : (quartiles ?? []).map((value) => [value, value.toFixed(1)]);
    this.marks.replaceChildren(
      ...marks.map(([value, words]) => {
        const mark = element("span", "", {}, words);
        mark.style.left = this.percent(value);
        return mark;
      }),
    );
    this.band.hidden = this.middle.hidden = !quartiles;
    this.marker.style.left = this.percent(last.logit);
    if (!quartiles) return;
    this.band.style.left = this.percent(quartiles[0]);
    this.band.style.right = `calc(100% - ${this.percent(quartiles[2])})`;
    this.middle.style.left = this.percent(quartiles[1]);
    const [low, , high] = quartiles.map((value) =>
      opinionWords({ logit: value, isProbability: last.isProbability }),
    );
    const range = `from ${low.replace(" real", "")} to ${high}`;
    say(
      this.others,
      `The band: of ${RANDOM_DRAWS} random digits of this generator, the middle half get ${range}.`,
    );
  }

  percent(value) {
    const share = (value - this.from) / (this.to - this.from);
    return `${(100 * Math.min(1, Math.max(0, share || 0))).toFixed(2)}%`;
  }

  close() {
    this.judging?.abort();
  }
}

/** The training pictures that are most like the digit: is it a copy? */
class Neighbours {
  constructor(explorer) {
    this.explorer = explorer;
    this.mine = new DigitTile();
    this.mine.canvas.setAttribute("role", "img");
    this.mine.canvas.setAttribute("aria-label", "This digit");
    this.row = element("ol", "neighbours", { "data-testid": "neighbours", hidden: "" });
    this.state = element(
      "p",
      "quiet",
      { "data-testid": "neighbours-state" },
      "When the digit rests, the training pictures that are most like it are looked up.",
    );
    this.verdict = element("p", "", { "data-testid": "neighbours-verdict", hidden: "" });
    this.note = element("p", "quiet", { "data-testid": "neighbours-note", hidden: "" });
    this.again = button("Try again", () => this.look(true), {
      hidden: "",
      "data-testid": "neighbours-again",
    });
    this.element = element(
      "div",
      "nearest",
      { role: "group", "aria-label": "The nearest real digits" },
      element("h4", "", {}, "The nearest real digits"),
      this.row,
      this.verdict,
      this.note,
      element("div", "row", {}, this.state, this.again),
    );
  }

  /** Asks for those of the picture of the moment, unless they were. */
  async look(isWanted = false) {
    const { explorer } = this;
    const picture = inked(explorer.view.pixels);
    const text = toBase64(picture);
    if (text === this.shown?.text && !isWanted) return this.recall();
    if ((text === this.looked || this.hasFailed) && !isWanted) return;
    this.stop();
    const looking = (this.looking = new AbortController());
    this.looked = text;
    this.again.hidden = true;
    say(this.state, "Looking among the training pictures …");
    try {
      const { errands, run } = explorer.about;
      const found = await errand(
        errands,
        { kind: "nearest", run, picture: text, count: NEAREST },
        {
          signal: looking.signal,
          onState: (told) => say(this.state, stateWords(told)),
        },
      );
      if (looking.signal.aborted) return;
      this.hasFailed = false;
      this.show(picture, found);
      this.shown = { text, words: this.state.textContent };
    } catch (error) {
      if (looking.signal.aborted) return;
      if (!(error instanceof Refused)) throw error;
      this.hasFailed = true; // until people ask again
      say(this.state, `The nearest digits are not known. ${error.message} ${error.hint}`.trim());
      this.again.hidden = false;
    } finally {
      if (this.looking === looking) this.looking = null;
    }
  }

  /** The digit moves on: what is shown is of another one. */
  stop() {
    this.looking?.abort();
    if (this.looking) this.looked = null;
    this.looking = null;
  }

  /** Another picture is drawn. */
  hear() {
    if (this.row.hidden || this.row.dataset.of === "past") return;
    this.row.dataset.of = "past";
    say(this.state, "These are of a digit before. When this one rests, its own are looked up.");
  }

  /** The digit is again the one whose neighbours are shown. */
  recall() {
    this.row.dataset.of = "now";
    say(this.state, this.shown.words);
    this.again.hidden = true;
  }

  show(picture, { pictures, labels, distances, searched, of_all: ofAll, note, typical }) {
    this.mine.paint(picture);
    const items = pictures.map((text, i) => {
      const tile = new DigitTile(undefined, "real");
      tile.paint(fromBase64(text));
      tile.canvas.setAttribute("role", "img");
      const name = labels ? `a ${labels[i]}` : "no label";
      tile.canvas.setAttribute("aria-label", `Real: ${name}`);
      return captioned("real", tile.canvas, name, distances[i].toFixed(0));
    });
    this.row.replaceChildren(captioned("mine", this.mine.canvas, "this one", "generated"), ...items);
    this.row.hidden = this.verdict.hidden = false;
    this.row.dataset.of = "now";
    say(this.verdict, verdict(distances[0], typical, ofAll ? "No copy" : "No copy of any that was searched"));
    say(
      this.state,
      "Below each: its label, and how much its pixels differ from this digit's, of 255 (root mean " +
        `square). ${searched.toLocaleString("en")} pictures were searched.`,
    );
    say(this.note, note ?? "");
    this.note.hidden = !note;
  }
}

export class Beside {
  constructor(explorer) {
    this.explorer = explorer;
    this.opinion = new Opinion(explorer);
    this.neighbours = new Neighbours(explorer);
    this.element = element(
      "section",
      "beside",
      { "aria-label": "What others say about it", "data-testid": "beside" },
      element("h3", "", {}, "What others say about it"),
      element("div", "columns", {}, this.opinion.element, this.neighbours.element),
    );
    this.whenStill = later(() => this.ask(), STILL);
    this.seen = new IntersectionObserver((entries) => {
      this.isSeen = entries.at(-1).isIntersecting;
      this.whenStill();
    });
    this.seen.observe(this.element);
    this.ends = new AbortController();
    const { signal } = this.ends;
    explorer.root.addEventListener("pointerdown", () => this.hold(), { signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => this.letGo(), { signal });
    document.addEventListener("visibilitychange", () => this.whenStill(), { signal });
    explorer.view.listeners.push((told) => this.hear(told));
  }

  refresh(changed) {
    if (changed.has("network")) this.opinion.refresh();
    if (["z", "digit", "scale", "network", "walk"].some((what) => changed.has(what))) this.wait();
  }

  /** The digit moves: others wait until it rests. */
  wait() {
    this.neighbours.stop();
    this.neighbours.hear();
    this.whenStill();
  }

  /** A hand is on the page: what it would end is ended now, so that nothing is sent while it drags. */
  hold() {
    this.isHeld = true;
    this.neighbours.stop();
  }

  letGo() {
    this.isHeld = false;
    this.whenStill();
  }

  hear(told) {
    this.opinion.hear(told);
    this.whenStill();
  }

  get isMoving() {
    const { moments, view, walk } = this.explorer;
    return this.isHeld || Boolean(walk) || moments.timer !== undefined || !("settled" in view.canvas.dataset);
  }

  ask() {
    if (!this.isSeen || document.hidden || !this.explorer.network || this.isMoving) return;
    this.opinion.ask();
    this.neighbours.look();
  }

  toggleSlope() {
    this.opinion.toggle();
  }

  close() {
    this.whenStill.cancel();
    this.seen.disconnect();
    this.ends.abort();
    this.opinion.close();
    this.neighbours.stop();
  }
}

/** Is it a copy? typical: the median distance of a training picture from its own nearest; none: how "no" begins. */
function verdict(distance, typical, none) {
  const share = distance / typical;
  const figures =
    `The nearest real digit differs from it by ${distance.toFixed(0)}; ` +
    `the real ones differ from their own nearest by ${typical.toFixed(0)} (median).`;
  if (share < COPY) return `Close to a copy. ${figures}`;
  if (share < USUAL[0])
    return `${none}, but nearer to a real digit than most of these are to each other. ${figures}`;
  if (share <= USUAL[1])
    return `${none}: as different from the real digits as they are from each other. ${figures}`;
  return `${none}: more different from all real digits than these mostly are from each other. ${figures}`;
}

function captioned(className, canvas, ...words) {
  const [name, below] = words.map((text, i) => element("span", i === 1 ? "quiet" : "", {}, text));
  return element("li", className, {}, canvas, name, below);
}

function logit(share) {
  return Math.log(share / (1 - share));
}
