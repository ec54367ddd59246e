// Taking a digit along: as a picture, as numbers, as a link, as a line of Python; and all bookmarks as a file.

import { isCancelled } from "../inference/inference.js";
import { button, element, later, say } from "../kit/dom.js";
import { AddressError, spellLatent } from "../latent/address.js";
import { inked, SIDE } from "../pictures/pictures.js";
import { png } from "../pictures/png.js";
import { svg } from "../pictures/svg.js";
import { pythonLines, ZOOM } from "./python_lines.js";

/** @import { State } from "./state.js" */

const MOST_ZOOM = 40;
const MOST_FILE = 1 << 20; // bytes of a file of bookmarks
const STILL = 200; // ms that z has to rest before the lines follow
const FROM_PYTHON =
  "Both are for the folder of Digit Forge on a computer that has this network. They need no TensorFlow: NumPy draws.";
const OTHER_SAMPLER =
  "They draw by the sampler that this run was made with, which is not the one that is chosen here.";

export class Export {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.zoom = element("input", "", {
      type: "number",
      min: 1,
      max: MOST_ZOOM,
      step: 1,
      value: ZOOM,
      "data-testid": "png-zoom",
      "aria-label": "Screen pixels for a pixel of the digit",
    });
    this.zoom.addEventListener("input", () => this.follow());
    this.size = element("output", "", {});
    this.file = element("input", "", {
      type: "file",
      accept: ".json,application/json",
      hidden: "",
      "data-testid": "bookmarks-file",
    });
    this.file.addEventListener("change", () => this.choose());
    this.wayWords = element("span");
    this.link = field("This page's address", "link-field");
    this.link.hidden = true;
    this.python = field("A line of Python", "python-line");
    this.command = field("A line for a terminal", "command-line");
    this.pythonWords = element("p", "quiet", {}, FROM_PYTHON);
    this.message = element("p", "quiet", { role: "status", "data-testid": "export-message" });
    this.element = element(
      "section",
      "export",
      { "aria-label": "Take it along", "data-testid": "export" },
      element("h3", "", {}, "Take it along"),
      element("div", "columns", {}, ...this.groups(), this.pythonGroup()),
      this.message,
    );
    this.followSoon = later(() => this.follow(), STILL);
    state.subscribe(["z", "digit", "scale", "network", "sampling"], () => this.followSoon());
  }

  groups() {
    const copyLink = button("Copy link", () => this.copyLink(), { title: "(L)" });
    return [
      group(
        "The picture",
        "Grey levels, as in MNIST: ink is white.",
        row(element("label", "row", {}, "Enlarged", this.zoom), this.size),
        row(
          this.saver("PNG", () => this.savePng()),
          this.saver("SVG", () => this.saveSvg()),
        ),
      ),
      group(
        "The numbers",
        "z; as JSON with all else that the picture depends on.",
        row(
          this.saver("z as JSON", () => this.saveJson()),
          this.saver("z as CSV", () => this.saveCsv()),
        ),
      ),
      group("The way here", this.wayWords, row(copyLink), this.link),
      group(
        "The bookmarks",
        "For another browser, or another day.",
        row(
          this.saver("Export bookmarks", () => this.saveBookmarks()),
          button("Import bookmarks", () => this.file.click()),
          this.file,
        ),
      ),
    ];
  }

  pythonGroup() {
    const title = "The same picture from Python";
    return element(
      "div",
      "group wide",
      { role: "group", "aria-label": title },
      element("h4", "", {}, title),
      this.line(this.python, "line of Python"),
      this.line(this.command, "line for a terminal"),
      this.pythonWords,
    );
  }

  /** A text with a button that copies it. @param {HTMLInputElement} place @param {string} what */
  line(place, what) {
    const copy = button("Copy", () => this.copy(place, `The ${what}`), { "aria-label": `Copy the ${what}` });
    return element("div", "line", {}, place, copy);
  }

  /** A button that saves a file. @param {string} label @param {() => unknown} save */
  saver(label, save) {
    return button(label, () => this.attempt(save, (reason) => `Nothing was saved (${reason}). Try again.`));
  }

  /**
   * Does what may fail, and says so if it does.
   * @param {() => unknown} action
   * @param {(reason: string) => string} words the sentence for it
   */
  async attempt(action, words) {
    try {
      await action();
    } catch (error) {
      if (isCancelled(error)) return;
      say(this.message, words(error instanceof Error ? error.message : String(error)));
    }
  }

  // ---- lines that say where people are

  follow() {
    const { state } = this;
    const { about, network, sampling } = state;
    const zoom = this.zoomed();
    const { python, command } = pythonLines({
      run: about.run,
      place: state.place(),
      asks: network.classes > 0,
      step: about.steps.length > 1 ? network.step : null,
      steps: sampling.steps === network.steps ? null : sampling.steps,
      zoom,
    });
    const isOwn = sampling.sampler === network.sampler;
    say(this.pythonWords, isOwn ? FROM_PYTHON : `${FROM_PYTHON} ${OTHER_SAMPLER}`);
    this.python.value = python;
    this.command.value = command;
    say(this.size, `${SIDE * zoom} × ${SIDE * zoom} pixels`);
    say(
      this.wayWords,
      about.isLive && state.isFollowing
        ? "The address opens this digit, drawn by the newest network of a run that still learns, in this view."
        : "The address opens this digit, of this snapshot of the training, in this view.",
    );
  }

  zoomed() {
    const zoom = Math.round(this.zoom.valueAsNumber);
    return Math.min(MOST_ZOOM, Math.max(1, zoom || ZOOM));
  }

  // ---- files

  /** What is drawn at this moment, and the picture, uint8 [784]. */
  async now() {
    const { state } = this;
    const { network } = state;
    const place = state.place();
    const { pixels } = await state.inference.run("draw", { ...state.drawing(), z: place.z }, {});
    return { ...place, step: network.step, asks: network.classes > 0, picture: inked(pixels) };
  }

  async savePng() {
    const { picture, step } = await this.now();
    this.save(new Blob([png(picture, this.zoomed())], { type: "image/png" }), step, "png");
  }

  async saveSvg() {
    const { picture, step } = await this.now();
    this.save(new Blob([svg(picture, this.zoomed())], { type: "image/svg+xml" }), step, "svg");
  }

  async saveJson() {
    const { run } = this.state.about;
    const { z, origin, digit, scale, step, asks } = await this.now();
    const spelled = spellLatent(z, origin);
    const told = {
      run,
      step,
      digit: asks ? digit : null,
      scale,
      ...this.state.sampling.full,
      spelled,
      z: [...z],
    };
    this.save(new Blob([`${JSON.stringify(told, null, 1)}\n`], { type: "application/json" }), step, "json");
  }

  async saveCsv() {
    const { z, step } = await this.now();
    this.save(new Blob([`z\n${z.join("\n")}\n`], { type: "text/csv" }), step, "csv");
  }

  saveBookmarks() {
    const { bookmarks } = this.state;
    if (bookmarks.list.length === 0)
      return say(this.message, "There are no bookmarks to export: press Bookmark on a digit first.");
    this.save(new Blob([bookmarks.toText()], { type: "application/json" }), "bookmarks", "json");
  }

  /**
   * @param {Blob} blob
   * @param {string | number} what of the run
   * @param {string} ending of the name
   */
  save(blob, what, ending) {
    const address = URL.createObjectURL(blob);
    const name = `${this.state.about.run}-${what}.${ending}`;
    element("a", "", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say(this.message, `Saved as ${name}`);
  }

  choose() {
    const file = this.file.files?.[0];
    this.file.value = ""; // so that the same file can be chosen again
    if (!file) return;
    const name = file.name.slice(0, 60);
    this.attempt(
      () => this.takeIn(file),
      (reason) => `${name} was not taken in: ${reason} Your bookmarks are as they were.`,
    );
  }

  /** Bookmarks of a file that anybody may have written: all of what fits, or an error that says why not. @param {File} file */
  async takeIn(file) {
    if (file.size > MOST_FILE) throw new AddressError("It is too large for a file of bookmarks.");
    const { added, left } = this.state.bookmarks.takeIn(await file.text());
    const came = added === 1 ? "1 bookmark added." : `${added} bookmarks added.`;
    const rest = `There was no room for ${left} more: remove some first.`;
    say(this.message, left ? `${came} ${rest}` : came);
  }

  // ---- the clipboard

  copyLink() {
    const { state } = this;
    state.wander.stop();
    state.writeAddress("link");
    this.link.value = location.href;
    return this.copy(this.link, "The link");
  }

  /**
   * Browsers lend the clipboard to https and localhost alone; elsewhere the text is selected, to be copied by hand.
   * @param {HTMLInputElement} place
   * @param {string} what
   */
  async copy(place, what) {
    const isLink = place === this.link;
    try {
      await navigator.clipboard.writeText(place.value);
      if (isLink) place.hidden = true;
      this.tell(`${what} is in the clipboard.`);
    } catch {
      place.hidden = false;
      place.focus();
      place.select();
      this.tell(`${what} is selected: press Ctrl+C (on a Mac, Cmd+C) to copy it.`);
    }
  }

  /** @param {string} words */
  tell(words) {
    say(this.message, words);
    this.state.say(words);
  }

  close() {
    this.followSoon.cancel();
  }
}

/** @param {(Node | string)[]} content */
function row(...content) {
  return element("div", "row", {}, ...content);
}

/**
 * @param {string} title
 * @param {Node | string} words
 * @param {Node[]} content
 */
function group(title, words, ...content) {
  return element(
    "div",
    "group",
    { role: "group", "aria-label": title },
    element("h4", "", {}, title),
    element("p", "quiet", {}, words),
    ...content,
  );
}

/** A text to be copied. @param {string} label @param {string} testid */
function field(label, testid) {
  const made = element("input", "", {
    type: "text",
    readonly: "",
    spellcheck: "false",
    "aria-label": label,
    "data-testid": testid,
  });
  made.addEventListener("focus", () => made.select());
  return made;
}
