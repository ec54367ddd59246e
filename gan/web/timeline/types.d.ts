/** What gan/view/components/timeline.py pushes of a run. */

export interface Line {
  name: string;
  /** As CSS says it. */
  colour: string;
  /** Lengths in pixels; none of a solid line. */
  dash: number[];
  /** At each step of its curve; null where there is no number. */
  values: (number | null)[];
}

export interface Curve {
  title: string;
  logarithmic: boolean;
  /** Whether each point is drawn, where there is room. */
  dots: boolean;
  /** Ascending. */
  steps: number[];
  lines: Line[];
}

export interface TimelineData {
  name: string;
  /** Whether more is to come. */
  live: boolean;
  /** The address that the sheets are below. */
  folder: string;
  /** Of each sheet, in the order of `steps`. */
  places: number[];
  /** At which a sheet was drawn, ascending; there is one at least. */
  steps: number[];
  /** On a sheet. */
  digits: number;
  /** Of digits, on a sheet. */
  columns: number;
  /** The last step. */
  last: number;
  /** Steps, and the seconds of training after each; both ascending. */
  clock: { steps: number[]; seconds: number[] };
  /** Steps that are worth going to, and why. */
  notable: { step: number; text: string }[];
  /** Steps that can be branched from, ascending. */
  snapshots: number[];
  curves: Curve[];
}
