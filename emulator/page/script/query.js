/** The state of a list, and its address at the Web API. */

import { literal } from "./webapi.js";

/** A list as it is first opened: the best scores first. */
export function newQuery() {
  return { search: "", grade: "", sort: "gs_score", descending: true, pages: [] };
}

/** Sort by this column; once more turns the order round. */
export function sortBy(query, column) {
  query.descending = query.sort === column ? !query.descending : false;
  query.sort = column;
  query.pages = [];
}

/** The address of the page that the list is at. */
export function address(view, query) {
  return query.pages.at(-1) ?? `${view.set}?${parameters(view, query).join("&")}`;
}

function parameters(view, query) {
  const conditions = [view.filter];
  if (query.search) {
    const wanted = literal(query.search);
    const each = view.searched.map((column) => `contains(${column},${wanted})`);
    conditions.push(`(${each.join(" or ")})`);
  }
  if (query.grade) conditions.push(`gs_grade eq ${query.grade}`);
  return [
    `$select=${view.select}`,
    `$filter=${conditions.join(" and ")}`,
    `$orderby=${query.sort}${query.descending ? " desc" : ""}`,
    "$count=true",
  ];
}
