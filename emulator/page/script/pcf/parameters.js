/** Columns of a record as the properties that a control is bound to. */

import { label } from "../webapi.js";

const RAW = {
  day: (value) => new Date(value),
  moment: (value) => new Date(value),
  money: Number,
  number: Number,
};

/** `bound`: logical names of columns by property. */
export function parametersOf(meta, row, bound) {
  const entries = Object.entries(bound).map(([name, column]) => [name, property(meta.columns.get(column), row)]);
  return Object.fromEntries(entries);
}

function property(column, row) {
  const value = row[column.property] ?? null;
  return {
    raw: value === null ? null : (RAW[column.kind] ?? String)(value),
    formatted: label(row, column.property) ?? undefined,
    security: { readable: column.property in row },
    ...choice(column, value),
  };
}

/** Of a choice the number counts, and its options come along. */
function choice({ options }, value) {
  if (!options.length) return {};
  const Options = options.map((option) => ({ Value: option.value, Label: option.title(), Color: option.colour }));
  return { raw: value, attributes: { Options } };
}
