// Fetches Plotly while people still read the page, so that a run's first point finds it there.

import { component } from "../kit/component.js";
import { plotly } from "./plotly.js";

const PATIENCE = 1500; // ms: what the page itself shows comes first

class Preload {
  constructor() {
    this.waiting = setTimeout(() => {
      plotly().catch(() => {}); // the chart itself will try again, and complain
    }, PATIENCE);
  }

  update() {}

  close() {
    clearTimeout(this.waiting);
  }
}

export default component(Preload);
