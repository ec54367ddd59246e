// Fetches Plotly while people still read the page, so that a run's first point finds it there.

import { plotly } from "./chart.js";

const PATIENCE = 1500; // ms: what the page itself shows comes first

export default () => {
  const timer = setTimeout(() => {
    plotly().catch(() => {}); // the chart itself will try again, and complain
  }, PATIENCE);
  return () => clearTimeout(timer);
};
