/** The form of a scored record: its commands, the control bound to it, its own columns, the rows behind. */

import { gradeOf, gradeWord, text } from "./cells.js";
import { LOCATIONS, commandBar } from "./commands.js";
import { el, flash } from "./dom.js";
import { editor } from "./editor.js";
import { score } from "./format.js";
import { t, titled } from "./language.js";
import { showProblem, toast } from "./notices.js";
import { partsTable } from "./parts.js";
import { recomputeButton } from "./recompute.js";
import { openRecord } from "./record.js";
import { related } from "./related.js";
import { scorecard } from "./scorecard.js";
import { formColumns, ownColumns, selected } from "./views.js";
import { watch } from "./watch.js";
import { readRow } from "./webapi.js";
import { formContext } from "./xrm/form.js";
import { notifications } from "./xrm/notifications.js";

const ROLES = ["score", "grade", "explanation", "reasons", "scored_on"];

/** Show one record; the answer ends the watching when the form is left. */
export function showForm(main, view, id) {
  const address = `${view.meta.set}(${id})?$select=${selected(view, ROLES)}`;
  const record = openRecord(view.meta, id, formColumns(view), address);
  const notes = notifications();
  const form = { view, id, address, record, own: null, context: formContext(record, notes) };
  form.heading = el("div", {}, el("h1", {}, t("loading")));
  form.card = el("div", { class: "card scorecard" });
  form.fields = el("section", { class: "card own", hidden: true });
  form.parts = el("div", { class: "scrolled" });
  record.onChange((before) => announce(form, before, record.row));
  record.onLoad(() => show(form, record.row));
  const watching = watch(address, (row) => record.take(row), (error) => lost(form, error));
  form.hurry = watching.hurry;
  main.replaceChildren(
    el("a", { href: `#/${view.id}`, class: "back" }, t("back")),
    el("div", { class: "title" }, form.heading, el("div", { class: "tools" }, commands(form), button(form))),
    notes.element,
    form.card,
    form.fields,
    el("section", { class: "card" }, el("h2", {}, t("how")), form.parts),
    ...view.related.map((way) => related(form, way)),
  );
  return watching.stop;
}

function commands({ view, context }) {
  return commandBar(view.table, LOCATIONS.form, { primary: context, grid: null, rows: () => [], meta: view.meta });
}

function button(form) {
  return recomputeButton(form.view.table, [form.id], t("recompute"), async () => {
    const row = await readRow(form.address);
    show(form, row);
    toast(t("recomputed", standing(form.view, row)));
  });
}

function show(form, row) {
  const { view } = form;
  const why = row[view.output.explanation] && JSON.parse(row[view.output.explanation]);
  form.heading.replaceChildren(
    el("h1", {}, text(row[view.meta.name])),
    el("p", { class: "quiet" }, titled(view.title, view.id)),
  );
  form.card.replaceChildren(...scorecard(view, row, why).filter(Boolean));
  form.parts.replaceChildren(...(why ? [partsTable(why)] : [el("p", { class: "quiet" }, t("noScore"))]));
  showFields(form, row);
}

/** The record's own columns that the model reads. */
function showFields(form, row) {
  const { view, record } = form;
  const columns = ownColumns(view);
  if (!columns.length) return;
  if (form.own) {
    form.own.refresh(row);
    return;
  }
  form.own = record.draft = editor(view.meta, columns, row, () => {
    form.hurry();
    return record.saved();
  });
  form.fields.hidden = false;
  const head = el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column.title())), el("th"));
  form.fields.replaceChildren(
    el("h2", {}, t("fields")),
    el("div", { class: "scrolled" }, el("table", { class: "grid" }, el("thead", {}, head), el("tbody", {}, form.own.line))),
  );
}

/** Say what is new since the form last looked. */
function announce(form, before, now) {
  const { view } = form;
  const changed = gradeOf(view, before) !== gradeOf(view, now);
  if (!changed && before[view.output.score] === now[view.output.score]) return;
  flash(form.card);
  toast(t(changed ? "nowGrade" : "nowScore", standing(view, now)));
}

function standing(view, row) {
  const points = row[view.output.score];
  return { grade: gradeWord(view, gradeOf(view, row)), score: points === null ? t("none") : score(points) };
}

function lost(form, error) {
  if (error.status === 404) form.heading.replaceChildren(el("h1", {}, t("gone")));
  else showProblem(error);
}
