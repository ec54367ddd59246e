// The film's buttons and its slider: what they are called, and what they say when they are used.

import { short } from "./timeline.js";

const SPEEDS = [0.5, 1, 2, 4];

export function element(tag, name = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

export class Controls {
  /** `acts` has a function for each thing that people can do. */
  constructor(acts) {
    this.acts = acts;
    this.play = button(() => acts.play());
    this.speed = choice(
      "Speed",
      SPEEDS.map((times) => [times, `${times} x`]),
      () => {},
    );
    this.speed.value = 1;
    this.slider = element("input", "film-slider");
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.slider.setAttribute("aria-label", "Moment of the run");
    this.slider.addEventListener("input", () => acts.move(this.slider.valueAsNumber));
    this.branch = button(() => acts.branch());
    this.follow = button(() => acts.follow(), "Follow");
    this.follow.title = "Go to the newest moment, and stay with it";
    this.pin = button(() => acts.pin());
    this.basis = choice(
      "Compare after",
      [
        ["time", "after the same training time"],
        ["step", "after the same step"],
      ],
      () => acts.basis(),
    );
    this.jumps = element("span", "film-row");
    this.place = element("div");
    this.place.append(
      row(this.play, this.speed, this.slider, this.branch),
      row(this.follow, this.pin, this.basis, this.jumps),
    );
  }

  /** Offer what this run, alone or beside another, can do. */
  offer({ moments, snapshots, live, end }, isBeside) {
    this.slider.max = end;
    this.branch.hidden = snapshots.length === 0;
    this.follow.hidden = !live;
    this.pin.hidden = isBeside;
    this.basis.hidden = !isBeside;
    const offered = JSON.stringify(moments);
    if (offered === this.offered) return; // a button under somebody's finger stays
    this.offered = offered;
    this.jumps.replaceChildren(
      ...moments.map(({ step, text }) => {
        const jump = button(() => this.acts.jump(step), `${text} (${short(step, 9)})`);
        jump.classList.add("film-jump");
        return jump;
      }),
    );
  }

  tell({ at, playing, follows, pinned, snapshot, words }) {
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", words);
    say(this.play, playing ? "Hold" : "Play");
    this.follow.setAttribute("aria-pressed", follows);
    say(this.pin, pinned ? "Unpin" : "Pin this moment");
    say(this.branch, `Branch from step ${short(snapshot ?? 0, 9)}`);
  }
}

/** Set an element's text, if it says something else. */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function button(act, text = "") {
  const made = element("button", "film-button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function choice(label, options, act) {
  const made = element("select", "film-button");
  made.setAttribute("aria-label", label);
  for (const [value, text] of options) made.add(new Option(text, value));
  made.addEventListener("change", act);
  return made;
}

function row(...parts) {
  const made = element("div", "film-row");
  made.append(...parts);
  return made;
}
