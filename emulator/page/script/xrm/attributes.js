/** Columns of an open record as scripts see them: values of the script's own kinds. */

import { event } from "./events.js";

const TYPES = { day: "datetime", moment: "datetime", choice: "optionset", state: "optionset", flag: "boolean", lookup: "lookup", money: "money", number: "decimal", text: "string" };
const VALUES = {
  day: (row, { property }) => date(row[property]),
  moment: (row, { property }) => date(row[property]),
  lookup: (row, { property }) => reference(row, property),
};
const LABEL = "OData.Community.Display.V1.FormattedValue";
const TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname";

/** An attribute of the record whose row `row()` answers. */
export function attribute(column, row, form) {
  const changed = event(form);
  const value = () => (VALUES[column.kind] ?? plain)(row(), column);
  const own = {
    getName: () => column.name,
    getAttributeType: () => TYPES[column.kind],
    getValue: value,
    getText: () => row()[`${column.property}@${LABEL}`] ?? null,
    getOptions: () => column.options.map((option) => ({ value: option.value, text: option.title() })),
    addOnChange: changed.add,
    removeOnChange: changed.remove,
    fireOnChange: () => changed.fire(own),
  };
  return own;
}

function plain(row, { property }) {
  return row[property] ?? null;
}

function date(text) {
  return text ? new Date(text) : null;
}

function reference(row, property) {
  const id = row[property];
  return id ? [{ id: `{${id.toUpperCase()}}`, name: row[`${property}@${LABEL}`], entityType: row[`${property}@${TABLE}`] }] : null;
}
