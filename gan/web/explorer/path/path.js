// Morphs along bookmarks: the great circle and the straight line beside each other, and what they pass through.

import { Frames } from "../../inference/journey_frames.js";
import { later, say } from "../../kit/dom.js";
import { FRAMES_PER_LEG, Journey, KIND_WORDS, readJourney, spellJourney } from "../../latent/journey.js";
import { PathCurves } from "./path_curves.js";
import { Player } from "./path_player.js";
import { Recorder } from "./path_recorder.js";
import { Stops } from "./path_stops.js";
import { PathView } from "./path_view.js";
import { capital, notesOf, summary } from "./path_words.js";
import { spelledStops } from "./stop_list.js";

/** @import { Kind, LatentVector, Stop } from "../../latent/types" */
/** @import { State } from "../state.js" */
/** @import { Change, Changed } from "../types" */

const STILL = 150; // ms that a hand has to rest before frames are drawn anew, or one picture exactly
const BETWEEN_MEASURES = 100; // ms, while frames come in
/** Of its changes, and of Undo and Back. */
const GESTURE = "path";
/** @type {Change[]} */
const PREPARES = ["network", "bookmarks", "mode", "sampling", GESTURE];
const OWN_SPACE = "button, select, input:not([type=range]), textarea";

export class PathMode {
  get id() {
    return "path";
  }

  get title() {
    return "Path";
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** The way that the large digit follows. @type {Kind} */
    this.kind = "great";
    /** @type {Journey | null} */
    this.journey = null;
    /** z where the path led the large digit. @type {LatentVector | null} */
    this.here = null;
    /** The position whose two pictures are drawn exactly. @type {number | null} */
    this.exact = null;
    this.seen = ""; // stops and bookmarks, as they are shown
    this.place = ""; // network and stops, as they are drawn
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.measuring = undefined;
    this.frames = new Frames(state.inference, {
      onProgress: () => this.progress(),
      onError: (error) => state.fail(error),
    });
    this.stops = new Stops(state, {
      onChange: () => this.changeStops(),
      onGo: (place) => this.goToStop(place),
    });
    this.player = new Player({
      onHold: () => state.remember(GESTURE),
      onMove: (position) => this.move(position),
      onStart: () => this.start(),
      onRest: () => this.rest(),
    });
    this.recorder = new Recorder(state, this.frames, () => this.player.pace);
    this.curves = new PathCurves(
      (share) => this.journey && this.player.drag(share * this.journey.legs),
      () => this.player.rest(),
    );
    this.view = new PathView((kind) => this.lead(kind), {
      stops: this.stops.element,
      player: this.player.element,
      curves: this.curves.element,
      recorder: this.recorder.element,
    });
    this.view.leads.show(this.kind);
    this.element = this.view.element;
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.drawFrames = later(
      () => this.journey && this.frames.draw(this.journey, state.network, state.sampling.passes),
      STILL,
    );
    this.drawExactly = later(() => this.exactly(), STILL);
  }

  // ---- the path

  /** @param {Changed} changed */
  refresh(changed) {
    const { state, player } = this;
    const isElsewhere = changed.has("z") && this.here?.some((value, i) => value !== state.z[i]);
    const isTruncated = changed.has("scale") && state.scale !== 1;
    const isWalking = changed.has("walk") && state.wander.isOn;
    if (isWalking || (player.isPlaying && (isElsewhere || isTruncated))) player.halt();
    if (PREPARES.some((what) => changed.has(what))) this.prepare();
    if (changed.has("scale")) this.tell();
  }

  changeStops() {
    this.player.halt();
    this.prepare();
    if (this.stops.isPath) this.state.writeAddress(GESTURE);
  }

  /** Follows the bookmarks and the network. */
  prepare() {
    const { state, stops } = this;
    stops.sync();
    stops.seekExample();
    const { list } = stops;
    const marks = state.bookmarks.list.map(({ id, name }) => [id, name]);
    const seen = JSON.stringify([list, marks]);
    const { full } = state.sampling;
    const place = JSON.stringify([state.network.url, full, spelledStops(list, state.network)]);
    if (seen !== this.seen) stops.show();
    if (place !== this.place) this.lay(list);
    else if (seen !== this.seen) this.progress();
    if (!this.journey) stops.paintSingle();
    this.seen = seen;
    this.place = place;
  }

  /** A new path, or the same with another network. @param {Stop[]} list */
  lay(list) {
    const { player, stops, view } = this;
    view.work.hidden = !stops.isPath;
    this.exact = null;
    this.drawFrames.cancel();
    if (!stops.isPath) {
      this.journey = null;
      player.halt();
      view.setDrawing(false);
      return this.frames.stop();
    }
    this.journey = new Journey(list);
    player.set(this.journey.legs);
    this.curves.name(list);
    this.frames.begin(this.journey);
    this.measure();
    this.tell();
    this.show(this.journey, player.position);
    this.progress();
    this.drawFrames();
  }

  // ---- moving

  /** A single stop is no place on a path, but one to be at as well. @param {number} place */
  goToStop(place) {
    if (this.journey) return this.player.goTo(place);
    this.state.visit(this.stops.list[place]);
  }

  /** @param {number} position */
  move(position) {
    if (!this.journey) return;
    this.show(this.journey, position);
    this.lookAlong(this.journey, position);
  }

  /**
   * Shows the two ways at a position: what is there at once, and exactly when it rests.
   * @param {Journey} journey
   * @param {number} position
   */
  show(journey, position) {
    const { frames, player } = this;
    this.view.paint((kind) => frames.nearest(kind, position), false);
    this.curves.follow(position / journey.legs);
    this.stops.mark(position);
    player.showWords(journey.words(position));
    if (!player.isPlaying) this.drawExactly();
  }

  async exactly() {
    const { journey, player, state } = this;
    const { position } = player;
    if (!journey || player.isPlaying) return;
    const found = await this.frames.exact(journey, state.network, position);
    if (!found || journey !== this.journey || position !== player.position || player.isPlaying) return;
    this.exact = position;
    this.view.paint((kind) => found[kind], true);
  }

  /**
   * The large digit goes along. The truncation of the stops is in z by then.
   * @param {Journey} journey
   * @param {number} position
   */
  lookAlong(journey, position) {
    const { state } = this;
    const stop = Number.isInteger(position) ? journey.stops[position] : null;
    state.wander.stop();
    state.move(journey.at(this.kind, position), stop?.scale === 1 ? stop.origin : null);
    this.here = state.z.slice();
    if (state.scale !== 1) state.setScale(1);
    const digit = journey.digitAt(position);
    if (state.network.classes && digit !== state.digit) state.setDigit(digit);
  }

  /** @param {Kind} kind */
  lead(kind) {
    this.state.remember(GESTURE);
    this.kind = kind;
    if (this.journey) this.lookAlong(this.journey, this.player.position);
    this.tell();
    this.state.settle(`The large digit follows the ${KIND_WORDS[kind]}`, GESTURE);
  }

  start() {
    const { state, journey, player } = this;
    if (!journey) return;
    state.wander.stop();
    this.view.setBusy(true);
    this.exact = null;
    this.lookAlong(journey, player.position); // else it would seem that somebody moved it away
    state.say(`Playing, ${journey.words(player.position)}`);
  }

  rest() {
    const { journey, player } = this;
    if (!journey) return;
    this.move(player.position);
    this.state.settle(capital(journey.words(player.position)), GESTURE);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const isOwn = event.target instanceof Element && event.target.closest(OWN_SPACE);
    if (event.key !== " " || event.defaultPrevented || !this.journey || isOwn) return;
    event.preventDefault();
    event.stopPropagation();
    this.player.toggle();
  }

  // ---- what it passes through

  /** More frames are there. */
  progress() {
    const { frames, journey, stops, player } = this;
    if (!journey || frames.journey !== journey) return;
    for (const [place, tile] of stops.tiles.entries()) {
      const picture = frames.isThere.great[place * FRAMES_PER_LEG] && frames.nearest("great", place);
      if (picture) tile.paint(picture);
    }
    if (!player.isPlaying && this.exact !== player.position)
      this.view.paint((kind) => frames.nearest(kind, player.position), false);
    this.measuring ??= setTimeout(() => this.measure(), BETWEEN_MEASURES);
    this.recorder.progress();
  }

  measure() {
    const { frames, journey, state, view } = this;
    clearTimeout(this.measuring);
    this.measuring = undefined;
    if (!journey) return;
    const measures = this.curves.show(frames, journey, state.network);
    say(view.summary, summary({ journey, ...measures }));
    this.curves.follow(this.player.position / journey.legs);
    view.setDrawing(!frames.isComplete);
  }

  tell() {
    const { state, journey, frames } = this;
    if (journey) this.view.showNotes(notesOf(journey, state.network, state.scale, frames.zs[this.kind]));
  }

  // ---- its place on the page

  spell() {
    const { stops, kind, player, state } = this;
    if (!stops.isPath || stops.isExample) return null;
    const position = Math.min(player.position, stops.list.length - 1);
    return spellJourney({ stops: stops.list, kind, position }, state.network);
  }

  /** Throws AddressError. @param {string} text */
  follow(text) {
    const { stops, kind, position } = readJourney(text, this.state.network);
    this.player.halt();
    this.stops.take(stops);
    this.kind = kind;
    this.view.leads.show(kind);
    this.player.set(stops.length - 1, position);
    this.place = "";
    this.state.change(GESTURE);
  }

  enter() {
    this.place = ""; // what was left undrawn is drawn now
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
    this.curves.close();
  }
}
