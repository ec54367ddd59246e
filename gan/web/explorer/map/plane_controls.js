// The controls that choose what spans the map's plane, and what is said about it.

import { button, Choice, element, say } from "../../kit/dom.js";
import { axisChoices, cornerOf, isSame, KINDS, wordsOf } from "./plane_span.js";

/** @import { Bookmark, PlaneKind } from "../../latent/types" */
/** @import { State } from "../state.js" */
/** @import { Span } from "./plane_span.js" */

/**
 * What people choose: a kind; for the axis or the corner of a place one of what it offers, or the directions of this
 * snapshot; no longer to wait; to see what was waited for; other noises as corners.
 * @typedef {object} Choices
 * @property {(kind: PlaneKind) => void} onKind
 * @property {(place: number, chosen: number) => void} onAxis
 * @property {(place: number, id: string) => void} onCorner told the bookmark's
 * @property {() => void} onRenew
 * @property {() => void} onCancel
 * @property {() => void} onAccept
 * @property {() => void} onNoises
 */

const ROUND =
  "Three noises: the first at (0, 0), the second at (1, 0), the third at (0, 1), and between them the noise that turns " +
  "from one into the other. Each can be a bookmark. The map comes roughly at first, and then exactly.";
const AXES = ["Left to right", "Upwards"];
const CORNERS = ["At (0, 0)", "At (1, 0)", "At (0, 1)"];

export class PlaneControls {
  /** @param {Choices} choices */
  constructor({ onKind, onAxis, onCorner, onRenew, onCancel, onAccept, onNoises }) {
    this.kinds = new Choice(
      "The map is spanned by",
      KINDS,
      (kind) => onKind(/** @type {PlaneKind} */ (kind)), // a value of KINDS
      { "data-testid": "plane-kind" },
    );
    this.axes = AXES.map((name, k) => new Select(name, `plane-axis-${k + 1}`, (v) => onAxis(k, Number(v))));
    this.corners = CORNERS.map((name, k) => new Select(name, `plane-corner-${k + 1}`, (v) => onCorner(k, v)));
    this.renew = button("Take those of this snapshot", onRenew, { hidden: "", "data-testid": "plane-renew" });
    this.noises = button("Two other noises", onNoises, { hidden: "", "data-testid": "plane-noises" });
    this.words = element("p", "quiet");
    this.state = element("span", "", { role: "status" });
    this.stop = button("Cancel", onCancel);
    this.accept = button("Show them", onAccept);
    this.wait = element(
      "div",
      "wait",
      { hidden: "", "data-testid": "plane-wait" },
      this.state,
      this.stop,
      this.accept,
    );
    this.message = element("p", "quiet", { role: "status", hidden: "", "data-testid": "plane-message" });
    const selects = [...this.axes, ...this.corners].map((select) => select.label);
    this.element = element(
      "div",
      "plane-choice",
      {},
      this.kinds.element,
      element("div", "row", {}, ...selects, this.renew, this.noises),
      this.words,
      this.wait,
      this.message,
    );
  }

  // ---- what is chosen

  /** @param {Span} span @param {State} state */
  show(span, state) {
    const { isStepwise } = state.sampling;
    this.kinds.show(span.kind);
    this.kinds.element.hidden = isStepwise; // whose numbers of z are single pixels
    this.noises.hidden = !isStepwise;
    for (const { label } of this.axes) label.hidden = span.kind === "p";
    for (const { label } of this.corners) label.hidden = span.kind !== "p";
    if (span.kind === "p") this.showCorners(span, state.bookmarks.list);
    else this.showAxes(span, state.network.latentDim);
    this.showSnapshot(span, state);
  }

  /** @param {Span} span @param {number} latentDim */
  showAxes(span, latentDim) {
    const offered = axisChoices(span, latentDim).map((words, i) =>
      element("option", "", { value: i }, words),
    );
    for (const [k, axis] of this.axes.entries())
      axis.offer(
        offered.map((option) => option.cloneNode(true)),
        String(span.pick[k]),
      );
  }

  /** @param {Span} span @param {Bookmark[]} marks */
  showCorners({ points }, marks) {
    for (const [k, corner] of this.corners.entries()) {
      const here = marks.find((mark) => isSame(cornerOf(mark), points[k]));
      const offered = marks.map(({ id, name }) => element("option", "", { value: id }, name));
      const other = element("option", "", { value: "", disabled: "" }, points[k].name);
      corner.offer(here ? offered : [other, ...offered], here?.id ?? "");
    }
  }

  /** Directions belong to the network that they were found in; others can be asked for. @param {Span} span @param {State} state */
  showSnapshot(span, { network, digit, sampling }) {
    this.renew.hidden = span.step === null || span.step === network.step;
    const found =
      span.step === null || this.renew.hidden
        ? ""
        : `These are the directions of step ${span.step.toLocaleString("en")}.`;
    const asked =
      network.classes === 0
        ? ""
        : `Each digit of it is the ${digit} that is chosen under “Digit to draw”: the map varies how it is written.`;
    say(this.words, [sampling.isStepwise ? ROUND : wordsOf(span), found, asked].filter(Boolean).join(" "));
  }

  // ---- what is waited for

  /** @param {string} words how far it is */
  showWait(words) {
    this.wait.hidden = this.stop.hidden = false;
    this.accept.hidden = true;
    say(this.state, words);
  }

  /** In the place of the progress, so that nothing moves under the hand. @param {string} words */
  showOffer(words) {
    say(this.state, words);
    this.stop.hidden = true;
    this.accept.hidden = false;
  }

  hideWait() {
    this.wait.hidden = true;
  }

  /** @param {string} text */
  tell(text) {
    say(this.message, text);
    this.message.hidden = text === "";
  }
}

/** A list to choose from, with its name. */
class Select {
  /**
   * @param {string} name
   * @param {string} testid
   * @param {(value: string) => void} onChoice
   */
  constructor(name, testid, onChoice) {
    this.list = element("select", "", { "data-testid": testid });
    this.list.addEventListener("change", () => onChoice(this.list.value));
    this.label = element("label", "", {}, element("span", "name", {}, name), this.list);
  }

  /** @param {Node[]} options @param {string} value */
  offer(options, value) {
    this.list.replaceChildren(...options);
    this.list.value = value;
  }
}
