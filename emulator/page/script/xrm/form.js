/** The form context: the open record, its columns and the notes above it, as scripts use them. */

import { attribute } from "./attributes.js";
import { event } from "./events.js";

const UPDATE = 2;

/** A form context over a record (script/record.js) and the notes of its form. */
export function formContext(record, notes) {
  const self = () => context;
  const loaded = event(self);
  const saved = event(self);
  const attributes = new Map(
    record.columns.map((column) => [column.name, attribute(column, () => record.row, self)]),
  );
  record.onChange((before) => tell(attributes, record, before));
  record.onLoad(() => loaded.fire());
  record.onSave(() => saved.fire());
  const context = {
    data: data(record, loaded, saved),
    ui: {
      setFormNotification: notes.set,
      clearFormNotification: notes.clear,
      getFormType: () => UPDATE,
      controls: { get: () => [...attributes.keys()].map((name) => context.getControl(name)) },
    },
    getAttribute: (name) => (name === undefined ? [...attributes.values()] : (attributes.get(name) ?? null)),
    getControl: (name) => (attributes.has(name) ? { getName: () => name, getAttribute: () => attributes.get(name) } : null),
  };
  return context;
}

function data(record, loaded, saved) {
  const save = () => record.save().catch(({ message, code }) => {
    throw { errorCode: Number.parseInt(code, 16) || 0, message };
  });
  return {
    entity: {
      getId: () => identity(record),
      getEntityName: () => record.meta.table,
      getPrimaryAttributeValue: () => record.row[record.meta.name] ?? null,
      getIsDirty: record.isDirty,
      save,
      addOnPostSave: saved.add,
      removeOnPostSave: saved.remove,
    },
    save,
    getIsDirty: record.isDirty,
    refresh: async (first = false) => {
      if (first) await save();
      await record.load();
    },
    addOnLoad: loaded.add,
    removeOnLoad: loaded.remove,
  };
}

/** Scripts tell by the refusal that the form they hold is gone. */
function identity(record) {
  if (record.closed) throw new Error("This form was closed.");
  return `{${record.id.toUpperCase()}}`;
}

/** Columns whose stored value is another one now. */
function tell(attributes, record, before) {
  for (const { name, property } of record.columns) {
    if (before[property] !== record.row[property]) attributes.get(name).fireOnChange();
  }
}
