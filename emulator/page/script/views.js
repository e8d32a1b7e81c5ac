/** Which scored tables the page shows: told by whoever runs the emulator, none until then. */

import { ApiProblem } from "./webapi.js";
import { t } from "./language.js";

/** The views in their order, each with its table's metadata as `meta`; `describe` reads that. */
export async function readViews(describe) {
  const answer = await fetch("/_emulator/views", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) throw new ApiProblem(t("offline"));
  const views = await answer.json();
  return Promise.all(views.map(async (view) => ({ ...view, meta: await describe(view.table) })));
}

/** The columns of a record's own that a list shows and a form may change. */
export function ownColumns(view) {
  return view.meta.pick(view.columns);
}

/** The columns of a form: the record's name, its own, and whatever the model writes. */
export function formColumns(view) {
  const outputs = Object.values(view.output).map((name) => view.meta.columns.get(name));
  return [...new Set([view.meta.columns.get(view.meta.name), ...ownColumns(view), ...outputs])].filter(Boolean);
}

/** Scored rows only; others have nothing to show. */
export function scored({ output }) {
  return [output.score, output.grade].filter(Boolean).map((name) => `${name} ne null`).join(" or ");
}

/** What a list and a form read of a row. */
export function selected(view, roles) {
  const outputs = roles.map((role) => view.output[role]).filter(Boolean);
  const own = ownColumns(view).map((column) => column.property);
  return [...new Set([view.meta.name, ...own, ...outputs])].join(",");
}
