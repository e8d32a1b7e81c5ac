// The explanation column as data. It holds what gradesys/rules/explanation.py writes; whatever else
// stands there (a text that was cut, a note that somebody typed) is unreadable, never half believed.
// Records keep what earlier versions wrote, so what came later may be missing: see `?? null`.

import { Decimal, isDecimal } from "./decimal";

export interface Title {
  readonly en?: string;
  readonly fa?: string;
}

export type Value = string | boolean | null;

export interface Part {
  readonly indicator: string;
  readonly title: Title | null;
  readonly reason: string | null;
  readonly value: Value;
  readonly window: readonly (string | null)[] | null;
  readonly points: Decimal;
  readonly weight: Decimal;
  readonly contribution: Decimal;
  readonly lostToCap: Decimal;
}

export interface NextGrade {
  readonly grade: string;
  readonly title: Title | null;
  readonly missing: Decimal;
}

export interface Explanation {
  readonly version: string;
  readonly asOf: string;
  readonly score: Decimal | null;
  readonly grade: string | null;
  readonly parts: readonly Part[];
  readonly others: { readonly parts: Decimal; readonly contribution: Decimal } | null;
  readonly groups: Readonly<Record<string, Decimal>>;
  readonly base: Decimal;
  readonly scale: Decimal;
  readonly rounding: Decimal;
  readonly notes: readonly string[];
  readonly nextGrade: NextGrade | null;
}

type Fields = Readonly<Record<string, unknown>>;
type Reader<T> = (found: unknown) => T;

/** What the column says; null where it cannot be read. */
export function readExplanation(column: string): Explanation | null {
  try {
    return explanation(JSON.parse(column));
  } catch {
    return null;
  }
}

function explanation(found: unknown): Explanation {
  const told = fields(found);
  return {
    version: text(told.version),
    asOf: text(told.as_of),
    score: optional(decimal)(told.score),
    grade: optional(text)(told.grade),
    parts: list(part)(told.parts),
    others: optional(others)(told.others ?? null),
    groups: amounts(told.groups),
    base: decimal(told.base),
    scale: decimal(told.scale),
    rounding: decimal(told.rounding),
    notes: list(text)(told.notes),
    nextGrade: optional(nextGrade)(told.next_grade),
  };
}

function part(found: unknown): Part {
  const told = fields(found);
  return {
    indicator: text(told.indicator),
    title: optional(title)(told.title),
    reason: optional(text)(told.reason ?? null),
    value: optional(value)(told.value),
    window: optional(list(optional(text)))(told.window),
    points: decimal(told.points),
    weight: decimal(told.weight),
    contribution: decimal(told.contribution),
    lostToCap: decimal(told.lost_to_cap),
  };
}

function others(found: unknown): Explanation["others"] {
  const told = fields(found);
  return { parts: decimal(told.parts), contribution: decimal(told.contribution) };
}

function nextGrade(found: unknown): NextGrade {
  const told = fields(found);
  return { grade: text(told.grade), title: optional(title)(told.title ?? null), missing: decimal(told.missing) };
}

function title(found: unknown): Title {
  const { en, fa } = fields(found);
  return { ...(en === undefined ? {} : { en: text(en) }), ...(fa === undefined ? {} : { fa: text(fa) }) };
}

function value(found: unknown): string | boolean {
  return typeof found === "boolean" ? found : text(found);
}

function amounts(found: unknown): Readonly<Record<string, Decimal>> {
  const entries = Object.entries(fields(found));
  return Object.fromEntries(entries.map(([name, amount]) => [name, decimal(amount)]));
}

function fields(found: unknown): Fields {
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw unfit("fields");
  return found as Fields;
}

function text(found: unknown): string {
  if (typeof found !== "string") throw unfit("text");
  return found;
}

function decimal(found: unknown): Decimal {
  const told = text(found);
  if (!isDecimal(told)) throw unfit("a decimal number");
  return told;
}

function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (found) => {
    if (!Array.isArray(found)) throw unfit("a list");
    return found.map(read);
  };
}

function optional<T>(read: Reader<T>): Reader<T | null> {
  return (found) => (found === null ? null : read(found));
}

function unfit(wanted: string): TypeError {
  return new TypeError(`${wanted} wanted`);
}
