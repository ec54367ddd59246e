// What spans the map's plane: the controls that choose it, and the wait for what only the server can compute.

import { isCancelled } from "../../inference/inference.js";
import { button, Choice, element, say } from "../../kit/dom.js";
import { errand, Refused, stateWords } from "../../kit/requests.js";
import { toSlider } from "../../latent/geometry.js";
import { Degenerate } from "../../latent/plane.js";

export const DIRECTIONS = 8; // of each kind that can be chosen
const KINDS = [
  ["n", "Two numbers of z"],
  ["f", "Principal directions"],
  ["w", "Eigenvectors"],
  ["p", "Three pictures"],
];
const WORDS = {
  n: "Two numbers of z, from left to right and upwards; all others stay as they are.",
  f:
    "The directions of z along which what the network's first layer makes of random noise varies most " +
    "(GANSpace: Härkönen et al. 2020).",
  w:
    "The directions of z that the weights of the first layer stretch most: eigenvectors of A Aᵀ, found without " +
    "drawing anything (SeFa: Shen and Zhou 2021).",
  p: "The one plane through three bookmarks: the first at (0, 0), the second at (1, 0), the third at (0, 1).",
};
const TITLES = {
  n: "numbers of z",
  f: "principal directions",
  w: "eigenvectors of the first layer's weights",
  p: "three pictures",
};
const AXES = ["Left to right", "Upwards"];
const CORNERS = ["At (0, 0)", "At (1, 0)", "At (0, 1)"];
const FIRST = [0, 1];

/**
 * Chooses a `span`: { kind, pick: two places } of "n"; of "f" and "w" also { step, vectors, shares }; { kind: "p",
 * points: three { name, z, origin } } of pictures. `onSpan` is told of each, and throws Degenerate if it is no plane.
 */
export class PlaneChoice {
  constructor(explorer, onSpan) {
    this.explorer = explorer;
    this.onSpan = onSpan;
    this.known = new Map(); // step -> what the errand told
    this.picks = {}; // kind -> the two that were chosen last
    this.kinds = new Choice("The map is spanned by", KINDS, (kind) => this.choose(kind), {
      "data-testid": "plane-kind",
    });
    this.axes = AXES.map((words, k) => this.select(words, `plane-axis-${k + 1}`, () => this.pickAxis(k)));
    this.corners = CORNERS.map((words, k) =>
      this.select(words, `plane-corner-${k + 1}`, () => this.pickCorner(k)),
    );
    this.renew = button("Take those of this moment", () => this.choose(this.span.kind), {
      hidden: "",
      "data-testid": "plane-renew",
    });
    this.words = element("p", "quiet");
    this.state = element("span", "", { role: "status" });
    this.stop = button("Cancel", () => this.cancel());
    this.accept = button("Show them", () => this.take(this.offered));
    this.wait = element(
      "div",
      "wait",
      { hidden: "", "data-testid": "plane-wait" },
      this.state,
      this.stop,
      this.accept,
    );
    this.message = element("p", "quiet", { role: "status", hidden: "", "data-testid": "plane-message" });
    this.element = element(
      "div",
      "plane-choice",
      {},
      this.kinds.element,
      element(
        "div",
        "row",
        {},
        ...[...this.axes, ...this.corners].map(({ parentElement }) => parentElement),
        this.renew,
      ),
      this.words,
      this.wait,
      this.message,
    );
  }

  select(words, testid, action) {
    const made = element("select", "", { "data-testid": testid });
    made.addEventListener("change", action);
    element("label", "", {}, element("span", "name", {}, words), made);
    return made;
  }

  // ---- opening

  /**
   * On what shows most: the principal directions, which only the server finds. Until they come, on the two numbers that
   * change the picture most. Who touched the map meanwhile keeps what is under the hand, and is offered them.
   */
  async open() {
    this.drop();
    const mine = (this.asking = this.opening = new AbortController());
    const { step } = this.explorer.network;
    const meanwhile = this.showStrongest(mine);
    try {
      const span = spanOf("f", FIRST, step, await this.ask(step, mine.signal));
      if (this.asking !== mine) return;
      if (this.isTouched) this.offer(span);
      else if (this.take(span, {})) this.explorer.writeAddress("mode", true);
    } catch (error) {
      await meanwhile;
      if (this.asking === mine) this.giveUp(error);
    }
  }

  /** Two numbers of z, better ones than any. What they change is measured once, roughly: the sliders take more time. */
  async showStrongest(mine) {
    const { studio, network, digit } = this.explorer;
    try {
      const args = { network: network.url, label: digit, count: 1 };
      this.effects ??= await studio.run("effects", args, { signal: mine.signal });
      if (this.asking === mine && !this.isTouched) this.put({ kind: "n", pick: this.firstNumbers() }, {});
    } catch (error) {
      if (!isCancelled(error)) this.explorer.fail(error);
    }
  }

  /** Whether what is shown may still change without anybody asking for it. */
  get isOpening() {
    return this.asking !== null && this.asking === this.opening;
  }

  touch() {
    this.isTouched = true;
  }

  /** In the place of the progress, so that nothing moves under the hand. */
  offer(span) {
    this.asking = null;
    this.offered = span;
    say(this.state, "The principal directions are there.");
    this.stop.hidden = true;
    this.accept.hidden = false;
  }

  // ---- choosing

  choose(kind) {
    if (kind === "n") return this.take({ kind, pick: this.picks.n ?? this.firstNumbers() });
    if (kind === "p") return this.choosePictures();
    return this.chooseDirections(kind, this.picks[kind] ?? FIRST);
  }

  /** The two numbers that change the picture most, if that is known. */
  firstNumbers() {
    const effects = this.explorer.modes.find((mode) => mode.id === "sliders")?.effects ?? this.effects;
    if (!effects) return FIRST;
    return Array.from(effects.keys())
      .sort((a, b) => effects[b] - effects[a])
      .slice(0, 2);
  }

  choosePictures() {
    const marks = this.explorer.bookmarks.list;
    if (marks.length >= 3) return this.take({ kind: "p", points: marks.slice(-3).map(pointOf) });
    this.drop();
    this.wantsPictures = true;
    const there = ["are none", "is one", "are two"][marks.length];
    this.tell(
      `Three pictures are three bookmarks, and there ${there}: press Bookmark (or B) at ` +
        `${["three digits", "two more digits", "one more digit"][marks.length]} that you like. Until then the map stays as it is.`,
    );
  }

  /** Asks for directions of the network of a step. given: see `take`. */
  async chooseDirections(kind, pick, step = this.explorer.network.step, given = null) {
    this.drop();
    const mine = (this.asking = new AbortController());
    this.kinds.show(kind);
    try {
      const found = await this.ask(step, mine.signal);
      if (this.asking === mine) this.take(spanOf(kind, pick, step, found), given);
    } catch (error) {
      if (this.asking === mine) this.giveUp(error);
    }
  }

  async ask(step, signal) {
    const { about } = this.explorer;
    if (!this.known.has(step)) {
      this.wait.hidden = this.stop.hidden = false;
      this.accept.hidden = true;
      say(this.state, "Asking the server for directions");
      const onState = (told) => say(this.state, `Directions: ${stateWords(told)}`);
      this.known.set(
        step,
        await errand(about.errands, { kind: "directions", run: about.run, step }, { onState, signal }),
      );
    }
    return this.known.get(step);
  }

  giveUp(error) {
    if (!(error instanceof Refused) && error.name !== "AbortError") throw error;
    this.drop();
    this.show();
    if (error.name === "AbortError") this.tell("Cancelled: the map stays as it was.");
    else this.tell([error.message, error.hint, "The map stays as it was."].filter(Boolean).join(" "));
  }

  cancel() {
    this.asking?.abort();
  }

  /** No longer waits for anything. */
  drop() {
    const { asking } = this;
    this.asking = null; // first, so that its end is nobody's business any more
    asking?.abort();
    this.onDrop?.();
    this.wantsPictures = false;
    this.wait.hidden = true;
    this.tell("");
  }

  /** A span that is complete. given: what else an address says of it, null if people chose it. Whether it is a plane. */
  take(span, given = null) {
    this.drop();
    return this.put(span, given);
  }

  /** The same, while what is waited for is waited for. */
  put(span, given) {
    try {
      this.onSpan(span, given);
    } catch (error) {
      if (!(error instanceof Degenerate)) throw error;
      this.show();
      this.tell("These lie on one line and span no plane: choose others. The map stays as it was.");
      return false;
    }
    this.span = span;
    this.picks[span.kind] = span.pick;
    this.show();
    if (given === null) this.explorer.say(this.title());
    return true;
  }

  pickAxis(k) {
    const pick = this.span.pick.slice();
    const chosen = Number(this.axes[k].value);
    if (chosen === pick[1 - k]) pick[1 - k] = pick[k]; // they change places
    pick[k] = chosen;
    this.take({ ...this.span, pick });
  }

  pickCorner(k) {
    const points = this.span.points.slice();
    const mark = this.explorer.bookmarks.find(this.corners[k].value);
    const point = pointOf(mark);
    const other = points.findIndex((one, i) => i !== k && isSame(one, point));
    if (other >= 0) points[other] = points[k]; // they change places
    points[k] = point;
    this.take({ ...this.span, points });
  }

  // ---- showing

  /** What is chosen. */
  show() {
    if (!this.span) return;
    const { kind } = this.span;
    this.kinds.show(kind);
    for (const select of this.axes) select.parentElement.hidden = kind === "p";
    for (const select of this.corners) select.parentElement.hidden = kind !== "p";
    if (kind === "p") this.showCorners();
    else this.showAxes();
    this.showMoment();
  }

  showAxes() {
    const { kind, pick, shares } = this.span;
    const count = kind === "n" ? this.explorer.network.latentDim : Math.min(DIRECTIONS, shares.length);
    for (const [k, select] of this.axes.entries()) {
      select.replaceChildren(
        ...Array.from({ length: count }, (_, i) => {
          const words =
            kind === "n" ? `z${i + 1}` : `${i + 1} (${(100 * shares[i]).toFixed(1)}% of the variance)`;
          return element("option", "", { value: i }, words);
        }),
      );
      select.value = pick[k];
    }
  }

  showCorners() {
    for (const [k, select] of this.corners.entries()) {
      const point = this.span.points[k];
      const marks = this.explorer.bookmarks.list;
      const here = marks.find((mark) => isSame(pointOf(mark), point));
      const others = here ? [] : [element("option", "", { value: "", disabled: "" }, point.name)];
      select.replaceChildren(
        ...others,
        ...marks.map(({ id, name }) => element("option", "", { value: id }, name)),
      );
      select.value = here?.id ?? "";
    }
  }

  /** Directions belong to the network that they were found in; others can be asked for. */
  showMoment() {
    const { span, explorer } = this;
    if (!span) return;
    const { kind, step } = span;
    this.renew.hidden = step === undefined || step === explorer.network.step;
    const moment = this.renew.hidden ? "" : `These are the directions of step ${step.toLocaleString("en")}.`;
    const asked =
      explorer.network.classes === 0
        ? ""
        : `Each digit of it is the ${explorer.digit} that is chosen under “Digit to draw”: the map varies how it is written.`;
    say(this.words, [WORDS[kind], moment, asked].filter(Boolean).join(" "));
  }

  showBookmarks() {
    if (this.wantsPictures) this.choosePictures();
    else if (this.span?.kind === "p") this.showCorners();
  }

  tell(text) {
    say(this.message, text);
    this.message.hidden = text === "";
  }

  /** How the axes are called. */
  names() {
    const { kind, pick, shares } = this.span;
    if (kind === "p") return this.span.points.slice(1).map(({ name }) => `towards ${name}`);
    return pick.map((one) =>
      kind === "n" ? `z${one + 1}` : `direction ${one + 1}, ${(100 * shares[one]).toFixed(1)}%`,
    );
  }

  title() {
    const [right, up] = this.names();
    return `Map of digits, spanned by ${TITLES[this.span.kind]}: ${right} from left to right, ${up} upwards`;
  }

  close() {
    this.drop();
  }
}

/** found: what the errand told of a step. Throws Refused if it has no such directions. */
function spanOf(kind, pick, step, found) {
  const { directions, shares } = found[kind === "f" ? "features" : "weights"];
  if (Math.max(...pick) >= directions.length)
    throw new Refused(`Such directions of this network: ${directions.length}.`);
  return { kind, pick, step, vectors: directions.map((one) => Float64Array.from(one)), shares };
}

/** A bookmark as a corner: truncated as it was kept. */
function pointOf({ name, z, origin, scale }) {
  return scale === 1
    ? { name, z, origin }
    : { name, z: z.map((value) => toSlider(scale * value)), origin: null };
}

function isSame(point, other) {
  return point.z.every((value, i) => value === other.z[i]);
}
