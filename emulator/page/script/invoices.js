/** An account's invoices, editable: saving one is an ordinary PATCH, as any CRM form sends it. */

import { el, flash } from "./dom.js";
import { day, exact, parseAmount } from "./format.js";
import { t } from "./language.js";
import { attempt, toast } from "./notices.js";
import { subgrid } from "./subgrid.js";
import { changeRow, label, readRow } from "./webapi.js";

const SELECT = "$select=invoicenumber,name,totalamount,statecode,statuscode,createdon,duedate";
const CONFLICT = 412;
const STATES = [
  { word: "active", statecode: 0, statuscode: 1 },
  { word: "paid", statecode: 2, statuscode: 100001 },
  { word: "cancelled", statecode: 3, statuscode: 100003 },
];

/** The section of the form; `saved` is told after each save. */
export function invoices(account, saved) {
  return subgrid({
    title: "invoices",
    empty: "noInvoices",
    heads: ["number", "created", "due", "amount", "state", ""],
    address: `invoices?${SELECT}&$filter=_customerid_value eq ${account}&$orderby=createdon desc`,
    line: (row) => editor(row, saved),
  });
}

function editor(row, saved) {
  const edit = { row, saved };
  const enter = (event) => event.key === "Enter" && !edit.save.disabled && edit.save.click();
  edit.amount = el("input", {
    class: "amount", inputmode: "decimal", dir: "ltr", "aria-label": t("amount"),
    input: () => compare(edit), keydown: enter,
  });
  edit.state = el("select", { "aria-label": t("state"), change: () => compare(edit) }, states(row));
  edit.save = el("button", { type: "button", class: "primary", click: () => save(edit) }, t("save"));
  edit.line = el(
    "tr",
    { "data-invoice": row.invoiceid },
    el("td", {}, el("bdi", {}, row.invoicenumber ?? row.name)),
    el("td", {}, day(row.createdon)),
    el("td", {}, row.duedate ? day(row.duedate) : t("none")),
    el("td", {}, edit.amount),
    el("td", {}, edit.state),
    el("td", {}, edit.save),
  );
  reset(edit);
  return edit.line;
}

/** The states on offer, and the present one when it is another. */
function states(row) {
  const known = STATES.map(({ word, statecode }) => el("option", { value: statecode }, t(word)));
  if (STATES.some(({ statecode }) => statecode === row.statecode)) return known;
  return [el("option", { value: row.statecode }, label(row, "statecode")), ...known];
}

function reset(edit) {
  edit.amount.value = edit.row.totalamount === null ? "" : exact(edit.row.totalamount);
  edit.state.value = edit.row.statecode;
  compare(edit);
}

/** What differs from the stored row; null while the amount is none. */
function changes({ row, amount, state }) {
  const typed = amount.value.trim() === "" ? row.totalamount : parseAmount(amount.value);
  if (typed === null && row.totalamount !== null) return null;
  const chosen = STATES.find(({ statecode }) => String(statecode) === state.value);
  const moved = chosen && chosen.statecode !== row.statecode;
  return {
    ...(typed !== row.totalamount && { totalamount: typed }),
    ...(moved && { statecode: chosen.statecode, statuscode: chosen.statuscode }),
  };
}

function compare(edit) {
  const found = changes(edit);
  edit.amount.setCustomValidity(found ? "" : t("badAmount"));
  edit.amount.setAttribute("aria-invalid", String(!found));
  edit.save.disabled = Boolean(found) && !Object.keys(found).length;
}

/** After somebody else's change the next save is made against the row as it is now. */
function stale(edit, address) {
  return async (error) => {
    if (error.status === CONFLICT) edit.row = await readRow(address);
    throw error;
  };
}

function save(edit) {
  const values = changes(edit);
  if (!values) return edit.amount.reportValidity();
  return attempt(edit.save, t("saving"), async () => {
    const address = `invoices(${edit.row.invoiceid})?${SELECT}`;
    edit.row = await changeRow(address, values, edit.row["@odata.etag"]).catch(stale(edit, address));
    edit.saved();
    toast(t("invoiceSaved", { number: edit.row.invoicenumber ?? edit.row.name }), "plain");
    flash(edit.line);
  }).then(() => compare(edit));
}
