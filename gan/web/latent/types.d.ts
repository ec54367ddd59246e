/** z: as many numbers as the network takes. An address holds each of them in hundredths from -3 to 3. */
export type LatentVector = Float64Array<ArrayBuffer>;

/** What holds the numbers of a z, whoever made it. */
export type Numbers = ArrayLike<number>;

/** A place in latent space, and the seed (32 bits) that it was drawn from; null if it was not. */
export interface Draw {
  z: LatentVector;
  origin: number | null;
}

/** What a picture depends on, but for the network. */
export interface Place extends Draw {
  /** The class that is asked for; networks that are not asked ignore it. */
  digit: number;
  /** The truncation that z is multiplied with, 0 to 1. */
  scale: number;
}

/** One place that a path goes through. */
export interface Stop extends Place {
  /** Of its bookmark; null if it is none. */
  id?: string | null;
  name: string;
}

/** A name that the app gives: what the picture is read as, if it is, and how many are called so with it. */
export interface GivenName {
  reading: number | null;
  number: number;
}

/** A place that people keep. */
export interface Bookmark extends Place {
  /** Up to 16 letters and digits. */
  id: string;
  name: string;
  /** What `name` says, if the app gave it. */
  given?: GivenName;
}

/** What addresses depend on of a network. */
export interface Asked {
  latentDim: number;
  /** How many classes it can be asked for; 0 if it is not asked. */
  classes: number;
  /** The digits that it has learned. */
  learned: number[];
}

/** How a path goes from stop to stop. */
export type Kind = "great" | "straight";

/** Something for each of the two ways of a path. */
export type ByKind<T> = Record<Kind, T>;

/** A point of a plane, from its middle. */
export type PlanePoint = [x: number, y: number];

/** What spans a plane: numbers of z, principal directions of features, eigenvectors of weights, or three points. */
export type PlaneKind = "n" | "f" | "w" | "p";

/** A square of a plane: its middle, and how far it is zoomed in. */
export interface Window {
  x: number;
  y: number;
  /** 0 is all of the map; two levels double. */
  level: number;
}

/** A plane as an address holds it. */
export interface PlaneAddress {
  kind: PlaneKind;
  /** Two different numbers of z, or directions, from 0; null for three points. */
  pick: [number, number] | null;
  /** The three points of "p"; else null. */
  points: Draw[] | null;
  /** Null: all of the map. */
  view: Window | null;
  isTinted: boolean;
  /** The step of the training that the directions are of; null: the network's. */
  step: number | null;
  /** A point of a plane along directions; null: z is one. */
  through: Draw | null;
}
