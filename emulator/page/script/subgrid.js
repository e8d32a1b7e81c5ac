/** A list of related records inside a form, longer on request. */

import { el } from "./dom.js";
import { t } from "./language.js";
import { attempt, showProblem } from "./notices.js";
import { selection } from "./selection.js";
import { readRows } from "./webapi.js";

const PAGE = 10;

/** `heads`: columns; `line` makes a table row of a row with the cell of its box in front. `{elements,
 * put, rows, refresh}`; `put` adds one on top, `rows` are those selected, `refresh` reads again. */
export function subgrid({ heads, address, line }) {
  const selected = selection();
  const body = el("tbody");
  const foot = el("div", { class: "pager" });
  const empty = el("p", { class: "empty", hidden: true }, t("noRows"));
  const load = async (from) => {
    const page = await readRows(from, PAGE);
    body.append(...page.rows.map((row) => line(row, selected.line(row))));
    foot.replaceChildren(...more(page.next, load));
    empty.hidden = body.children.length > 0;
  };
  const refresh = () => {
    selected.clear();
    body.replaceChildren();
    return load(address).catch(showProblem);
  };
  refresh();
  const head = el("tr", {}, selected.head(), heads.map((column) => el("th", { scope: "col" }, column.title())), el("th"));
  const table = el("table", { class: "grid" }, el("thead", {}, head), body);
  const put = (row) => {
    body.prepend(line(row, selected.line(row)));
    empty.hidden = true;
  };
  return { elements: [el("div", { class: "scrolled" }, table), empty, foot], put, refresh, rows: selected.rows };
}

function more(next, load) {
  if (!next) return [];
  const click = ({ currentTarget: button }) => attempt(button, t("loading"), () => load(next));
  return [el("button", { type: "button", click }, t("more"))];
}
