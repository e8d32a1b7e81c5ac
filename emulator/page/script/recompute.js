/** The Recompute button: calls the Custom API with a run id of its own and follows that run's row. */

import { el } from "./dom.js";
import { whole } from "./format.js";
import { t } from "./language.js";
import { attempt, toast } from "./notices.js";
import { ApiProblem, call, readRows } from "./webapi.js";

const POLL_MS = 250;
const PATIENCE_MS = 60_000;
const COLUMNS = "gs_total,gs_done,gs_written,gs_finishedon,gs_message";

/** A button for these records (none: all of the table); `then` is told when the run is done. */
export function recomputeButton(table, ids, text, then) {
  const button = el("button", { type: "button", class: "recompute" }, text);
  const progress = (run) => {
    if (run.gs_total > 1) button.textContent = t("progress", { done: whole(run.gs_done ?? 0), total: whole(run.gs_total) });
    else if (run.gs_done) button.textContent = whole(run.gs_done);
  };
  button.addEventListener("click", () =>
    attempt(button, t("recomputing"), async () => {
      const run = await recompute(table, ids, progress);
      if (!ids.length) {
        toast(t("recomputedAll", { done: whole(run.gs_done), written: whole(run.gs_written) }));
      }
      await then(run);
    }),
  );
  return button;
}

async function recompute(table, ids, progress) {
  const id = crypto.randomUUID();
  const deadline = performance.now() + PATIENCE_MS;
  await call("gs_Recompute", { Table: table, Ids: ids.length ? JSON.stringify(ids) : "", RunId: id });
  while (performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const [run] = (await readRows(`gs_runs?$select=${COLUMNS}&$filter=gs_runid eq ${id}`)).rows;
    if (run?.gs_message) throw new ApiProblem(t("runFailed", { message: run.gs_message }));
    if (run?.gs_finishedon) return run;
    if (run) progress(run);
  }
  throw new ApiProblem(t("runLate"));
}
