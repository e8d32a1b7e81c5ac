/** The script of a form: a note with grade, trend, reasons and status, renewed when the score changes
 * on the server. Fields are renewed too, but never while the form holds anything unsaved. */

import { recordOf, shows } from "./form";
import { type Model, modelsOf } from "./models";
import { say } from "./say";
import { note } from "./screen";
import { unsaved } from "./typing";
import { columnsOf, isParked, readVerdictRow, type Row, verdict } from "./verdict";
import { watch } from "./watch";
import { keep } from "./watches";

type Form = Xrm.FormContext;

export async function onFormLoad(context: Xrm.Events.EventContext): Promise<void> {
  const form = context.getFormContext();
  const { table, id } = recordOf(form);
  const models = await modelsOf(table);
  if (!models.length) return;
  const watching = watch(looking(form, models), staysWith(form));
  form.data.entity.addOnPostSave(() => watching.hurry());
  keep(`${table} ${id}`, watching);
}

/** One look: shows what changed. The first look fills the note and leaves the fields alone. */
function looking(form: Form, models: readonly Model[]): () => Promise<boolean> {
  const isUnsaved = unsaved(form);
  const inFields = shows(form, columnsOf(models));
  let former: string | null = null;
  let stale = false;
  return async () => {
    const { table, id } = recordOf(form);
    if (!id) return false;
    const row = await readVerdictRow(table, id, models);
    const now = fingerprint(row, models);
    const changed = former !== null && former !== now;
    stale = inFields && (stale || changed);
    const renewable = stale && !isUnsaved();
    if (renewable) await form.data.refresh(false);
    stale &&= !renewable;
    if (former !== now || renewable) show(form, models, row, stale);
    former = now;
    return changed;
  };
}

function show(form: Form, models: readonly Model[], row: Row, stale: boolean): void {
  const hint = stale ? ` (${say("saveToSee")})` : "";
  for (const model of models) {
    const level = isParked(model, row) ? "WARNING" : "INFO";
    note(form, verdict(model, row) + hint, level, `gs_grade_${model.id}`);
  }
}

function fingerprint(row: Row, models: readonly Model[]): string {
  return JSON.stringify(columnsOf(models).map((name) => row[name] ?? null));
}

/** A form that was closed answers no more, or has gone on to another record. A new record gets its id
 * when it is saved. */
function staysWith(form: Form): () => boolean {
  let known = recordOf(form).id;
  return () => {
    try {
      const { id } = recordOf(form);
      known ||= id;
      return id === known;
    } catch {
      return false;
    }
  };
}
