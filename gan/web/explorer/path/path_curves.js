// What a path passes through, as curves below each other on one axis: the length of z, the change of the picture, and
// what D gives it.

import { element } from "../../kit/dom.js";
import { byKind, KIND_WORDS, KINDS } from "../../latent/journey.js";
import { Curve, swatch } from "./curve.js";
import { scoreFormat, scoreOf } from "./path_words.js";

/** @import { Frames } from "../../inference/journey_frames.js" */
/** @import { Journey } from "../../latent/journey.js" */
/** @import { Stop } from "../../latent/types" */
/** @import { Network } from "../types" */
/** @import { Format } from "./curve.js" */

const NO_JUDGE = "This network came without its discriminator, so nobody judges the pictures here.";
const NOT_YET = "D has not looked yet.";
const LENGTH = "After the truncation of its stops. Random draws cluster at the dotted line.";
const CHANGE =
  "Root mean square difference of pixels, from frame to frame, added up. Where it is steep, the picture changes fast.";

export class PathCurves {
  /**
   * @param {(share: number) => void} onDrag told where a pointer is while it moves over them
   * @param {() => void} onDrop when it lets go
   */
  constructor(onDrag, onDrop) {
    /** Whether D's numbers are probabilities; null before it looked. @type {boolean | null} */
    this.isProbability = null;
    /** @type {number | undefined} */
    this.held = undefined; // the pointer that drags
    /** @type {Format} */
    const asScore = (value, step) => scoreFormat(this.isProbability)(value, step);
    this.norms = new Curve("norm", "Length of z", LENGTH, rounded(1));
    this.changes = new Curve("change", "Change of the picture so far (of 255)", CHANGE, rounded(0));
    this.scores = new Curve(
      "score",
      "D's score",
      "What this run's own discriminator makes of each picture.",
      asScore,
    );
    this.curves = [this.norms, this.changes, this.scores];
    this.stops = element("div", "stop-axis", { "aria-hidden": "true" });
    const legend = KINDS.map((kind) => element("span", kind, {}, swatch(kind), KIND_WORDS[kind]));
    this.area = element(
      "div",
      "curve-area",
      { "data-testid": "path-curves" },
      ...this.curves.map((curve) => curve.element),
      this.stops,
    );
    this.element = element("div", "curves", {}, element("p", "legend", {}, ...legend), this.area);
    this.hear(onDrag, onDrop);
  }

  /** @param {(share: number) => void} onDrag @param {() => void} onDrop */
  hear(onDrag, onDrop) {
    const { area } = this;
    area.addEventListener("pointerdown", (event) => {
      const isOn = event.target instanceof Element && event.target.closest(".plot, .stop-axis");
      if (event.button !== 0 || !isOn) return;
      area.setPointerCapture(event.pointerId);
      this.held = event.pointerId;
      onDrag(this.shareAt(event));
    });
    area.addEventListener("pointermove", (event) => {
      if (event.pointerId === this.held) onDrag(this.shareAt(event));
    });
    /** @param {PointerEvent} event */
    const drop = (event) => {
      if (event.pointerId !== this.held) return;
      this.held = undefined;
      onDrop();
    };
    area.addEventListener("pointerup", drop);
    area.addEventListener("pointercancel", drop);
  }

  /** @param {PointerEvent} event */
  shareAt(event) {
    const { left, width } = this.stops.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  }

  /** @param {Stop[]} stops */
  name(stops) {
    this.stops.replaceChildren(
      ...stops.map((stop, i) =>
        element("span", "", { style: `--place: ${i / (stops.length - 1)}` }, `${i + 1}. ${stop.name}`),
      ),
    );
    this.stops.style.setProperty("--count", String(stops.length));
  }

  close() {
    for (const curve of this.curves) curve.close();
  }

  /** Shows where the path is. @param {number} share */
  follow(share) {
    this.area.style.setProperty("--place", String(share));
    for (const curve of this.curves) curve.follow(share);
  }

  /**
   * What is there of the frames. Returns what a summary needs of it.
   * @param {Frames} frames
   * @param {Journey} journey
   * @param {Network} network
   */
  show(frames, journey, network) {
    const { legs } = journey;
    const norms = byKind((kind) => frames.norms(kind));
    const typical = Math.sqrt(network.latentDim);
    this.norms.show({
      lines: norms,
      legs,
      range: { from: 0 },
      level: { value: typical, words: `Typical of random draws, √${network.latentDim}` },
      key: `┈ typical of random draws: √${network.latentDim} = ${typical.toFixed(1)}`,
    });
    const drawing = `Drawing the frames: ${Math.round(100 * frames.share)}%`;
    this.changes.show({
      lines: frames.changes,
      legs,
      range: { from: 0 },
      instead: frames.changes ? null : drawing,
    });
    return { norms, typical, changes: frames.changes, ...this.showScores(frames, legs, network) };
  }

  /** @param {Frames} frames @param {number} legs @param {Network} network */
  showScores(frames, legs, { url, discriminator }) {
    const { isProbability } = frames;
    this.isProbability = isProbability;
    /** @param {number} logit */
    const score = (logit) => scoreOf(logit, isProbability);
    const usual = frames.usual.get(url);
    const scores = isProbability === null ? null : byKind((kind) => frames.logits[kind].map(score));
    const level =
      usual && scores ? { value: score(usual.middle), words: `Median of ${usual.count} random draws` } : null;
    this.scores.rename(nameOf(isProbability));
    this.scores.show({
      lines: scores,
      legs,
      level,
      band: usual && scores ? { low: score(usual.low), high: score(usual.high) } : null,
      range: isProbability ? { from: 0, to: 100 } : { least: 0.1 },
      key: usual && scores ? `┈ median of ${usual.count} random draws, half in the band` : null,
      instead: discriminator === null ? NO_JUDGE : scores ? null : NOT_YET,
    });
    return {
      scores: level && scores,
      usual: level && usual ? { middle: level.value, count: usual.count } : null,
      format: scoreFormat(isProbability),
    };
  }
}

/** @param {boolean | null} isProbability */
function nameOf(isProbability) {
  if (isProbability === null) return "D's score";
  return isProbability ? "D takes it for real" : "D's output (no probability)";
}

/** @param {number} digits behind the point; none beside ticks that are whole numbers @returns {Format} */
function rounded(digits) {
  return (value, step = 0) => value.toFixed(step >= 1 ? 0 : digits);
}
