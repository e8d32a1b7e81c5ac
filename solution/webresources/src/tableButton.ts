/** «Recompute all»: asks with a count, starts the run and leaves it running. */

import { followRun } from "./follow";
import { count } from "./numbers";
import { problemOf } from "./problem";
import { RUNS, type Run, startRun } from "./run";
import { say } from "./say";
import { attempt, tell, withProgress } from "./screen";
import { done, figures, showPartial } from "./tally";

type Grid = Pick<Xrm.Controls.GridControl, "getEntityName" | "refresh">;

/** As long as it takes to see a refusal, or the end of a small run. */
const PATIENCE_MS = 5_000;
const MOST_COUNTED = 50_000;
const TOO_MANY = "8004e023";

export function recomputeAll(grid: Grid): Promise<void> {
  return attempt(async () => {
    const table = grid.getEntityName();
    if (!(await confirmed(table))) return;
    const id = crypto.randomUUID();
    const run = await withProgress(async (show) => {
      await startRun(table, [], id);
      return followRun(id, PATIENCE_MS, (seen) => {
        if (seen.total) show(say("progress", figures(seen)));
      });
    });
    grid.refresh();
    await report(run);
  });
}

async function confirmed(table: string): Promise<boolean> {
  const records = await counted(table);
  const text = records === null ? say("confirmUncounted") : say("confirmAll", { count: records });
  const answer = await Xrm.Navigation.openConfirmDialog({
    title: say("confirmTitle"),
    text,
    confirmButtonLabel: say("start"),
    cancelButtonLabel: say("cancel"),
  });
  return answer.confirmed;
}

/** How many records the user sees, in words; null where that cannot be counted. */
async function counted(table: string): Promise<string | null> {
  try {
    const query = "?$apply=aggregate($count as records)";
    const { entities } = await Xrm.WebApi.retrieveMultipleRecords(table, query);
    return count(Number(entities[0]?.records ?? 0));
  } catch (error) {
    const many = problemOf(error).code === TOO_MANY;
    return many ? say("moreThan", { count: count(MOST_COUNTED) }) : null;
  }
}

function report(run: Run | null): Promise<void> {
  if (!run) return tell(say("unseen"), "warning");
  if (!run.ended) return tell(say("leftRunning", figures(run)), "information", showing(run));
  if (run.failed) return showPartial(run);
  return tell(done(run));
}

/** The way to the run's own record, where its figures go on. */
function showing(run: Run): Xrm.App.Action {
  const open = () => void Xrm.Navigation.openForm({ entityName: RUNS, entityId: run.id });
  return { actionLabel: say("showRun"), eventHandler: open };
}
