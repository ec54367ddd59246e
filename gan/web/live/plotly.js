// Plotly, loaded once a page from the file of its own Python wheel.

/** @import { Plotly } from "./figure.d.ts" */

/** @type {Promise<Plotly> | undefined} */
let loading;

/** Plotly; after a failure, the next who asks tries again. */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL("../plotly.min.js", import.meta.url).href;
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
