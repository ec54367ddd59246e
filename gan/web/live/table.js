// A table that changes while people look on: JSON with a head and rows of cells, each a string or a
// pair of what is said in bold and what follows it.

import { component, settle, text } from "./live.js";

class Table {
  constructor(place) {
    this.place = place;
    this.table = document.createElement("table");
    this.table.className = "live-table";
    place.append(this.table);
  }

  show({ testId }, body) {
    const { head, rows } = JSON.parse(text(body));
    const top = document.createElement("thead");
    top.append(row("th", head));
    const middle = document.createElement("tbody");
    middle.append(...rows.map((cells) => row("td", cells)));
    this.table.replaceChildren(top, middle);
    this.table.dataset.testid = testId;
    settle(this.place);
  }
}

function row(kind, cells) {
  const made = document.createElement("tr");
  made.append(
    ...cells.map((cell) => {
      const [bold, rest] = Array.isArray(cell) ? cell : ["", cell];
      const place = document.createElement(kind);
      if (kind === "th") place.scope = "col";
      if (bold) place.append(Object.assign(document.createElement("strong"), { textContent: bold }));
      place.append(rest);
      return place;
    }),
  );
  return made;
}

export default component(Table);
