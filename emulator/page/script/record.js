/** The record of an open form: its row as last read, what is being typed, saving and reading anew. */

import { readRow } from "./webapi.js";

/** `columns`: those of the form; `address` reads them. `row` is null until it was read once. `draft`
 * is what the form is typing: `{isDirty, store}`; who stores it calls `saved` then. */
export function openRecord(meta, id, columns, address) {
  const heard = { change: [], load: [], save: [] };
  const record = { meta, id, columns, row: null, draft: null, closed: false };
  const tell = (kind, ...what) => Promise.all(heard[kind].map((listener) => listener(...what)));
  record.onChange = (listener) => heard.change.push(listener);
  record.onLoad = (listener) => heard.load.push(listener);
  record.onSave = (listener) => heard.save.push(listener);
  const take = (row) => {
    if (record.closed) return undefined;
    const before = record.row;
    record.row = row;
    if (before) tell("change", before);
    return tell("load");
  };
  record.load = async () => take(await readRow(address));
  record.isDirty = () => record.draft?.isDirty() ?? false;
  record.save = async () => (record.isDirty() ? record.draft.store() : undefined);
  record.saved = () => record.load().then(() => tell("save"));
  record.close = () => (record.closed = true);
  return record;
}
