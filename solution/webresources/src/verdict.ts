/** What the scored columns of a record say, in one line of the user's language. */

import { titled } from "./language";
import type { Columns, Model } from "./models";
import { moment, score } from "./numbers";
import { say } from "./say";
import type { Word } from "./words";

export type Row = Readonly<Record<string, unknown>>;

const LABEL = "@OData.Community.Display.V1.FormattedValue";
const FIRST_OPTION = 921_500_000;
const TRENDS = ["up", "steady", "down"] as const;
const STATUSES = ["current", "parked"] as const;
const TOLD = 3;

/** The columns to read for it, each once. */
export function columnsOf(models: readonly Model[]): string[] {
  const told: (keyof Columns)[] = ["score", "grade", "trend", "reasons", "status", "scored_on"];
  const names = models.flatMap(({ columns }) => told.map((role) => columns[role]));
  return [...new Set(names.filter((name): name is string => Boolean(name)))];
}

/** These columns of a record. */
export async function readVerdictRow(table: string, id: string, models: readonly Model[]): Promise<Row> {
  const query = `?$select=${columnsOf(models).join(",")}`;
  return (await Xrm.WebApi.retrieveRecord(table, id, query)) as Row;
}

/** Grade and score alone, as after a press. */
export function brief(model: Model, row: Row): string {
  const grade = gradeOf(model, row);
  const points = value(row, model.columns.score);
  const parts = [
    grade === null ? null : say("grade", { grade }),
    points === null ? null : say("score", { score: score(Number(points)) }),
  ].filter((part): part is string => part !== null);
  return parts.length ? parts.join(say("comma")) : say("unscored");
}

/** Everything worth a line above the form. */
export function verdict(model: Model, row: Row): string {
  const scored = value(row, model.columns.scored_on);
  const parts = [
    brief(model, row),
    trend(model, row),
    reasons(model, row),
    scored === null ? null : say("asOf", { moment: moment(String(scored)) }),
    isParked(model, row) ? say("parked") : null,
  ].filter((part): part is string => part !== null);
  return `${titled(model.title, model.id)}: ${parts.join(" · ")}`;
}

/** Whether the service has given this record up for now. */
export function isParked(model: Model, row: Row): boolean {
  return meaning(row, model.columns.status, STATUSES) === "parked";
}

/** The grade by the model's name for it; by the organisation's label where it has none. */
function gradeOf(model: Model, row: Row): string | null {
  const stored = value(row, model.columns.grade);
  if (stored === null) return null;
  const band = model.bands?.find((each) => each.value === stored || each.grade === String(stored));
  return band ? titled(band.title, band.grade) : label(row, model.columns.grade, stored);
}

function trend(model: Model, row: Row): string | null {
  const stored = value(row, model.columns.trend);
  if (stored === null) return null;
  const word: Word | null = meaning(row, model.columns.trend, TRENDS);
  return word ? say(word) : label(row, model.columns.trend, stored);
}

function reasons(model: Model, row: Row): string | null {
  const codes = String(value(row, model.columns.reasons) ?? "").split(",").filter(Boolean);
  const words = codes.slice(0, TOLD).map((code) => titled(model.reasons?.[code], code.replaceAll("_", " ")));
  return words.length ? say("reasons", { reasons: words.join(say("comma")) }) : null;
}

/** Which of these words a column holds: as text, or as the option that deploy made for it. A
 * customer's own option is none of them; its label is shown instead. */
function meaning<W extends string>(row: Row, column: string | undefined, words: readonly W[]): W | null {
  const stored = value(row, column);
  if (typeof stored === "number") return words[stored - FIRST_OPTION] ?? null;
  return words.find((word) => word === stored) ?? null;
}

function label(row: Row, column: string | undefined, stored: unknown): string {
  return String(row[`${column}${LABEL}`] ?? stored);
}

function value(row: Row, column: string | undefined): unknown {
  return (column && row[column]) ?? null;
}
