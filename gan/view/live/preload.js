// Fetches Plotly while people still read the page, so that a run's first point finds it there.

import { plotly } from "./chart.js";

export default () => {
  plotly().catch(() => {}); // the chart itself will try again, and complain
};
