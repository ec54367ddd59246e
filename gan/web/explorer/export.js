// Taking a digit along: as a picture, as numbers, as a link, as a line of Python; and all bookmarks as a file.

import { isCancelled } from "../inference/inference.js";
import { button, element, later, say } from "../kit/dom.js";
import { AddressError, spellLatent } from "../latent/address.js";
import { inked, SIDE } from "../pictures/pictures.js";
import { png } from "../pictures/png.js";
import { svg } from "../pictures/svg.js";

const ZOOM = 20;
const MOST_ZOOM = 40;
const MOST_FILE = 1 << 20; // bytes of a file of bookmarks
const STILL = 200; // ms that z has to rest before the lines follow

export class Keep {
  constructor(explorer) {
    this.explorer = explorer;
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
    this.message = element("p", "quiet", { role: "status", "data-testid": "keep-message" });
    this.element = element(
      "section",
      "keep",
      { "aria-label": "Take it along", "data-testid": "keep" },
      element("h3", "", {}, "Take it along"),
      element(
        "div",
        "columns",
        {},
        group(
          "The picture",
          "Grey levels, as in MNIST: ink is white.",
          element("div", "row", {}, element("label", "row", {}, "Enlarged", this.zoom), this.size),
          element(
            "div",
            "row",
            {},
            this.saver("PNG", () => this.savePng()),
            this.saver("SVG", () => this.saveSvg()),
          ),
        ),
        group(
          "The numbers",
          "z; as JSON with all else that the picture depends on.",
          element(
            "div",
            "row",
            {},
            this.saver("z as JSON", () => this.saveJson()),
            this.saver("z as CSV", () => this.saveCsv()),
          ),
        ),
        group(
          "The way here",
          this.wayWords,
          element(
            "div",
            "row",
            {},
            button("Copy link", () => this.copyLink(), { title: "(L)" }),
          ),
          this.link,
        ),
        group(
          "The bookmarks",
          "For another browser, or another day.",
          element(
            "div",
            "row",
            {},
            this.saver("Export bookmarks", () => this.saveBookmarks()),
            button("Import bookmarks", () => this.file.click()),
            this.file,
          ),
        ),
        element(
          "div",
          "group wide",
          { role: "group", "aria-label": "The same picture from Python" },
          element("h4", "", {}, "The same picture from Python"),
          this.line(this.python, "line of Python"),
          this.line(this.command, "line for a terminal"),
          element(
            "p",
            "quiet",
            {},
            "Both are for the folder of Digit Forge on a computer that has this network. " +
              "They need no TensorFlow: NumPy draws.",
          ),
        ),
      ),
      this.message,
    );
    this.followSoon = later(() => this.follow(), STILL);
  }

  /** A text with a button that copies it. */
  line(place, what) {
    const copy = button("Copy", () => this.copy(place, `The ${what}`), { "aria-label": `Copy the ${what}` });
    return element("div", "line", {}, place, copy);
  }

  /** A button that saves a file. */
  saver(label, save) {
    return button(label, () =>
      this.attempt(save, (error) => `Nothing was saved (${error.message}). Try again.`),
    );
  }

  /** Does what may fail, and says so if it does. words: the sentence for an error. */
  async attempt(action, words) {
    try {
      await action();
    } catch (error) {
      if (!isCancelled(error)) say(this.message, words(error));
    }
  }

  refresh(changed) {
    if (["z", "digit", "scale", "network"].some((what) => changed.has(what))) this.followSoon();
  }

  // ---- lines that say where people are

  follow() {
    const { about, z, origin, digit, scale, network } = this.explorer;
    const zoom = this.zoomed();
    const step = about.steps.length > 1 ? network.step : null;
    const spelled = spellLatent(z, origin);
    const asked = Object.entries({
      digit: network.classes ? digit : null,
      scale: scale === 1 ? null : scale,
      step,
      zoom: zoom === ZOOM ? null : zoom,
    }).filter(([, value]) => value !== null);
    const given = asked.map(([name, value]) => `, ${name}=${value}`).join("");
    const options = asked.map(([name, value]) => ` --${name} ${value}`).join("");
    const call = `picture(${JSON.stringify(about.run)}, "${spelled}"${given})`;
    this.python.value = `from gan.drawing import picture; ${call}.save("digit.png")`;
    this.command.value = `python -m gan sample ${about.run} --z ${spelled}${options} --out digit.png`;
    say(this.size, `${SIDE * zoom} × ${SIDE * zoom} pixels`);
    const isFollowing = about.isLive && this.explorer.isFollowing;
    const moment = isFollowing
      ? "drawn by the newest network of a run that still learns"
      : "of this moment of the training";
    say(this.wayWords, `The address opens this digit, ${moment}, in this view.`);
  }

  zoomed() {
    const zoom = Math.round(this.zoom.valueAsNumber);
    return Math.min(MOST_ZOOM, Math.max(1, zoom || ZOOM));
  }

  // ---- files

  /** What is drawn at this moment: { picture uint8 [784], z, digit, scale, step, origin }. */
  async now() {
    const { explorer } = this;
    const { network } = explorer;
    const place = explorer.place();
    const args = { ...explorer.drawing(), z: place.z };
    const { pixels } = await explorer.studio.run("draw", args);
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
    const { about } = this.explorer;
    const { z, origin, digit, scale, step, asks } = await this.now();
    const spelled = spellLatent(z, origin);
    const told = { run: about.run, step, digit: asks ? digit : null, scale, spelled, z: [...z] };
    this.save(new Blob([`${JSON.stringify(told, null, 1)}\n`], { type: "application/json" }), step, "json");
  }

  async saveCsv() {
    const { z, step } = await this.now();
    this.save(new Blob([`z\n${z.join("\n")}\n`], { type: "text/csv" }), step, "csv");
  }

  saveBookmarks() {
    const { bookmarks } = this.explorer;
    if (bookmarks.list.length === 0) {
      return say(this.message, "There are no bookmarks to export: press Bookmark on a digit first.");
    }
    this.save(new Blob([bookmarks.toText()], { type: "application/json" }), "bookmarks", "json");
  }

  save(blob, what, ending) {
    const address = URL.createObjectURL(blob);
    const name = `${this.explorer.about.run}-${what}.${ending}`;
    element("a", "", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say(this.message, `Saved as ${name}`);
  }

  choose() {
    const [file] = this.file.files;
    this.file.value = ""; // so that the same file can be chosen again
    if (!file) return;
    const name = file.name.slice(0, 60);
    this.attempt(
      () => this.takeIn(file),
      (error) => `${name} was not taken in: ${error.message} Your bookmarks are as they were.`,
    );
  }

  /** Bookmarks of a file that anybody may have written: all of what fits, or an error that says why not. */
  async takeIn(file) {
    if (file.size > MOST_FILE) throw new AddressError("It is too large for a file of bookmarks.");
    const { added, left } = this.explorer.bookmarks.takeIn(await file.text());
    const rest = left ? ` There was no room for ${left} more: remove some first.` : "";
    say(this.message, `${added} ${added === 1 ? "bookmark" : "bookmarks"} added.${rest}`);
  }

  // ---- the clipboard

  copyLink() {
    const { explorer } = this;
    explorer.stopWalk();
    explorer.writeAddress("link");
    this.link.value = location.href;
    return this.copy(this.link, "The link");
  }

  /** Browsers lend the clipboard to https and localhost alone; elsewhere the text is selected, to be copied by hand. */
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

  tell(words) {
    say(this.message, words);
    this.explorer.say(words);
  }

  close() {
    this.followSoon.cancel();
  }
}

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

/** A text to be copied. */
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
