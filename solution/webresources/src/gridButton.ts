/** The button of a grid or subgrid: recompute the selected records, n of total.
 *
 * One run takes as many ids as the service accepts; what is selected beyond that follows in another. */

import { followRun } from "./follow";
import { plainId } from "./form";
import { problemOf } from "./problem";
import { MOST_IDS, type Run, startRun } from "./run";
import { say } from "./say";
import { attempt, tell, withProgress } from "./screen";
import { done, figures, NOTHING, plus, showBroken, showPartial, type Tally } from "./tally";

type Grid = Pick<Xrm.Controls.GridControl, "getEntityName" | "refresh">;
type Told = (tally: Tally) => void;

const PATIENCE_MS = 60_000;

interface Outcome {
  readonly tally: Tally;
  /** Records of runs that had not ended when patience did. */
  readonly late: boolean;
  readonly error?: unknown;
}

export function recomputeSelected(grid: Grid, itemIds: readonly string[] | null): Promise<void> {
  return attempt(async () => {
    const ids = [...new Set((itemIds ?? []).map(plainId))];
    if (!ids.length) return tell(say("selectFirst"), "warning");
    const outcome = await withProgress((show) =>
      recompute(grid.getEntityName(), ids, (tally) => show(say("progress", figures(tally)))),
    );
    grid.refresh();
    await report(outcome);
  });
}

async function recompute(table: string, ids: readonly string[], told: Told): Promise<Outcome> {
  let tally: Tally = { ...NOTHING, total: ids.length };
  let late = false;
  try {
    for (let start = 0; start < ids.length; start += MOST_IDS) {
      const before = tally;
      const see = (run: Run) => told((tally = plus(before, run)));
      const run = await one(table, ids.slice(start, start + MOST_IDS), see);
      if (run) tally = plus(before, run);
      late ||= !run?.ended;
    }
  } catch (error) {
    return { tally, late, error };
  }
  return { tally, late };
}

async function one(table: string, ids: readonly string[], tell: (run: Run) => void): Promise<Run | null> {
  const run = crypto.randomUUID();
  await startRun(table, ids, run);
  return followRun(run, PATIENCE_MS, tell);
}

/** Nothing done and a problem is that problem; something done and a problem tells both. */
function report({ tally, late, error }: Outcome): Promise<void> {
  if (error !== undefined && !tally.done) throw error;
  if (error !== undefined) return showBroken(tally, problemOf(error));
  if (tally.failed) return showPartial(tally);
  if (late) return tally.done ? tell(say("late"), "information") : tell(say("unseen"), "warning");
  return tell(done(tally));
}
