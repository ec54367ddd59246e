// A run as a film: one cursor through its samples and its curves, all drawn here. Beside it, a
// moment of it that was pinned, or another run.

import { listen } from "../kit/stream.js";
import { complain, component, inflate, settle, themeOf } from "../live/live.js";
import { Controls, element, say } from "./controls.js";
import { Plots } from "./curves.js";
import { View } from "./sheet_view.js";
import { Reel, readingWords, secondsWords, stepWords } from "./timeline.js";

const PACE = 8; // sheets a second
const STILL = 700; // ms without a move until a screen reader is told where the cursor stands

class Film {
  constructor(place) {
    this.place = place;
    this.frame = element("div", "film");
    this.frame.dataset.testid = "film";
    this.controls = new Controls({
      play: () => (this.playing ? this.hold() : this.run()),
      move: (at) => this.hold().go(at),
      jump: (step) => this.hold().go(this.reel.after(step)),
      follow: () => this.hold().go(this.reel.end),
      branch: () => this.trigger("branch", this.reel.snapshot(this.step)),
      pin: () => this.pin(this.pinned === undefined ? this.step : undefined),
      basis: () => this.prepare(),
    });
    this.words = element("p", "film-words");
    this.said = element("p", "film-said");
    this.said.setAttribute("aria-live", "polite");
    this.legend = element("p", "film-legend");
    this.views = { pinned: new View(), here: new View(), other: new View() };
    this.sheets = element("div", "film-sheets");
    this.sheets.append(...Object.values(this.views).map(({ figure }) => figure));
    this.plots = new Plots((step) => this.hold().go(this.reel.nearest(step)));
    const sides = element("div", "film-sides");
    sides.append(this.sheets, this.plots.place);
    this.frame.append(this.controls.place, this.words, this.said, this.legend, sides);
    place.append(this.frame);
    this.reel = new Reel(() => this.schedule());
    this.turn = 0;
    this.resizing = new ResizeObserver(() => this.prepare());
    this.resizing.observe(this.frame);
  }

  /** `sources` are the topics whose reels are shown: of this run, and of the one beside it. */
  show({ sources, overlaid }, _, trigger) {
    Object.assign(this, { trigger, overlaid });
    if (sources.join() === this.sources?.join()) return;
    this.stopHearing();
    this.sources = sources;
    this.bodies = sources.map(() => undefined);
    this.stops = sources.map((source, i) => listen(source, "reel", (bytes) => this.hear(i, bytes)));
  }

  hear(i, body) {
    this.bodies[i] = body;
    if (this.bodies.every(Boolean)) {
      this.develop().catch((error) => {
        console.error(error);
        complain(this.place, error.message);
      });
    }
  }

  async develop() {
    const turn = ++this.turn;
    const [about, beside] = await Promise.all(this.bodies.map(inflate));
    if (turn !== this.turn) return;
    const [step, follows] = [this.step, this.at === this.reel.end];
    this.reel.take(about);
    this.at = this.data && !follows ? this.reel.nearest(step) : this.reel.end;
    this.data = about;
    this.takeOther(beside);
    settle(this.place);
    this.controls.offer(this.reel, Boolean(beside));
    this.prepare();
  }

  again() {
    this.prepare();
  }

  stopHearing() {
    for (const stop of this.stops ?? []) stop();
  }

  takeOther(about) {
    if (!about) this.other?.close();
    this.other = about && (this.other ?? new Reel(() => this.schedule()));
    if (about) {
      this.other.take(about);
      this.pinned = undefined;
    }
    say(this.legend, "");
    if (about) this.legend.append(key("A", this.reel.name), key("B", about.name));
  }

  run() {
    if (this.at === this.reel.end) this.at = 0;
    this.playing = true;
    let due = performance.now();
    const tick = (now) => {
      if (!this.playing) return;
      if (now >= due) {
        due = now + 1000 / (PACE * this.controls.speed.value);
        this.go(this.at + 1);
        if (this.at === this.reel.end) return this.hold();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  hold() {
    this.playing = false;
    this.schedule();
    return this;
  }

  go(at) {
    this.at = Math.max(0, Math.min(at, this.reel.end));
    this.reel.pictures.aimAt(this.at);
    this.schedule();
    clearTimeout(this.saying);
    this.saying = setTimeout(() => say(this.said, this.words.textContent), STILL);
  }

  pin(step) {
    this.pinned = step;
    this.prepare(); // there may be less room for the curves now
  }

  get step() {
    return this.reel.steps[this.at];
  }

  get byTime() {
    return Boolean(this.other) && this.controls.basis.value === "time";
  }

  /** What this step is compared with: that of the other run, or the one that was pinned. */
  momentBeside(step) {
    const { reel, other, pinned, overlaid } = this;
    if (other) {
      const same = this.byTime ? other.stepAt(reel.secondsAt(step)) : step;
      return {
        reel: other,
        step: Math.min(same, other.last),
        name: "B",
        compares: (title) => overlaid.includes(title),
      };
    }
    return pinned === undefined ? undefined : { reel, step: pinned, name: "pinned", compares: () => true };
  }

  /** Draw what stands still, once: the curves without the cursor. */
  prepare() {
    if (!this.data || !this.frame.clientWidth) return;
    this.views.pinned.figure.hidden = this.pinned === undefined;
    this.views.other.figure.hidden = !this.other;
    this.sheets.dataset.count = this.pinned === undefined && !this.other ? 1 : 2;
    const look = [
      this.pinned === undefined,
      this.byTime,
      this.plots.place.clientWidth,
      devicePixelRatio,
      ...Object.values(themeOf(this.frame)),
    ].join();
    if (this.prepared !== this.data || look !== this.look) {
      this.plots.prepare(this.reel, this.other, this.overlaid, this.byTime);
      Object.assign(this, { prepared: this.data, look });
    }
    this.plots.pin(this.pinned);
    for (const each of Object.values(this.views)) each.fit();
    this.schedule();
  }

  schedule() {
    this.next ??= requestAnimationFrame(() => {
      this.next = undefined;
      if (this.prepared) this.draw();
    });
  }

  draw() {
    const { reel, other, step, pinned, views, at } = this;
    this.plots.move(step);
    const beside = this.momentBeside(step);
    views.here.show(reel, at, other ? `A: ${reel.name}, ` : "");
    if (pinned !== undefined) views.pinned.show(reel, reel.nearest(pinned), "Pinned: ");
    if (other) {
      const place = other.nearest(beside.step);
      other.pictures.aimAt(place);
      views.other.show(other, place, `B: ${other.name}, ${this.isOver(step) ? "over after " : ""}`);
    }
    say(this.words, [this.whereWords(step, beside), readingWords(reel, step, beside)].join(" \u00b7 "));
    const { playing } = this;
    this.controls.tell({
      at,
      playing,
      follows: at === reel.end,
      pinned: pinned !== undefined,
      snapshot: reel.snapshot(step),
      words: stepWords(step),
    });
    Object.assign(this.frame.dataset, { step, loaded: reel.pictures.loaded + (other?.pictures.loaded ?? 0) });
  }

  isOver(step) {
    const { reel, other } = this;
    return this.byTime ? reel.secondsAt(step) > other.secondsAt(other.last) : step > other.last;
  }

  whereWords(step, beside) {
    const here = capital(stepWords(step));
    if (!beside) return here;
    if (!this.other) return `${here}, pinned ${stepWords(beside.step)}`;
    const after = this.byTime ? `, after ${secondsWords(this.reel.secondsAt(step))} of training` : "";
    return `A at ${stepWords(step)}, B ${this.isOver(step) ? "over" : "at"} ${stepWords(beside.step)}${after}`;
  }

  close() {
    this.stopHearing();
    this.hold();
    clearTimeout(this.saying);
    this.resizing.disconnect();
    this.reel.close();
    this.other?.close();
  }
}

/** A run's letter and name beside a piece of its lines. */
function key(letter, name) {
  const made = element("span", `film-key film-key-${letter}`);
  made.textContent = `${letter}: ${name}`;
  return made;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

export default component(Film);
