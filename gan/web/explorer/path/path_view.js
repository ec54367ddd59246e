// A path as elements: the two ways beside each other, which of them the large digit follows, and what is said of them.

import { Choice, element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { byKind, KIND_WORDS, KINDS } from "../../latent/journey.js";
import { swatch } from "./curve.js";

/** @import { ByKind, Kind } from "../../latent/types" */
/** @import { Picture } from "../../pictures/types" */

const CAPTION =
  "Two ways from stop to stop. The great circle turns z and changes its length evenly; the straight line mixes the " +
  "numbers of z, and on the way it is never longer.";

export class PathView {
  /**
   * @param {(kind: Kind) => void} onLead told which way the large digit should follow
   * @param {{ stops: Node, player: Node, curves: Node, recorder: Node }} parts
   */
  constructor(onLead, { stops, player, curves, recorder }) {
    /** @type {ByKind<DigitTile>} */
    this.tiles = byKind(() => new DigitTile());
    this.note = element("p", "quiet", { hidden: "", "data-testid": "path-note" });
    const choices = KINDS.map((kind) => /** @type {[string, string]} */ ([kind, KIND_WORDS[kind]]));
    this.leads = new Choice("The large digit follows", choices, (kind) =>
      onLead(kind === "straight" ? "straight" : "great"),
    );
    this.summary = element("p", "summary", { "data-testid": "path-summary" });
    const beside = element("div", "beside-pair", {}, this.leads.element, this.note);
    this.work = element(
      "div",
      "path-work",
      { hidden: "" },
      element("div", "pair", {}, ...KINDS.map((kind) => this.figure(kind)), beside),
      player,
      this.summary,
      curves,
      recorder,
    );
    this.element = element(
      "div",
      "path-mode",
      { tabindex: "-1", "data-testid": "path" },
      element("p", "caption quiet", {}, CAPTION),
      stops,
      this.work,
    );
  }

  /** @param {Kind} kind */
  figure(kind) {
    const { canvas } = this.tiles[kind];
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `The digit on the ${KIND_WORDS[kind]}`);
    canvas.setAttribute("data-testid", `path-${kind}`);
    return element(
      "figure",
      kind,
      {},
      element("div", "tile", {}, canvas),
      element("figcaption", "", {}, swatch(kind), KIND_WORDS[kind]),
    );
  }

  /**
   * @param {(kind: Kind) => Picture | null} pictureOf
   * @param {boolean} isExact whether they are those of the very position
   */
  paint(pictureOf, isExact) {
    for (const kind of KINDS) {
      const picture = pictureOf(kind);
      if (picture) this.tiles[kind].paint(picture);
    }
    this.setBusy(!isExact);
  }

  /** @param {boolean} isBusy whether the two are about to be others */
  setBusy(isBusy) {
    for (const kind of KINDS) this.tiles[kind].canvas.setAttribute("aria-busy", String(isBusy));
  }

  /** @param {boolean} isBusy whether frames are being drawn */
  setDrawing(isBusy) {
    this.element.setAttribute("aria-busy", String(isBusy));
  }

  /** @param {string[]} notes */
  showNotes(notes) {
    this.note.hidden = notes.length === 0;
    say(this.note, notes.join(" "));
  }
}
