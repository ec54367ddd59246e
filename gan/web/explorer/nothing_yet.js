// What there is before anything is known.

/** @import { About, Network } from "./types" */

/** @type {Network} */
export const NO_NETWORK = {
  url: "",
  step: -1,
  latentDim: 0,
  classes: 0,
  hiddenClasses: 0,
  learned: [],
  classifier: "",
  discriminator: null,
};

/** @type {About} */
export const NOTHING_TOLD = {
  run: "",
  name: "",
  networks: "",
  classifier: "",
  requests: "",
  steps: [],
  judged: [],
  classes: [],
  leansTo: [],
  isLive: false,
  discriminator: "",
};
