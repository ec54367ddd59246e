import type { Tasks } from "../inference/protocol";
import type { Network as Explained } from "../inference/types";
import type { Place } from "../latent/types";

/**
 * What of the state is another now: where people are ("z", "digit", "scale"), what draws it ("network"), the picture
 * ("picture") and whether it shows where D looks ("slope"), what is kept ("bookmarks", "history"), whether z wanders
 * ("walk"), what of the page is shown ("mode"), and of a mode what spans the map ("plane"), which part of it is seen
 * ("view") and which way a path goes ("path").
 */
export type Change =
  | "z"
  | "digit"
  | "scale"
  | "network"
  | "picture"
  | "slope"
  | "bookmarks"
  | "history"
  | "walk"
  | "mode"
  | "plane"
  | "view"
  | "path";

/** What changed since the last frame. */
export type Changed = ReadonlySet<Change>;

/** What draws: a generator after some steps of its training. */
export interface Network extends Explained {
  /** Of the training. */
  step: number;
}

/** What the server says of a run: `about` of gan/view/components/explorer.py. */
export interface About {
  run: string;
  name: string;
  /** The folder of its networks, an address. */
  networks: string;
  classifier: string;
  /** Where heavy requests go, an address. */
  requests: string;
  /** Of the training, that are kept, ascending. */
  steps: number[];
  /** Those of them of which there is a discriminator. */
  judged: number[];
  /** The classes that can be asked for. */
  classes: number[];
  /** The digits that the first numbers of z lean to, in order; none where those lean to groups or to nothing. */
  leansTo: number[];
  isLive: boolean;
  /** What the number is that D gives a picture; nothing where there is no D. */
  discriminator: string;
}

/** A picture of the generator and what others make of it. */
export type Drawn = Tasks["draw"]["value"];

/** Where to go; without a digit, the one that is asked for stays. */
export interface Destination extends Omit<Place, "digit"> {
  digit?: number;
}

/** What only a page can do for the state. */
export interface Page {
  /** Calls back once, before the screen is next drawn, with the time in ms. */
  nextFrame(refresh: (now: number) => void): void;
  /** Whether people asked their system for less movement. */
  prefersStillness(): boolean;
  /** For screen readers. */
  say(words: string): void;
  /** name: of the gesture that led here; staysHere: whether it is the same step of Back. */
  writeAddress(name: string, staysHere?: boolean): void;
  showStep(step: number): Promise<void>;
  /** A part of the page could not be computed. */
  fail(error: unknown): void;
  /** The network itself cannot be drawn. */
  refuse(error: unknown): void;
}

/** What a browser keeps beyond a page. Both throw if it keeps nothing. */
export interface Storage {
  read(place: string): string | null;
  write(place: string, text: string): void;
}

/** A way of moving through latent space, on a tab of its own. */
export interface Mode {
  /** In the address. */
  id: string;
  /** On the tab: the id with a capital. */
  title: string;
  /** What its panel shows. */
  element: HTMLElement;
  /** Called while it is shown. */
  refresh(changed: Changed): void;
  /** Called once the network is known, its z and digit not yet. */
  build?(): void;
  /** When it is shown. */
  enter?(): void;
  /** When it is hidden. */
  leave?(): void;
  /** What of it belongs in the address. */
  spell?(): string | null;
  /** And back. Throws AddressError. */
  follow?(text: string): void;
  /** At the end. */
  close?(): void;
}

/** How much each number of z changes the picture, [latentDim]: the root mean square difference of pixels, of 2. */
export type Effects = Tasks["effects"]["value"];
