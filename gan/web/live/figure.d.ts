/** Plotly, as far as the charts of this app use it. */
export interface Plotly {
  react(place: HTMLElement, data: object[], layout: object, config: object): void;
  purge(place: HTMLElement): void;
}

/** Type of a text: its size in pixels. */
interface Font {
  size: number;
  [more: string]: unknown;
}

export interface Annotation {
  font?: Partial<Font>;
  /** Pixels from its place. */
  xshift?: number;
  yshift?: number;
  [more: string]: unknown;
}

/** What gan/view/figures makes, and what chart.js adds to it. */
export interface Layout {
  font: Font;
  /** Pixels at each side. */
  margin: Record<string, number>;
  annotations?: Annotation[];
  xaxis?: object;
  yaxis?: object;
  [more: string]: unknown;
}

export interface Figure {
  data: object[];
  layout: Layout;
}

declare global {
  interface Window {
    Plotly: Plotly;
  }
}
