/** A list of scored records: search, grades, sorting, pages. */

import { chip, gradeOf, text } from "./cells.js";
import { LOCATIONS, commandBar } from "./commands.js";
import { el } from "./dom.js";
import { shown } from "./fields.js";
import { moment, score, whole } from "./format.js";
import { t, titled } from "./language.js";
import { showProblem } from "./notices.js";
import { address, gradeOptions, newQuery, sortBy } from "./query.js";
import { selection } from "./selection.js";
import { ownColumns } from "./views.js";
import { readRows } from "./webapi.js";
import { gridControl } from "./xrm/grid.js";

const TYPING_MS = 250;
const MOST_COUNTED = 5000;
const queries = {};

/** Show the list of this view; what was searched last time is still there. */
export function showList(main, view) {
  const query = (queries[view.id] ??= newQuery(view));
  const list = { view, query, columns: columnsOf(view), turn: 0 };
  list.count = el("p", { class: "quiet", role: "status" });
  list.body = el("tbody");
  list.selected = selection();
  list.head = el("thead");
  list.pager = el("div", { class: "pager" });
  const load = () => fill(list).catch(showProblem);
  list.load = load;
  const rows = list.selected.rows;
  const grid = gridControl(view.meta, rows, load);
  const commands = commandBar(view.table, LOCATIONS.list, { primary: null, grid, rows, meta: view.meta });
  main.replaceChildren(
    el("div", { class: "title" }, el("div", {}, el("h1", {}, titled(view.title, view.id)), list.count), tools(list)),
    commands,
    el("div", { class: "card scrolled" }, el("table", { class: "grid" }, list.head, list.body)),
    list.pager,
  );
  load();
}

/** `head` and `cell` of each column; `sort` is what it is ordered by. */
function columnsOf(view) {
  const { output, meta } = view;
  const own = ownColumns(view).map((column) => ({
    head: column.title,
    sort: column.property,
    number: column.kind === "money" || column.kind === "number",
    cell: (row) => text(shown(column, row)),
  }));
  const name = { head: () => t("name"), sort: meta.name, cell: (row, target) => el("a", { href: target }, text(row[meta.name])) };
  return [name, ...own, ...outputs(view)].filter(Boolean);
}

function outputs(view) {
  const { grade, score: points, scored_on: since } = view.output;
  const known = (row, column, how) => (row[column] === null ? t("none") : how(row[column]));
  return [
    grade && { head: () => t("grade"), sort: points ?? grade, key: grade, cell: (row) => chip(view, gradeOf(view, row)) },
    points && { head: () => t("score"), sort: points, number: true, cell: (row) => known(row, points, score) },
    since && { head: () => t("scoredOn"), sort: since, cell: (row) => text(known(row, since, moment)) },
  ];
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
    gradeFilter(list, chosen),
  );
}

function gradeFilter({ view, query }, chosen) {
  const options = gradeOptions(view).map(([value, title]) => el("option", { value }, title));
  const change = (event) => chosen(event.target.value);
  const all = el("option", { value: "" }, t("everyGrade"));
  const select = el("select", { id: "grade", "aria-label": t("grade"), change }, all, options);
  select.value = query.grade;
  return select;
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
  list.selected.clear();
  list.count.textContent = t(many, { count: whole(page.count) });
  list.body.replaceChildren(...(page.rows.length ? page.rows.map((row) => line(list, row)) : [empty(list)]));
  list.pager.replaceChildren(...pager(list, page.next));
}

function header(list) {
  return el("tr", {}, list.selected.head(), list.columns.map((column) => heading(list, column)));
}

function heading(list, { head, sort, key = sort, number }) {
  const { query } = list;
  const sorted = query.sort === sort && key === sort;
  const arrow = sorted ? (query.descending ? " ↓" : " ↑") : "";
  const direction = query.descending ? "descending" : "ascending";
  const click = () => {
    sortBy(query, sort);
    list.load();
  };
  return el(
    "th",
    { scope: "col", class: number ? "number" : null, "aria-sort": sorted ? direction : null },
    el("button", { type: "button", click }, head(), arrow),
  );
}

function line(list, row) {
  const target = `#/${list.view.id}/${row[list.view.meta.id]}`;
  const cells = list.columns.map(({ cell, number }) => el("td", { class: number ? "number" : null }, cell(row, target)));
  return el("tr", { class: "clickable", click: () => (location.hash = target) }, list.selected.line(row), cells);
}

function empty(list) {
  return el("tr", {}, el("td", { class: "empty", colspan: list.columns.length + 1 }, t("noRecords")));
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
