/** The state of a list, and its address at the Web API. */

import { scored, selected } from "./views.js";
import { literal } from "./webapi.js";

/** What a list reads beside its own columns. */
const ROLES = ["score", "grade", "scored_on"];

/** A list as it is first opened: the best scores first. */
export function newQuery(view) {
  return { search: "", grade: "", sort: view.output.score ?? view.meta.name, descending: true, pages: [] };
}

/** Sort by this column; once more turns the order round. */
export function sortBy(query, column) {
  query.descending = query.sort === column ? !query.descending : false;
  query.sort = column;
  query.pages = [];
}

/** The address of the page that the list is at. */
export function address(view, query) {
  return query.pages.at(-1) ?? `${view.meta.set}?${parameters(view, query).join("&")}`;
}

function parameters(view, query) {
  const conditions = [`(${scored(view)})`];
  if (query.search) conditions.push(`contains(${view.meta.name},${literal(query.search)})`);
  if (query.grade) conditions.push(`${view.output.grade} eq ${query.grade}`);
  return [
    `$select=${selected(view, ROLES)}`,
    `$filter=${conditions.join(" and ")}`,
    `$orderby=${query.sort}${query.descending ? " desc" : ""}`,
    "$count=true",
  ];
}

/** The grades to choose from: what a filter compares with, and its words. */
export function gradeOptions(view) {
  const column = view.meta.columns.get(view.output.grade);
  if (column?.kind === "choice") return column.options.map(({ value, title }) => [value, title()]);
  return Object.keys(view.grades).map((name) => [literal(name), name]);
}
