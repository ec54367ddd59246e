// A Plotly figure redrawn in place: no remount, no blank frame, the reader's zoom kept.

import { component, inflate, settle, themeOf } from "./live.js";

const FULL_WIDTH = 600; // pixels at which type has its full size
const SMALLEST = 0.8;

const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  modeBarButtons: [["resetScale2d", "toImage"]],
  doubleClick: "reset",
  showTips: false,
};

let loading;

/** Plotly, loaded once a page from the wheel's own file; a failure may be tried again. */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL("../plotly.min.js", import.meta.url);
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = () => {
      tag.remove();
      loading = undefined;
      reject(
        new Error("The chart did not load from this server. If it does not come by itself, reload the page."),
      );
    };
    document.head.append(tag);
  });
  return loading;
}

class Chart {
  constructor(place) {
    this.place = place;
    this.plot = document.createElement("div");
    this.plot.className = "live-chart";
    this.plot.setAttribute("role", "group"); // there are buttons in it
    place.append(this.plot);
    this.shown = 0;
    this.resizing = new ResizeObserver(() => this.schedule());
    this.resizing.observe(this.plot);
  }

  async show(about, body) {
    const turn = ++this.shown;
    this.plot.dataset.testid = about.testId;
    this.plot.style.height = `${about.height}px`;
    this.plot.setAttribute("aria-label", about.label);
    const [Plotly, figure] = await Promise.all([plotly(), inflate(body)]);
    if (turn !== this.shown) return; // a newer message is on its way through
    Object.assign(this, { Plotly, about, figure });
    settle(this.place);
    this.schedule();
  }

  again() {
    this.schedule();
  }

  /** Draw at the next frame, once, however often asked; a hidden page draws nothing. */
  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.figure && this.plot.clientWidth) this.draw();
    });
  }

  draw() {
    const { Plotly, plot, about, figure } = this;
    const theme = themeOf(plot);
    const look = `${plot.clientWidth} ${about.key} ${Object.values(theme)}`;
    if (figure === this.drawn && look === this.look) return;
    Object.assign(this, { drawn: figure, look });
    const size = { width: plot.clientWidth, height: about.height, uirevision: about.key };
    Plotly.react(plot, figure.data, fit(themed({ ...figure.layout, ...size }, theme)), CONFIG);
  }

  close() {
    this.resizing.disconnect();
    cancelAnimationFrame(this.frame);
    this.Plotly?.purge(this.plot);
  }
}

/** The layout in the theme's colours and type. */
function themed(layout, { ink, rule, quiet, panel, family }) {
  const axis = { gridcolor: rule, linecolor: rule, zerolinecolor: rule };
  return {
    ...layout,
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", // a finger scrolls the page
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { ...layout.font, color: ink, family },
    hoverlabel: { bgcolor: panel, bordercolor: rule, font: { color: ink } },
    modebar: { bgcolor: "transparent", color: quiet, activecolor: ink },
    xaxis: { ...layout.xaxis, ...axis },
    yaxis: { ...layout.yaxis, ...axis },
  };
}

/** The layout with type, margins and the labels' distances scaled down on a narrow screen. */
function fit(layout) {
  const scale = Math.max(SMALLEST, Math.min(1, layout.width / FULL_WIDTH));
  if (scale === 1) return layout;
  const smaller = (part) => ({
    ...part,
    font: { ...part.font, size: (part.font?.size ?? layout.font.size) * scale },
  });
  const nearer = ({ xshift = 0, yshift = 0, ...note }) => ({
    ...smaller(note),
    xshift: xshift * scale,
    yshift: yshift * scale,
  });
  const margin = Object.entries(layout.margin).map(([side, pixels]) => [side, pixels * scale]);
  return {
    ...smaller(layout),
    margin: Object.fromEntries(margin),
    annotations: layout.annotations?.map(nearer),
  };
}

export default component(Chart);
