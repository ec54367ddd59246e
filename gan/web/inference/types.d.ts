import type { Asked } from "../latent/types";
import type { Heap } from "./kernels.js";

/** What follows a layer's sum. */
export type ActivationName = "linear" | "relu" | "leaky_relu" | "tanh";

/** A part of a network: it goes forwards from its input, and backwards from a gradient by its output. */
export interface Layer {
  /** How many numbers it takes. */
  inputs: number;
  /** What it made last, an array that is reused. */
  output: Float32Array;
  activation: ActivationName;
  /** Whether zeros of its input have no slope: those of a ReLU before it. */
  isSparse: boolean;
  /** The class that the picture should be of, where it is told one. */
  label?: number;
  /** The place of the layer before it whose output is added to its own. */
  adds?: number;
  /** Where it has to hear of what the first layer of the network is told. */
  listenTo?(first: Layer): void;
  /** @param input of `inputs` numbers */
  forward(input: Float32Array): Float32Array;
  /** The gradient by the last input, `inputs` numbers in an array that is reused, given the one by the output. */
  backward(gradient: Float32Array): Float32Array;
}

/** What the header of a network file says of a layer; anything, until it is checked. */
export type LayerHeader = Record<string, unknown>;

/** What the header says besides; anything, until it is checked. */
export type About = Record<string, unknown>;

/** What a layer is made of. */
export interface LayerParts<Shape> {
  shape: Shape;
  activation: ActivationName;
  /** The slope of a leaky ReLU below 0. */
  leak: number;
  /** In the order that the kind's `inRuns` makes. */
  weights: Float32Array;
  bias: Float32Array;
  /** With the room that the kind's `roomOf` asks for. */
  heap: Heap;
}

/** One of the kinds of layers that a file can have: a class. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has a shape of its own, into which it alone looks
export interface LayerKind<Shape = any> {
  new (parts: LayerParts<Shape>): Layer;
  /** Throws DamagedFile. */
  shapeOf(header: LayerHeader): Shape;
  /** How many numbers its kernel has. */
  weightsOf(shape: Shape): number;
  /** And its bias. */
  biasesOf(shape: Shape): number;
  /** Lengths of what it takes from the heap. */
  roomOf(shape: Shape): number[];
  /** A file's weights in the order in which it goes through them. */
  inRuns(weights: Float32Array, shape: Shape): Float32Array;
}

/** The loops of kernels.wat. Addresses and lengths are in bytes, `count` in rows. */
export type Loop = (
  to: number,
  run: number,
  from: number,
  rows: number,
  amounts: number,
  count: number,
) => void;
export type LoopName = "addRows" | "dotRows";
export type Loops = Record<LoopName, Loop>;

/** A network as the explorer shows it. */
export interface Network extends Asked {
  /** Of the generator. */
  url: string;
  /** Numbers of z, the first ones, in which classes are hidden; 0 if there are none. */
  hiddenClasses: number;
  /** Address of the discriminator; null if the network came without. */
  discriminator: string | null;
  /** Address of the digit classifier. */
  classifier: string;
}

/** D's scores of a network's random digits. */
export interface RandomScores {
  /** Logits, all of them rising. */
  sorted: Float32Array;
  /** Quartiles of the logits. */
  low: number;
  middle: number;
  high: number;
  /** How many digits were scored. */
  count: number;
  /** Whether D's output is meant as a probability. */
  isProbability: boolean;
}
