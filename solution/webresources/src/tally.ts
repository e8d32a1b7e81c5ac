/** What the runs of one press came to together, and the dialog for what did not work in part. */

import { count } from "./numbers";
import type { Problem } from "./problem";
import type { Run } from "./run";
import { say } from "./say";
import { showError } from "./screen";

export type Tally = Pick<Run, "total" | "done" | "written" | "failed">;

export const NOTHING: Tally = { total: 0, done: 0, written: 0, failed: 0 };

export function plus(tally: Tally, run: Run): Tally {
  return {
    total: tally.total,
    done: tally.done + run.done,
    written: tally.written + run.written,
    failed: tally.failed + run.failed,
  };
}

/** The figures as texts have them. */
export function figures(tally: Tally): Record<"total" | "done" | "written" | "failed", string> {
  const { total, done, written, failed } = tally;
  return { total: count(total), done: count(done), written: count(written), failed: count(failed) };
}

/** Everything went well. Records that the rules leave out are not done, and that is no failure. */
export function done(tally: Tally): string {
  return say(tally.done < tally.total ? "recomputedSome" : "recomputedMany", figures(tally));
}

/** Results that could not be written. */
export function showPartial(tally: Tally): Promise<void> {
  return showError(say("partial", figures(tally)));
}

/** A problem that came after some of the records were done. */
export function showBroken(tally: Tally, problem: Problem): Promise<void> {
  return showError(say("broken", { ...figures(tally), problem: say(problem.kind) }), problem);
}
