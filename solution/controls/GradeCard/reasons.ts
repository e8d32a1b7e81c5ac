// What lifts a score and what holds it back, strongest first.

import { compare, magnitude, sign } from "./decimal";
import { Part } from "./explanation";

export interface Reason {
  readonly code: string;
  readonly part: Part | null;
}

const SHOWN = 3;

/** The parts that brought most: `direction` 1 for the gains, -1 for the losses. */
export function strongest(parts: readonly Part[], direction: 1 | -1): readonly Part[] {
  const found = parts.filter((part) => sign(part.contribution) === direction);
  const size = (part: Part) => magnitude(part.contribution);
  return found.sort((a, b) => compare(size(b), size(a))).slice(0, SHOWN);
}

/** The codes of the reasons column, what costs most first. */
export function codes(column: string): readonly string[] {
  const found = column.split(",").map((code) => code.trim());
  return found.filter((code) => code !== "");
}

/** The codes that `shown` parts do not tell already, each with the part that it is about. */
export function unsaid(all: readonly string[], parts: readonly Part[], shown: readonly Part[]): readonly Reason[] {
  const said = new Set(shown.map((part) => part.reason));
  const left = all.filter((code) => !said.has(code));
  return left.map((code) => ({ code, part: parts.find((part) => part.reason === code) ?? null }));
}
