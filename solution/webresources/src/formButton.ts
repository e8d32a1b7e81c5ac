/** The button of a form: save, recompute this record, show its new grade. */

import { followRun } from "./follow";
import { recordOf, save } from "./form";
import { modelsOf } from "./models";
import { type Run, startRun } from "./run";
import { say } from "./say";
import { attempt, clearPress, notePress, withProgress } from "./screen";
import { showPartial } from "./tally";
import { unsaved } from "./typing";
import { brief, readVerdictRow } from "./verdict";

type Form = Xrm.FormContext;

const PATIENCE_MS = 60_000;

export function recomputeForm(form: Form): Promise<void> {
  return attempt(async () => {
    clearPress(form);
    if (!(await save(form))) return notePress(form, say("saveFirst"), "WARNING");
    const isUnsaved = unsaved(form);
    const run = await withProgress(() => recompute(form));
    if (!run) return notePress(form, say("unseen"), "WARNING");
    if (!run.ended) return notePress(form, say("late"));
    if (run.failed) return showPartial(run);
    if (!isUnsaved()) await form.data.refresh(false);
    notePress(form, await result(form));
  });
}

async function recompute(form: Form): Promise<Run | null> {
  const { table, id } = recordOf(form);
  const run = crypto.randomUUID();
  await startRun(table, [id], run);
  return followRun(run, PATIENCE_MS, () => undefined);
}

/** The new grade by every model of the table; without it where it cannot be read. */
async function result(form: Form): Promise<string> {
  const { table, id } = recordOf(form);
  const models = await modelsOf(table);
  const row = models.length ? await readVerdictRow(table, id, models).catch(() => null) : null;
  if (!row) return say("recomputed");
  return models.map((model) => say("recomputedAs", { verdict: brief(model, row) })).join(" · ");
}
