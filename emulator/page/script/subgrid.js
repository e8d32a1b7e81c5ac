/** A list of related records inside a form, longer on request. */

import { el } from "./dom.js";
import { t } from "./language.js";
import { attempt, showProblem } from "./notices.js";
import { readRows } from "./webapi.js";

const PAGE = 10;

/** `words`: title and empty text; `heads`: column words; `line` makes a table row of a row. */
export function subgrid({ title, empty, heads, address, line }) {
  const body = el("tbody");
  const foot = el("div", { class: "pager" });
  const table = el(
    "table",
    { class: "grid" },
    el("thead", {}, el("tr", {}, heads.map(heading))),
    body,
  );
  const load = async (from) => {
    const page = await readRows(from, PAGE);
    body.append(...page.rows.map(line));
    foot.replaceChildren(...more(page.next, load));
    if (!body.children.length) table.replaceWith(el("p", { class: "empty" }, t(empty)));
  };
  load(address).catch(showProblem);
  return el("section", { class: "card" }, el("h2", {}, t(title)), el("div", { class: "scrolled" }, table), foot);
}

function heading(word) {
  return el("th", { scope: "col" }, word ? t(word) : null);
}

function more(next, load) {
  if (!next) return [];
  const click = ({ currentTarget: button }) => attempt(button, t("loading"), () => load(next));
  return [el("button", { type: "button", click }, t("more"))];
}
