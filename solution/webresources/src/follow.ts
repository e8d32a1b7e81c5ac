/** Following a run until it ends or patience does: often at first, since most runs take a second. */

import { passes, problemOf } from "./problem";
import { type Run, readRun } from "./run";

const BRISK_MS = 200;
const BRISK_FOR_MS = 3_000;
const CALM_MS = 1_000;

/** The run as last seen, ended or not; null when the service has not begun. Throws Problem. */
export async function followRun(
  id: string,
  patience: number,
  tell: (run: Run) => void,
): Promise<Run | null> {
  const begun = Date.now();
  let seen: Run | null = null;
  for (;;) {
    seen = (await readRun(id).catch(forgive)) ?? seen;
    if (seen?.ended) return seen;
    if (seen) tell(seen);
    const waited = Date.now() - begun;
    if (waited >= patience) return seen;
    await pause(waited < BRISK_FOR_MS ? BRISK_MS : CALM_MS);
  }
}

/** A poll that failed in passing is no reason to give up: the run goes on without us. */
function forgive(error: unknown): null {
  const problem = problemOf(error);
  if (passes(problem)) return null;
  throw problem;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
