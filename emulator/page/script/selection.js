/** Selecting rows of a grid by a box in front of each. */

import { el } from "./dom.js";
import { t } from "./language.js";

/** `{head, line, rows, clear}`: cells for the head and for a line, and the rows that are selected. */
export function selection() {
  const boxes = new Map();
  const all = box(t("selectAll"), ({ target }) => boxes.forEach((_, each) => (each.checked = target.checked)));
  const line = (row) => {
    const own = box(t("select"), () => (all.checked = [...boxes.keys()].every((each) => each.checked)));
    boxes.set(own, row);
    return cell("td", own);
  };
  return {
    head: () => cell("th", all),
    line,
    rows: () => [...boxes].filter(([each]) => each.checked).map(([, row]) => row),
    clear: () => {
      boxes.clear();
      all.checked = false;
    },
  };
}

function box(label, change) {
  return el("input", { type: "checkbox", "aria-label": label, change });
}

/** A press beside the box is no press on the line. */
function cell(tag, content) {
  return el(tag, { class: "select", click: (event) => event.stopPropagation() }, content);
}
