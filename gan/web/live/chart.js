// A Plotly figure redrawn in place: no remount, no blank frame, the reader's zoom kept.

import { element, NextFrame } from "../kit/dom.js";
import { inflate } from "../kit/message.js";
import { pushed } from "../kit/pushed.js";
import { themeOf } from "../kit/theme.js";
import { plotly } from "./plotly.js";
import "./styles.js";

/** @import { Bytes } from "../kit/message.js" */
/** @import { Theme } from "../kit/theme.js" */
/** @import { Annotation, Figure, Layout, Plotly } from "./figure.d.ts" */

/**
 * key: of the reader's zoom; height: in pixels; label: what a screen reader says.
 * @typedef {{ key: string, height: number, testId: string, label: string }} About
 */
/** @typedef {{ plotly: Plotly, figure: Figure }} Found */

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

class Chart {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.plot = element("div", "live-chart", { role: "group" }); // there are buttons in it
    root.append(this.plot);
    this.frame = new NextFrame(() => this.redraw());
    this.resizing = new ResizeObserver(() => this.frame.ask());
    this.resizing.observe(this.plot);
    /** @type {Found | undefined} */
    this.drawn = undefined;
    this.look = "";
  }

  /** @param {About} about */
  prepare({ height, testId, label }) {
    this.plot.dataset.testid = testId;
    this.plot.style.height = `${height}px`;
    this.plot.setAttribute("aria-label", label);
  }

  /**
   * @param {Bytes} body a figure as deflated JSON
   * @returns {Promise<Found>}
   */
  async read(body) {
    const [found, figure] = await Promise.all([plotly(), inflate(body)]);
    return { plotly: found, figure };
  }

  /**
   * @param {Found} found
   * @param {About} about
   */
  draw(found, about) {
    this.found = found;
    this.about = about;
    this.frame.ask();
  }

  again() {
    this.frame.ask();
  }

  /** Draw what there is, if it looks different now; a hidden page draws nothing. */
  redraw() {
    const { plot, about, found } = this;
    if (!found || !about || !plot.clientWidth) return;
    const theme = themeOf(plot);
    const look = `${plot.clientWidth} ${about.key} ${Object.values(theme)}`;
    if (found === this.drawn && look === this.look) return;
    this.drawn = found;
    this.look = look;
    const { data, layout } = found.figure;
    const size = { width: plot.clientWidth, height: about.height, uirevision: about.key };
    found.plotly.react(plot, data, fit(themed({ ...layout, ...size }, theme), size.width), CONFIG);
  }

  close() {
    this.resizing.disconnect();
    this.frame.cancel();
    this.found?.plotly.purge(this.plot);
  }
}

/**
 * The layout in the theme's colours and type.
 * @param {Layout} layout
 * @param {Theme} theme
 */
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

/**
 * The layout with type, margins and the labels' distances scaled down on a narrow screen.
 * @param {Layout} layout
 * @param {number} width in pixels
 */
function fit(layout, width) {
  const scale = Math.max(SMALLEST, Math.min(1, width / FULL_WIDTH));
  if (scale === 1) return layout;
  /** @param {Annotation | Layout} part */
  const smaller = (part) => ({
    ...part,
    font: { ...part.font, size: (part.font?.size ?? layout.font.size) * scale },
  });
  /** @param {Annotation} note */
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

export default pushed(Chart);
