/** The form of a record: its commands, notes, the control bound to its columns, its own columns, and
 * the rows behind it. It reads the record when it opens, after a save and when a script asks for it. */

import { text } from "./cells.js";
import { LOCATIONS, commandBar } from "./commands.js";
import { el } from "./dom.js";
import { editor } from "./editor.js";
import { t, titled } from "./language.js";
import { showProblem } from "./notices.js";
import { showControl } from "./pcf/control.js";
import { openRecord } from "./record.js";
import { related } from "./related.js";
import { loadScript, named } from "./resources.js";
import { formColumns, ownColumns } from "./views.js";
import { executionContext } from "./xrm/events.js";
import { formContext } from "./xrm/form.js";
import { notifications } from "./xrm/notifications.js";

/** Show one record; the answer closes the form. */
export function showForm(main, view, id) {
  const columns = formColumns(view);
  const select = columns.map((column) => column.property).join(",");
  const record = openRecord(view.meta, id, columns, `${view.meta.set}(${id})?$select=${select}`);
  const notes = notifications();
  const form = { view, id, record, context: formContext(record, notes) };
  form.heading = el("div", {}, el("h1", {}, t("loading")));
  form.fields = el("section", { class: "card own", hidden: true });
  form.control = el("section", { class: "card control", hidden: true });
  record.onLoad(() => show(form));
  main.replaceChildren(
    el("a", { href: `#/${view.id}`, class: "back" }, t("back")),
    el("div", { class: "title" }, form.heading, el("div", { class: "tools" }, commands(form))),
    notes.element,
    form.control,
    form.fields,
    ...view.related.map((way) => related(form, way)),
  );
  open(form).catch((error) => lost(form, error));
  return () => {
    record.close();
    form.leave?.();
  };
}

function commands({ view, context }) {
  return commandBar(view.table, LOCATIONS.form, { primary: context, grid: null, rows: () => [], meta: view.meta });
}

/** Read the record, show the control, then run the handlers of the form's opening. */
async function open(form) {
  const { view: { form: made }, record, context } = form;
  await record.load();
  if (made?.control) await addControl(form, made.control).catch(showProblem);
  for (const library of made?.libraries ?? []) await loadScript(library);
  if (made?.onload && !record.closed) await named(made.onload)(executionContext(context));
}

async function addControl(form, { name, bound }) {
  const element = el("div", { "data-control": name });
  const leave = await showControl(name, form.record, bound, element);
  if (form.record.closed) return leave();
  form.control.replaceChildren(element);
  form.control.hidden = false;
  form.leave = leave;
}

function show(form) {
  const { view, record, heading } = form;
  heading.replaceChildren(
    el("h1", {}, text(record.row[view.meta.name])),
    el("p", { class: "quiet" }, titled(view.title, view.id)),
  );
  showFields(form);
}

/** The record's own columns that the model reads. */
function showFields({ view, record, fields }) {
  const columns = ownColumns(view);
  if (!columns.length) return;
  if (record.draft) {
    record.draft.refresh(record.row);
    return;
  }
  record.draft = editor(view.meta, columns, record.row, record.saved);
  fields.hidden = false;
  const head = el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column.title())), el("th"));
  fields.replaceChildren(
    el("h2", {}, t("fields")),
    el("div", { class: "scrolled" }, el("table", { class: "grid" }, el("thead", {}, head), el("tbody", {}, record.draft.line))),
  );
}

function lost(form, error) {
  if (error.status === 404 && !form.record.row) form.heading.replaceChildren(el("h1", {}, t("gone")));
  else showProblem(error);
}
