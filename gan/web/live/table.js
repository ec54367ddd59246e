// A table that changes while people look on.

import { element } from "../kit/dom.js";
import { textOf } from "../kit/message.js";
import { pushed } from "../kit/pushed.js";
import "./styles.js";

/** @import { Bytes } from "../kit/message.js" */

/** @typedef {string | [bold: string, rest: string]} Cell */
/** @typedef {{ head: Cell[], rows: Cell[][] }} Found */

class Table {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.table = element("table", "live-table");
    root.append(this.table);
  }

  /**
   * @param {Bytes} body
   * @returns {Found}
   */
  read(body) {
    return JSON.parse(textOf(body));
  }

  /**
   * @param {Found} found
   * @param {{ testId: string }} about
   */
  draw({ head, rows }, { testId }) {
    this.table.replaceChildren(
      element("thead", "", {}, row("th", head)),
      element("tbody", "", {}, ...rows.map((cells) => row("td", cells))),
    );
    this.table.dataset.testid = testId;
  }
}

/**
 * @param {"th" | "td"} kind
 * @param {Cell[]} cells
 */
function row(kind, cells) {
  const made = cells.map((cell) => {
    const [bold, rest] = typeof cell === "string" ? ["", cell] : cell;
    const place = element(kind, "", kind === "th" ? { scope: "col" } : {});
    if (bold) place.append(element("strong", "", {}, bold));
    place.append(rest);
    return place;
  });
  return element("tr", "", {}, ...made);
}

export default pushed(Table);
