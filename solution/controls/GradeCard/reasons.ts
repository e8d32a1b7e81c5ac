// What lifts a score and what holds it back, strongest first.

import { compare, magnitude, sign } from "./decimal";
import { Part } from "./explanation";

const SHOWN = 3;

/** The parts that brought most: `direction` 1 for the gains, -1 for the losses. */
export function strongest(parts: readonly Part[], direction: 1 | -1): readonly Part[] {
  const found = parts.filter((part) => sign(part.contribution) === direction);
  const size = (part: Part) => magnitude(part.contribution);
  return found.sort((a, b) => compare(size(b), size(a))).slice(0, SHOWN);
}

/** The codes of the reasons column, what costs most first, as words. */
export function codes(column: string): readonly string[] {
  const found = column.split(",").map((code) => code.replace(/_/g, " ").trim());
  return found.filter((code) => code !== "");
}
