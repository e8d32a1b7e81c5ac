/** A grid as scripts see it: which rows are selected, and reading it anew. */

/** The control of a grid of this table; `rows()` are the selected ones, `refresh` reads again. */
export function gridControl(meta, rows, refresh) {
  return {
    getName: () => meta.table,
    getEntityName: () => meta.table,
    getGrid: () => ({ getSelectedRows: () => collection(rows().map((row) => gridRow(meta, row))) }),
    refresh,
  };
}

function gridRow(meta, row) {
  const entity = {
    getId: () => `{${row[meta.id].toUpperCase()}}`,
    getEntityName: () => meta.table,
    getPrimaryAttributeValue: () => row[meta.name] ?? null,
    getEntityReference: () => ({ id: row[meta.id], entityType: meta.table, name: row[meta.name] ?? "" }),
  };
  return { data: { entity } };
}

function collection(items) {
  return {
    get: (place) => (place === undefined ? items : items[place]),
    getLength: () => items.length,
    forEach: (each) => items.forEach(each),
  };
}
