/** A list of scored records: search, grades, sorting, pages. */

import { CELLS, NUMERIC } from "./cells.js";
import { el } from "./dom.js";
import { whole } from "./format.js";
import { gradeFilter } from "./grades.js";
import { t } from "./language.js";
import { showProblem } from "./notices.js";
import { address, newQuery, sortBy } from "./query.js";
import { recomputeButton } from "./recompute.js";
import { readRows } from "./webapi.js";

const TYPING_MS = 250;
const MOST_COUNTED = 5000;
const queries = {};

/** Show the list of this table; what was searched last time is still there. */
export function showList(main, name, view) {
  const query = (queries[name] ??= newQuery());
  const list = { name, view, query, turn: 0 };
  list.count = el("p", { class: "quiet", role: "status" });
  list.body = el("tbody");
  list.head = el("thead");
  list.pager = el("div", { class: "pager" });
  const load = () => fill(list).catch(showProblem);
  list.load = load;
  main.replaceChildren(
    el("div", { class: "title" }, el("div", {}, el("h1", {}, t(view.title)), list.count), tools(list)),
    el("div", { class: "card scrolled" }, el("table", { class: "grid" }, list.head, list.body)),
    list.pager,
  );
  load();
}

function tools(list) {
  const search = el("input", {
    type: "search",
    id: "search",
    placeholder: t("searchHint"),
    "aria-label": t("search"),
    value: list.query.search,
    input: (event) => later(list, event.target.value.trim()),
  });
  const chosen = (grade) => restart(list, { grade });
  return el(
    "div",
    { class: "tools" },
    search,
    gradeFilter(list.view.table, list.query.grade, chosen),
    recomputeButton(list.view.table, [], t("recomputeAll"), list.load),
  );
}

function later(list, search) {
  clearTimeout(list.timer);
  list.timer = setTimeout(() => restart(list, { search }), TYPING_MS);
}

function restart(list, changes) {
  Object.assign(list.query, changes, { pages: [] });
  list.load();
}

async function fill(list) {
  const turn = ++list.turn;
  list.head.replaceChildren(header(list));
  list.body.setAttribute("aria-busy", "true");
  const page = await readRows(address(list.view, list.query));
  if (turn !== list.turn) return;
  list.body.removeAttribute("aria-busy");
  const many = page.count >= MOST_COUNTED ? "manyRecords" : "records";
  list.count.textContent = t(many, { count: whole(page.count) });
  list.body.replaceChildren(...(page.rows.length ? page.rows.map((row) => line(list, row)) : [empty(list)]));
  list.pager.replaceChildren(...pager(list, page.next));
}

function header(list) {
  return el("tr", {}, list.view.columns.map((column) => heading(list, column)));
}

function heading(list, { word, column, sort = column, kind }) {
  const { query } = list;
  const sorted = query.sort === sort && column === sort;
  const arrow = sorted ? (query.descending ? " ↓" : " ↑") : "";
  const direction = query.descending ? "descending" : "ascending";
  const click = () => {
    sortBy(query, sort);
    list.load();
  };
  return el(
    "th",
    { scope: "col", class: NUMERIC.has(kind) ? "number" : null, "aria-sort": sorted ? direction : null },
    el("button", { type: "button", click }, t(word), arrow),
  );
}

function line(list, row) {
  const target = `#/${list.name}/${row[list.view.id]}`;
  const cells = list.view.columns.map(({ column, kind }) =>
    el("td", { class: NUMERIC.has(kind) ? "number" : null }, CELLS[kind](row, column, target)),
  );
  return el("tr", { class: "clickable", click: () => (location.hash = target) }, cells);
}

function empty(list) {
  return el("tr", {}, el("td", { class: "empty", colspan: list.view.columns.length }, t("noRecords")));
}

function pager(list, next) {
  const { pages } = list.query;
  const turnTo = (change) => ({ currentTarget: button }) => {
    button.disabled = true;
    change();
    list.load();
  };
  return [
    el("button", { type: "button", disabled: !pages.length, click: turnTo(() => pages.pop()) }, t("previous")),
    el("span", { class: "quiet" }, t("page", { page: whole(pages.length + 1) })),
    el("button", { type: "button", disabled: !next, click: turnTo(() => pages.push(next)) }, t("next")),
  ];
}
