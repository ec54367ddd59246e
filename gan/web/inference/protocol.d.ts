// What is said between the page and its workers: the tasks, with what they take and give.

import type { LatentVector } from "../latent/types";
import type { Digit, Picture } from "../pictures/types";
import type { Sampler } from "./diffusion.js";
import type { Traits } from "./traits.js";

/** One class for all pictures, or one for each. */
export type Labels = number | ArrayLike<number>;

/** How a diffusion model draws: what is left out is as its file says. Others ignore it. */
export interface How {
  /** 1 to 1000 */
  steps?: number;
  sampler?: Sampler;
}

/** What is found of a picture that is searched for, best so far. */
export interface Found {
  z: LatentVector;
  label: number;
  /** Root mean square difference of pixels, 0 to 255. */
  error: number;
  pixels: Picture;
  /** Where it began. */
  start: "encoder" | "draw" | "picture";
  /** How much of the search is done, 0 to 1. */
  share: number;
  seconds: number;
}

/** A digit that was drawn from a seed, read by the classifier, and measured. */
export interface SampledDigit extends Traits {
  seed: number;
  digit: number;
}

/**
 * The tasks by name: `args`, what it is asked with; `part`, what it tells meanwhile; `value`, its result. Networks are
 * addresses, latent vectors of several pictures lie one after the other, and so do the pictures.
 */
export interface Tasks {
  /** What a generator takes. */
  open: {
    args: { network: string };
    part: never;
    value: {
      latentDim: number;
      classes: number;
      hiddenClasses: number;
      /** How often a diffusion model's network is asked for a picture; 0 for one that draws in one go. */
      steps: number;
      /** Whether it adds fresh noise on the way, if nothing else is asked; null for one that draws in one go. */
      sampler: Sampler | null;
    };
  };
  /** One picture, and on request what others make of it. */
  draw: {
    args: How & {
      network: string;
      z: LatentVector;
      label: number;
      /** z is multiplied with it; 1 if it is left out. */
      scale?: number;
      discriminator?: string | null;
      classifier?: string | null;
    };
    part: never;
    value: {
      pixels: Digit;
      /** How long it took to draw. */
      ms: number;
      /** D's, if there is one. */
      logit?: number;
      /** The gradient of the logit by the pixels, [784]. */
      slope?: Float32Array;
      isProbability?: boolean;
      /** Ten probabilities, if there is a classifier. */
      reading?: number[];
    };
  };
  /** Many pictures, in parts. */
  drawMany: {
    args: How & {
      network: string;
      zs: Float64Array;
      labels: Labels;
      scale?: number;
      classifier?: string | null;
    };
    part: {
      /** The place of the first picture of this part. */
      from: number;
      /** [n * 784] */
      pixels: Uint8Array;
      /** What each is read as; null without a classifier. */
      readings: number[] | null;
    };
    value: undefined;
  };
  /** The way of a diffusion model from noise to a digit. */
  film: {
    args: How & {
      network: string;
      z: LatentVector;
      label: number;
      scale?: number;
      classifier: string;
    };
    /** How many of its steps are made. */
    part: { made: number };
    value: {
      /** What is there before each step and at the end, [(steps + 1) * 784]. */
      pictures: Uint8Array;
      /** And which digit the network sees in each, likewise; at the end, the digit itself. */
      digits: Uint8Array;
      /** That digit. */
      pixels: Digit;
      /** How long the steps took. */
      ms: number;
      reading: number[];
    };
  };
  /** D's logits of pictures: each of the class that is hidden in its z, if classes are, or else of its label. */
  judge: {
    args: {
      discriminator: string;
      pictures: Uint8Array | Float32Array;
      labels: Labels;
      /** The pictures' own, one after the other. */
      zs: Float64Array;
      hiddenClasses: number;
    };
    part: never;
    value: { logits: Float32Array; isProbability: boolean };
  };
  /** How much each number of z changes the picture, in pixels of [-1, 1]. */
  effects: {
    args: {
      network: string;
      /** Random vectors that it is averaged over. */
      count?: number;
      label?: number;
      /** ms after which there are fewer vectors. */
      budget?: number;
    };
    part: never;
    value: Float64Array;
  };
  /** What some numbers of z do to a picture. */
  strips: {
    args: {
      network: string;
      z: LatentVector;
      label: number;
      scale?: number;
      /** The numbers of z, from 0. */
      which: number[];
      /** Pictures from one end of the slider to the other. */
      steps?: number;
    };
    part: { index: number; pixels: Uint8Array };
    value: undefined;
  };
  /** Random digits of which the classifier is sure that they are those that are wanted. */
  sampleDigits: {
    args: How & {
      network: string;
      classifier: string;
      digits: number[];
      /** How many of each. */
      enough: number;
      /** The most draws. */
      most: number;
      seed?: number;
    };
    /** How many there are of the rarest. */
    part: { draws: number; least: number };
    value: { draws: number; found: SampledDigit[] };
  };
  /** The z whose picture comes nearest to one. */
  find: {
    args: How & {
      network: string;
      picture: Picture;
      /** The classes that the network can be asked for; none if it is not asked. */
      labels?: number[];
      /** The digits that the first numbers of z lean to, in order; none if that is not known of them. */
      leansTo?: number[];
      classifier: string;
      encoder?: string | null;
      seed?: number;
      /** The most random draws. */
      draws?: number;
    };
    part: Found;
    value: Found & {
      /** What the picture is read as, ten probabilities. */
      wanted: number[];
      /** And what was found. */
      reading: number[];
      /** The median error between one of the network's random digits and the nearest other. */
      spread: number;
      /** Whether it stopped before it was done. */
      isEarly: boolean;
    };
  };
}

export type TaskName = keyof Tasks;

/** What a task hears of the worker that it runs in. */
export interface Turn<Part> {
  /** To be awaited inside long loops: others have their turn. Throws if the task is no longer wanted. */
  rest(): Promise<void>;
  /** Tells a part of the result; the buffers are handed over instead of copied. */
  tell(part: Part, buffers?: ArrayBuffer[]): void;
  /** The result's buffers are handed over instead of copied. */
  handOver(...buffers: ArrayBuffer[]): void;
}

export type Task<Name extends TaskName> = (
  args: Tasks[Name]["args"],
  turn: Turn<Tasks[Name]["part"]>,
) => Promise<Tasks[Name]["value"]>;

export type TaskList = { [Name in TaskName]: Task<Name> };

/** To a worker: a task, or that one is no longer wanted. */
export type Request = { id: number; task: string; args: unknown } | { id: number; task?: undefined };

/** From a worker: what a task has so far, its result, or why there is none. */
export type Answer =
  | { id: number; part: unknown }
  | { id: number; value: unknown }
  | { id: number; error: string; isDamaged: boolean };

/** How a task is asked. */
export interface AskOptions<Name extends TaskName> {
  /** Told what the task has so far. */
  onPart?: (part: Tasks[Name]["part"]) => void;
  /** Ends it. */
  signal?: AbortSignal;
}
