/** A run: the call that starts it, and the gs_run row in which the service says how far it is. */

import { Problem, problemIn, problemOf } from "./problem";

export interface Run {
  readonly id: string;
  readonly ended: boolean;
  readonly total: number;
  readonly done: number;
  readonly written: number;
  readonly failed: number;
}

export const MESSAGE = "gs_Recompute";
export const RUNS = "gs_run";
export const MOST_IDS = 5000;
const DONE = 921500002;
const FAILED = 921500003;
const NO_RULES = "no active rule scores the table";
const COLUMNS = ["gs_state", "gs_total", "gs_done", "gs_written", "gs_failed", "gs_message"];

type Row = Readonly<Record<string, unknown>>;

/** Ask for these records, or for all of the table when there are none. Throws Problem. */
export async function startRun(table: string, ids: readonly string[], id: string): Promise<void> {
  const parameters = { Table: table, Ids: ids.length ? JSON.stringify(ids) : "", RunId: id };
  const primitive = (typeName: string) => ({ typeName, structuralProperty: 1 });
  const parameterTypes = {
    Table: primitive("Edm.String"),
    Ids: primitive("Edm.String"),
    RunId: primitive("Edm.Guid"),
  };
  const metadata = { boundParameter: null, operationType: 0, operationName: MESSAGE, parameterTypes };
  let answer: Response;
  try {
    answer = await Xrm.WebApi.online.execute({ ...parameters, getMetadata: () => metadata });
  } catch (error) {
    throw problemOf(error);
  }
  if (!answer.ok) throw await problemIn(answer);
}

/** How far the run is; null before the service has begun. Throws Problem, also when the run failed. */
export async function readRun(id: string): Promise<Run | null> {
  const query = `?$select=${COLUMNS.join(",")}&$filter=gs_runid eq ${id}`;
  let rows: readonly Row[];
  try {
    rows = (await Xrm.WebApi.retrieveMultipleRecords(RUNS, query)).entities as Row[];
  } catch (error) {
    throw problemOf(error);
  }
  const row = rows[0];
  if (row?.gs_state === FAILED) throw failure(String(row.gs_message ?? ""));
  return row ? runOf(id, row) : null;
}

function runOf(id: string, row: Row): Run {
  const figure = (name: string) => Number(row[name] ?? 0);
  return {
    id,
    ended: row.gs_state === DONE,
    total: figure("gs_total"),
    done: figure("gs_done"),
    written: figure("gs_written"),
    failed: figure("gs_failed"),
  };
}

function failure(message: string): Problem {
  return new Problem(message.startsWith(NO_RULES) ? "noRules" : "runFailed", message);
}
