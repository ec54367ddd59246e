// How a digit comes of noise, as a film that can be played and scrubbed.

import { noiseLeft } from "../../inference/diffusion.js";
import { element, say } from "../../kit/dom.js";
import { DigitTile } from "../../kit/tile.js";
import { AddressError } from "../../latent/address.js";
import { pictureAt } from "../../pictures/pictures.js";
import { FilmControls } from "./film_controls.js";
import { FilmPlayer } from "./film_player.js";
import { FilmRecorder } from "./film_recorder.js";
import { FilmStrip } from "./film_strip.js";
import { aboutWords, CAPTION, makingWords, placeWords, stageWords, timeWords } from "./film_words.js";

/** @import { Sampler } from "../../inference/diffusion.js" */
/** @import { State } from "../state.js" */
/** @import { Changed, Film, Network } from "../types" */

const FIRST = 0.25; // of the film, where it is shown to begin with: there is noise, and a form is seen in it
const OWN_SPACE = "button, select, input:not([type=range])";

export class FilmMode {
  get id() {
    return "film";
  }

  get title() {
    return "Film";
  }

  get instead() {
    return "This network draws in one go: there is no film of it.";
  }

  /** @param {Network} network */
  suits({ steps }) {
    return steps > 0;
  }

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** That is shown. @type {Film | null} */
    this.film = null;
    /** Where it is to be shown, as a share of it. */
    this.share = FIRST;
    this.controls = new FilmControls(
      (steps) => this.chooseSteps(steps),
      (sampler) => this.chooseSampler(sampler),
    );
    this.player = new FilmPlayer({ onMove: () => this.show(), onRest: () => this.rest() });
    this.strip = new FilmStrip((position) => this.player.goTo(position));
    this.recorder = new FilmRecorder(state);
    this.picture = tileOf("film-picture", "The picture at this step");
    this.digit = tileOf("film-digit", "The digit that the network sees in it");
    this.stage = element("p", "", { "data-testid": "film-stage" });
    this.time = element("p", "quiet", { "data-testid": "film-time" });
    this.about = element("p", "quiet");
    this.element = this.layOut();
    this.element.addEventListener("keydown", (event) => this.onKey(event));
  }

  layOut() {
    return element(
      "div",
      "film-mode",
      {},
      element("p", "quiet", {}, CAPTION),
      element(
        "div",
        "film-pair",
        {},
        figure(this.picture, "The picture"),
        figure(this.digit, "The digit seen in it"),
        element("div", "film-words", {}, this.stage, this.time),
      ),
      this.strip.element,
      this.player.element,
      this.controls.element,
      this.about,
      this.recorder.element,
    );
  }

  // ---- what is shown

  /** @param {Changed} changed */
  refresh(changed) {
    const { sampling, network } = this.state;
    this.element.classList.toggle("past", !this.state.isDrawn); // what is shown is of a digit before
    const isNew = changed.has("mode") || changed.has("sampling") || changed.has("network");
    if (isNew || changed.has("film")) this.controls.show(sampling);
    if (isNew) say(this.about, aboutWords(sampling.sampler, network.classes > 0));
    if (isNew || changed.has("film")) this.showFilm();
  }

  /** The film as far as it is there; while another is made, the one before stays. */
  showFilm() {
    const { sampling, isDrawn } = this.state;
    const { film } = sampling;
    if (film && film !== this.film) this.take(film);
    const isLong = !isDrawn && sampling.made > 0;
    say(this.time, isLong ? makingWords(sampling.made, sampling.steps) : film ? timeWords(film) : "");
  }

  /** @param {Film} film */
  take(film) {
    this.film = film;
    this.strip.show(film);
    this.element.style.setProperty("--count", String(this.strip.positions.length));
    this.player.set(film.steps, Math.round(this.share * film.steps));
    this.show();
  }

  show() {
    const { film, player } = this;
    if (!film) return;
    const { position } = player;
    const left = noiseLeft(film.steps)[position];
    this.share = position / film.steps;
    this.picture.paint(pictureAt(film.pictures, position));
    this.digit.paint(pictureAt(film.digits, position));
    this.strip.mark(this.share);
    player.showWords(placeWords(position, film.steps, left));
    say(this.stage, stageWords(left));
  }

  // ---- what people do

  /** The hand lets go, or the film has ended. */
  rest() {
    const { film, player, state } = this;
    if (!film) return;
    this.show();
    state.settle(placeWords(player.position, film.steps, noiseLeft(film.steps)[player.position]), "film");
  }

  /** @param {number} steps */
  chooseSteps(steps) {
    this.player.halt();
    this.state.sampling.setSteps(steps);
    this.state.settle(`The digit is drawn in ${steps} steps`, "steps");
  }

  /** @param {Sampler} sampler */
  chooseSampler(sampler) {
    this.player.halt();
    this.state.sampling.setSampler(sampler);
    const words = sampler === "ddpm" ? "Fresh noise is added at each step" : "No fresh noise is added";
    this.state.settle(words, "sampler");
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const isOwn = event.target instanceof Element && event.target.closest(OWN_SPACE);
    if (event.key !== " " || event.defaultPrevented || !this.film || isOwn) return;
    event.preventDefault();
    event.stopPropagation();
    this.player.toggle();
  }

  // ---- its place on the page

  spell() {
    const { film, player } = this;
    if (!film || player.position === Math.round(FIRST * film.steps)) return null;
    return String(player.position);
  }

  /** Throws AddressError. @param {string} text */
  follow(text) {
    const { steps } = this.state.sampling;
    if (!/^\d{1,4}$/.test(text) || Number(text) > steps)
      throw new AddressError(`This address asks for a picture of the film that is not from 0 to ${steps}.`);
    this.share = Number(text) / steps;
    this.film = null; // it is taken anew, at this place
    this.state.change("film");
  }

  leave() {
    this.player.halt();
  }

  close() {
    this.leave();
    this.recorder.close();
  }
}

/** @param {string} testid @param {string} label */
function tileOf(testid, label) {
  return new DigitTile(element("canvas", "", { role: "img", "aria-label": label, "data-testid": testid }));
}

/** @param {DigitTile} tile @param {string} caption */
function figure(tile, caption) {
  return element(
    "figure",
    "",
    {},
    element("div", "tile", {}, tile.canvas),
    element("figcaption", "", {}, caption),
  );
}
