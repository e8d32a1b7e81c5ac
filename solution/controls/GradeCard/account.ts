// From the parts to the score, line by line, as somebody would add it up on paper.

import { compare, Decimal, sign, sum } from "./decimal";
import { Explanation } from "./explanation";

/** Decimal places that a column can hold. */
const MOST_PLACES = 10;

/** A step after the parts. `words` is the key of its text, `told` what the text is told. */
export interface Step {
  readonly words: string;
  readonly told: string;
  readonly amount: Decimal;
}

/** The steps that change something; a group's or a model's own steps often do not. */
export function steps(explanation: Explanation): readonly Step[] {
  const { groups, base, scale, rounding, others } = explanation;
  const folded = others === null ? [] : [{ words: "others", told: others.parts, amount: others.contribution }];
  const limits = Object.entries(groups).map(([told, amount]) => ({ words: "group", told, amount }));
  const plain = Object.entries({ base, scale, rounding }).map(([words, amount]) => ({ words, told: "", amount }));
  return [...folded, ...[...limits, ...plain].filter((step) => sign(step.amount) !== 0)];
}

/** Whether parts and steps give the score to the last digit; a maximum or a formula need not. */
export function addsUp(explanation: Explanation): boolean {
  const amounts = explanation.parts.map((part) => part.contribution);
  const total = sum([...amounts, ...steps(explanation).map((step) => step.amount)]);
  return explanation.score !== null && compare(total, explanation.score) === 0;
}

/** The score with all its digits: the column's own number came through a float. */
export function exactScore(stored: number | null, explanation: Explanation | null): Decimal | null {
  if (stored === null) return null;
  const told = explanation?.score ?? null;
  if (told !== null && Number(told) === stored) return told;
  const text = String(stored);
  return text.includes("e") ? stored.toFixed(MOST_PLACES).replace(/\.?0+$/, "") : text;
}
