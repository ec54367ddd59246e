// Morphs along bookmarks: the great circle and the straight line beside each other, and what they pass through.

import { Frames } from "../../inference/journey_frames.js";
import { Choice, element, later, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { LIMIT } from "../../latent/geometry.js";
import {
  byKind,
  FRAMES_PER_LEG,
  Journey,
  KIND_WORDS,
  KINDS,
  readJourney,
  spellJourney,
  spellStop,
} from "../../latent/journey.js";
import { Curve, Curves, swatch } from "./path_curves.js";
import { Player } from "./path_player.js";
import { Recorder } from "./path_recorder.js";
import { Stops } from "./path_stops.js";
import { leaves, scoreFormat, scoreOf, summary } from "./path_words.js";

const STILL = 150; // ms that a hand has to rest before frames are drawn anew, or one picture exactly
const NO_JUDGE = "This network came without its discriminator, so nobody judges the pictures here.";
const BETWEEN_MEASURES = 100; // ms, while frames come in
const GESTURE = "path";
const OWN_SPACE = "button, select, input:not([type=range]), textarea";

export class Path {
  id = "path";
  title = "Between";

  constructor(explorer) {
    this.explorer = explorer;
    this.kind = "great";
    this.frames = new Frames(explorer.studio, {
      onProgress: () => this.progress(),
      onError: (error) => explorer.fail(error),
    });
    this.stops = new Stops(explorer, {
      onChange: () => this.changeStops(),
      onGo: (place) => this.goToStop(place),
    });
    this.player = new Player({
      onHold: () => explorer.remember(GESTURE),
      onMove: (position) => this.move(position),
      onStart: () => this.start(),
      onRest: () => this.rest(),
    });
    this.recorder = new Recorder(explorer, this.frames, () => this.player.pace);
    this.assemble();
    this.drawFrames = later(() => this.frames.draw(this.journey, this.explorer.network), STILL);
    this.drawExactly = later(() => this.exactly(), STILL);
  }

  assemble() {
    this.caption = element(
      "p",
      "caption quiet",
      {},
      "Two ways from stop to stop. The great circle turns z and " +
        "changes its length evenly; the straight line mixes the numbers of z, and on the way it is never longer.",
    );
    this.tiles = Object.fromEntries(KINDS.map((kind) => [kind, new DigitTile()]));
    this.figures = KINDS.map((kind) => this.figure(kind));
    this.note = element("p", "quiet", { hidden: "", "data-testid": "path-note" });
    const choices = KINDS.map((kind) => [kind, KIND_WORDS[kind]]);
    this.leads = new Choice("The large digit follows", choices, (kind) => this.lead(kind));
    this.leads.show(this.kind);
    this.summary = element("p", "summary", { "data-testid": "path-summary" });
    this.curves = new Curves(this.buildCurves(), {
      onDrag: (share) => this.player.drag(share * this.journey.legs),
      onDrop: () => this.player.rest(),
    });
    this.work = element(
      "div",
      "path-work",
      { hidden: "" },
      element(
        "div",
        "pair",
        {},
        ...this.figures,
        element("div", "beside-pair", {}, this.leads.element, this.note),
      ),
      this.player.element,
      this.summary,
      this.curves.element,
      this.recorder.element,
    );
    this.element = element(
      "div",
      "path",
      { tabindex: "-1", "data-testid": "path" },
      this.caption,
      this.stops.element,
      this.work,
    );
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.element.at = (kind, position) => Array.from(this.journey.at(kind, position)); // for tests
  }

  figure(kind) {
    const { canvas } = this.tiles[kind];
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `The digit on the ${KIND_WORDS[kind]}`);
    canvas.dataset.testid = `path-${kind}`;
    return element(
      "figure",
      kind,
      {},
      element("div", "tile", {}, canvas),
      element("figcaption", "", {}, swatch(kind), KIND_WORDS[kind]),
    );
  }

  buildCurves() {
    const plain =
      (digits) =>
      (value, step = 0) =>
        value.toFixed(step >= 1 ? 0 : digits);
    this.norms = new Curve(
      "norm",
      "Length of z",
      "After the truncation of its stops. Random draws cluster at the dotted line.",
      plain(1),
    );
    this.changes = new Curve(
      "change",
      "Change of the picture so far (of 255)",
      "Root mean square difference of pixels, from frame to frame, added up. Where it is steep, the picture changes " +
        "fast.",
      plain(0),
    );
    this.scores = new Curve(
      "score",
      "D's score",
      "What this run's own discriminator makes of each picture.",
      (value, step) => this.scoreWords(value, step),
    );
    return [this.norms, this.changes, this.scores];
  }

  scoreWords(value, step) {
    return scoreFormat(this.frames.isProbability)(value, step);
  }

  // ---- the path

  refresh(changed) {
    const { explorer, player } = this;
    const isElsewhere =
      changed.has("z") && player.isPlaying && this.here?.some((value, i) => value !== explorer.z[i]);
    const isTruncated = changed.has("scale") && player.isPlaying && explorer.scale !== 1;
    if (isElsewhere || isTruncated || (changed.has("walk") && explorer.walk)) player.halt();
    if (["network", "bookmarks", "mode", GESTURE].some((what) => changed.has(what))) this.prepare();
    if (changed.has("scale")) this.tell();
  }

  changeStops() {
    this.player.halt();
    this.prepare();
    if (this.stops.isPath) this.explorer.writeAddress(GESTURE);
  }

  /** Follows the bookmarks and the network. */
  prepare() {
    const { explorer, stops } = this;
    stops.sync();
    stops.seekExample();
    const list = stops.list;
    const seen = JSON.stringify([list, explorer.bookmarks.list.map((mark) => [mark.id, mark.name])]);
    const spelled = list.flatMap((stop) => [spellStop(stop, explorer.network), stop.name]);
    const place = [explorer.network.url, ...spelled].join();
    if (seen !== this.seen) stops.show();
    if (place !== this.place) this.lay(list);
    else if (seen !== this.seen) this.progress();
    if (!this.journey) stops.paintSingle();
    this.seen = seen;
    this.place = place;
  }

  /** A new path, or the same with another network. */
  lay(list) {
    const { player, stops } = this;
    this.work.hidden = !stops.isPath;
    this.exact = null;
    this.drawFrames.cancel();
    if (!stops.isPath) {
      this.journey = null;
      player.halt();
      return this.frames.stop();
    }
    this.journey = new Journey(list);
    player.set(this.journey.legs);
    this.curves.name(list);
    this.frames.begin(this.journey);
    this.measure();
    this.tell();
    this.show(player.position);
    this.progress();
    this.drawFrames();
  }

  // ---- moving

  /** A single stop is no place on a path, but one to be at as well. */
  goToStop(place) {
    if (this.journey) return this.player.goTo(place);
    const { explorer, stops } = this;
    explorer.remember();
    explorer.goTo(stops.list[place]);
    explorer.settle(`At ${stops.list[place].name}`);
  }

  move(position) {
    this.show(position);
    this.lookAlong(position);
  }

  /** Shows the two ways at a position: what is there at once, and exactly when it rests. */
  show(position) {
    const { frames, tiles, journey } = this;
    for (const kind of KINDS) {
      delete tiles[kind].canvas.dataset.settled;
      const pixels = frames.nearest(kind, position);
      if (pixels) tiles[kind].paint(pixels);
    }
    this.curves.follow(position / journey.legs);
    this.stops.mark(position);
    say(this.player.place, journey.words(position));
    if (!this.player.isPlaying) {
      this.player.slider.setAttribute("aria-valuetext", journey.words(position));
      this.drawExactly();
    }
  }

  async exactly() {
    const { journey, tiles, player } = this;
    const position = player.position;
    if (!journey || player.isPlaying) return;
    const found = await this.frames.exact(journey, this.explorer.network, position);
    if (!found || journey !== this.journey || position !== this.player.position || player.isPlaying) return;
    this.exact = position;
    for (const kind of KINDS) {
      tiles[kind].paint(found[kind]);
      tiles[kind].canvas.dataset.settled = "true";
    }
  }

  /** The large digit goes along. The truncation of the stops is in z by then. */
  lookAlong(position) {
    const { explorer, journey } = this;
    const stop = Number.isInteger(position) ? journey.stops[position] : null;
    explorer.stopWalk();
    explorer.move(journey.at(this.kind, position), stop?.scale === 1 ? stop.origin : null);
    this.here = explorer.z.slice();
    if (explorer.scale !== 1) {
      explorer.scale = 1;
      explorer.change("scale");
    }
    const digit = journey.digitAt(position);
    if (!explorer.network.classes || digit === explorer.digit) return;
    explorer.digit = digit;
    explorer.change("digit");
  }

  lead(kind) {
    this.explorer.remember(GESTURE);
    this.kind = kind;
    this.lookAlong(this.player.position);
    this.tell();
    this.explorer.settle(`The large digit follows the ${KIND_WORDS[kind]}`, GESTURE);
  }

  start() {
    const { explorer, journey, player } = this;
    explorer.stopWalk();
    for (const kind of KINDS) delete this.tiles[kind].canvas.dataset.settled;
    this.exact = null;
    this.lookAlong(player.position); // else it would seem that somebody moved it away
    explorer.say(`Playing, ${journey.words(player.position)}`);
  }

  rest() {
    const { explorer, journey, player } = this;
    this.move(player.position);
    const words = journey.words(player.position);
    explorer.settle(words[0].toUpperCase() + words.slice(1), GESTURE);
  }

  onKey(event) {
    if (event.key !== " " || event.defaultPrevented || !this.journey || event.target.closest(OWN_SPACE))
      return;
    event.preventDefault();
    event.stopPropagation();
    this.player.toggle();
  }

  // ---- what it passes through

  /** More frames are there. */
  progress() {
    const { frames, journey, stops, player } = this;
    if (!journey || frames.journey !== journey) return;
    stops.tiles.forEach((tile, place) => {
      if (frames.isThere.great[place * FRAMES_PER_LEG]) tile.paint(frames.nearest("great", place));
    });
    if (!player.isPlaying && this.exact !== player.position) {
      for (const kind of KINDS) {
        const pixels = frames.nearest(kind, player.position);
        if (pixels) this.tiles[kind].paint(pixels);
      }
    }
    this.measuring ??= setTimeout(() => this.measure(), BETWEEN_MEASURES);
    this.element.dataset.frames = frames.isComplete ? "complete" : "drawing";
    this.recorder.progress();
  }

  measure() {
    const { frames, journey, explorer } = this;
    clearTimeout(this.measuring);
    this.measuring = undefined;
    if (!journey) return;
    const { legs } = journey;
    const { discriminator, latentDim, url } = explorer.network;
    const usual = frames.usual.get(url);
    const norms = byKind((kind) => frames.norms(kind));
    const score = (logit) => scoreOf(logit, frames.isProbability);
    const scores = frames.isProbability === null ? null : byKind((kind) => frames.logits[kind].map(score));
    const typical = Math.sqrt(latentDim);
    const level = usual &&
      scores && { value: score(usual.middle), words: `Median of ${usual.count} random draws` };
    const band = level && { low: score(usual.low), high: score(usual.high) };
    this.norms.show({
      lines: norms,
      legs,
      range: { from: 0 },
      level: { value: typical, words: `Typical of random draws, √${latentDim}` },
      key: `┈ typical of random draws: √${latentDim} = ${typical.toFixed(1)}`,
    });
    const drawing = frames.changes ? null : `Drawing the frames: ${Math.round(100 * frames.share)}%`;
    this.changes.show({ lines: frames.changes, legs, range: { from: 0 }, instead: drawing });
    const titles = { true: "D takes it for real", false: "D's output (no probability)" };
    this.scores.rename(titles[frames.isProbability] ?? "D's score");
    this.scores.show({
      lines: scores,
      legs,
      level,
      band,
      range: frames.isProbability ? { from: 0, to: 100 } : { least: 0.1 },
      key: level && `┈ median of ${usual.count} random draws, half in the band`,
      instead: discriminator === null ? NO_JUDGE : scores ? null : "D has not looked yet.",
    });
    const middle = level && { middle: level.value, count: usual.count };
    say(
      this.summary,
      summary({
        journey,
        norms,
        typical,
        changes: frames.changes,
        scores: level && scores,
        usual: middle,
        format: (value) => this.scoreWords(value),
      }),
    );
    this.curves.follow(this.player.position / legs);
  }

  tell() {
    const { explorer, journey, frames } = this;
    if (!journey) return;
    const notes = [];
    const digits = new Set(journey.stops.map((stop) => stop.digit));
    if (explorer.network.classes && digits.size > 1) {
      notes.push("Only z moves gradually: the class that is asked for switches at once, half way of a leg.");
    }
    if (explorer.scale !== 1) {
      notes.push(
        `The truncation of ${explorer.scale.toFixed(2)} is the large digit's alone, and ends when it moves ` +
          "along the path: a stop is drawn as its bookmark was kept.",
      );
    }
    if (leaves(frames.zs[this.kind], LIMIT)) {
      notes.push(`Some numbers of z leave −${LIMIT} to ${LIMIT} on the way; the large digit's stay within.`);
    }
    this.note.hidden = notes.length === 0;
    say(this.note, notes.join(" "));
  }

  // ---- its place on the page

  spell() {
    const { stops, kind, player, explorer } = this;
    if (!stops.isPath || stops.isExample) return null;
    const position = Math.min(player.position, stops.list.length - 1);
    return spellJourney({ stops: stops.list, kind, position }, explorer.network);
  }

  follow(text) {
    const { stops, kind, position } = readJourney(text, this.explorer.network);
    this.player.halt();
    this.stops.take(stops);
    this.kind = kind;
    this.leads.show(kind);
    this.player.set(stops.length - 1, position);
    this.place = null;
    this.explorer.change(GESTURE);
  }

  enter() {
    this.place = null; // what was left undrawn is drawn now
  }

  leave() {
    this.player.halt();
    this.drawFrames.cancel();
    this.drawExactly.cancel();
    clearTimeout(this.measuring);
    this.measuring = undefined;
    this.frames.close();
    this.stops.stopSeeking();
    this.recorder.cancel("Cancelled, as the path was left: nothing was saved.");
  }

  close() {
    this.leave();
  }
}
