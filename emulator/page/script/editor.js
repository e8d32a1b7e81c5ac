/** A row that can be changed in place: saving it is an ordinary PATCH, as any CRM form sends it. */

import { el, flash } from "./dom.js";
import { field } from "./fields.js";
import { t } from "./language.js";
import { attempt, toast } from "./notices.js";
import { ApiProblem, changeRow, readRow } from "./webapi.js";

const CONFLICT = 412;

/** `{line, refresh, isDirty, store}`: a table row of these columns, what tells it that the stored row
 * is another one now, whether something is typed, and saving it. `saved` is told after each save,
 * where somebody wants to know; `lead` is a cell in front. */
export function editor(meta, columns, row, saved, lead = null) {
  const edit = { meta, columns, saved, row, lead };
  const fixed = columns.every((column) => !column.editable);
  edit.save = el("button", { type: "button", class: "primary", hidden: fixed, click: () => save(edit) }, t("save"));
  edit.line = el("tr", {
    "data-row": row[meta.id],
    input: () => compare(edit),
    keydown: (event) => event.key === "Enter" && !edit.save.disabled && edit.save.click(),
  });
  reset(edit);
  return {
    line: edit.line,
    refresh: (now) => refresh(edit, now),
    isDirty: () => !edit.save.disabled,
    store: () => store(edit, changes(edit)).then(() => reset(edit)),
  };
}

/** What is being typed stays; a change of other columns (a new score) is no conflict. */
function refresh(edit, now) {
  const same = edit.columns.every(({ property }) => edit.row[property] === now[property]);
  const busy = !edit.save.disabled;
  if (!same && busy) return;
  edit.row = now;
  if (!same) reset(edit);
}

/** What an editor and its subgrid read. */
export function columnsRead(meta, columns) {
  return [...new Set([meta.name, ...columns.map((column) => column.property)])].join(",");
}

function reset(edit) {
  edit.fields = edit.columns.map((column) => field(column, edit.row));
  const cells = edit.fields.map(({ element, note }) => el("td", {}, element, note));
  edit.line.replaceChildren(...[edit.lead, ...cells, el("td", {}, edit.save)].filter(Boolean));
  compare(edit);
}

/** What differs from the stored row; null while some input is none. */
function changes({ fields }) {
  const each = fields.map((item) => item.values());
  return each.includes(null) ? null : Object.assign({}, ...each);
}

function compare(edit) {
  for (const { element, values } of edit.fields) {
    const wrong = values() === null;
    element.setCustomValidity?.(wrong ? t("badAmount") : "");
    if (element.setCustomValidity) element.setAttribute("aria-invalid", String(wrong));
  }
  const found = changes(edit);
  edit.save.disabled = Boolean(found) && !Object.keys(found).length;
}

/** After somebody else's change the next save is made against the row as it is now. */
function stale(edit, address) {
  return async (error) => {
    if (error.status === CONFLICT) edit.row = await readRow(address);
    throw error;
  };
}

/** Send these changes. Raises ApiProblem, also when some input is none. */
async function store(edit, values) {
  if (!values) throw new ApiProblem(t("badAmount"));
  const address = `${edit.meta.set}(${edit.row[edit.meta.id]})?$select=${columnsRead(edit.meta, edit.columns)}`;
  edit.row = await changeRow(address, values, edit.row["@odata.etag"]).catch(stale(edit, address));
  await edit.saved?.();
}

function save(edit) {
  const values = changes(edit);
  if (!values) return edit.fields.find((item) => item.values() === null).element.reportValidity();
  return attempt(edit.save, t("saving"), async () => {
    await store(edit, values);
    toast(t("saved", { name: edit.row[edit.meta.name] ?? "" }), "plain");
    flash(edit.line);
    return true;
  }).then((done) => (done ? reset(edit) : compare(edit)));
}
