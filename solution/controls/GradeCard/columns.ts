// The bound columns as frozen data. A column may be empty, not bound at all, or hidden from this
// user by column security; what is hidden is never taken from elsewhere.

import { IInputs } from "./generated/ManifestTypes";
import { Told } from "./words";

export type Column<T> = { readonly is: "hidden" } | { readonly is: "empty" } | { readonly is: "told"; readonly value: T };

export interface Option {
  readonly Value: number;
  readonly Label: string;
  readonly Color?: string;
}

export interface Grade {
  readonly label: string;
  readonly colour: string | null;
}

export interface Columns {
  readonly score: Column<number>;
  readonly grade: Column<Grade>;
  readonly gradeOptions: readonly Option[];
  readonly reasons: Column<string>;
  readonly explanation: Column<string>;
  readonly trend: Column<Told>;
  readonly status: Column<Told>;
  readonly scoredOn: Column<Date>;
}

type Property = ComponentFramework.PropertyTypes.Property | undefined;

export function readColumns(parameters: IInputs): Columns {
  return {
    score: read(parameters.score, Number),
    grade: read(parameters.grade, (raw) => grade(parameters.grade, raw)),
    gradeOptions: options(parameters.grade),
    reasons: read(parameters.reasons, String),
    explanation: read(parameters.explanation, String),
    trend: read(parameters.trend, (raw) => told(parameters.trend, raw)),
    status: read(parameters.status, (raw) => told(parameters.status, raw)),
    scoredOn: read(parameters.scoredOn, (raw) => (raw instanceof Date ? raw : new Date(String(raw)))),
  };
}

/** What a column tells, or null. */
export function valueOf<T>(column: Column<T>): T | null {
  return column.is === "told" ? column.value : null;
}

function read<T>(property: Property, take: (raw: unknown) => T): Column<T> {
  if (property?.security?.readable === false) return { is: "hidden" };
  const raw: unknown = property?.raw;
  return raw === null || raw === undefined || raw === "" ? { is: "empty" } : { is: "told", value: take(raw) };
}

function grade(property: Property, raw: unknown): Grade {
  const { label } = told(property, raw);
  return { label, colour: options(property).find((each) => each.Value === raw)?.Color || null };
}

function told(property: Property, raw: unknown): Told {
  const option = options(property).find((each) => each.Value === raw);
  const label = option?.Label ?? property?.formatted ?? String(raw);
  return { value: typeof raw === "number" ? raw : null, label };
}

/** The options of a choice; other columns have none. */
function options(property: Property): readonly Option[] {
  const attributes = property?.attributes as { readonly Options?: readonly Option[] } | undefined;
  return attributes?.Options ?? [];
}
