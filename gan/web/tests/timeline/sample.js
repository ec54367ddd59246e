// A run of 40 steps in 10 s, with a pause after step 20, as Python would push it.

/** @import { TimelineData } from "../../timeline/types.d.ts" */

/** @type {TimelineData} */
export const RUN = {
  name: "mine",
  live: false,
  folder: "/sheets/mine",
  places: [0, 2, 4, 6],
  steps: [0, 10, 20, 40],
  digits: 16,
  columns: 4,
  last: 40,
  clock: { steps: [0, 20, 40], seconds: [0, 6, 10] },
  notable: [{ step: 20, text: "best quality" }],
  snapshots: [10, 30],
  curves: [
    {
      title: "Loss",
      logarithmic: false,
      dots: false,
      steps: [10, 20, 40],
      lines: [
        { name: "D", colour: "blue", dash: [], values: [1.25, 1, 0.5] },
        { name: "G", colour: "orange", dash: [8, 5], values: [0.7, null, 2] },
      ],
    },
    {
      title: "Frechet distance",
      logarithmic: true,
      dots: true,
      steps: [20],
      lines: [{ name: "generated", colour: "violet", dash: [], values: [123.456] }],
    },
  ],
};

/** @type {TimelineData} slower, and over after 20 steps */
export const OTHER = {
  ...RUN,
  name: "other",
  last: 20,
  steps: [0, 20],
  places: [0, 1],
  clock: { steps: [0, 20], seconds: [0, 8] },
};
