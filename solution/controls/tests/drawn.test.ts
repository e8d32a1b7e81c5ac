// Explanations of random models: GRADESYS_DRAWN names a file of them, which pytest draws anew from
// the rules; alone, these tests read the committed ones.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { addsUp } from "../GradeCard/account";
import { readExplanation } from "../GradeCard/explanation";
import { GradeCard } from "../GradeCard/index";
import { contextOf, PERSIAN, shown, textIn, WRITTEN } from "./hosting";

interface Drawn {
  readonly seed: number;
  readonly text: string;
  readonly score: string | null;
  readonly addsUp: boolean;
}

const FILE = process.env.GRADESYS_DRAWN;
const ALONE = [{ seed: 0, text: WRITTEN.sum, score: "61.65", addsUp: true }];
const DRAWN: readonly Drawn[] = FILE ? JSON.parse(readFileSync(FILE, "utf-8")) : ALONE;

function seeds(bad: (each: Drawn) => boolean): readonly number[] {
  return DRAWN.filter(bad).map((each) => each.seed);
}

test("every explanation is read, its score with every digit", () => {
  expect(DRAWN.length).toBeGreaterThan(0);
  expect(seeds(({ text, score }) => readExplanation(text)?.score !== score)).toEqual([]);
});

test("every sum and average adds up to the last digit", () => {
  const due = DRAWN.filter((each) => each.addsUp);

  expect(due.length).toBeGreaterThan(0);
  expect(due.filter(({ text }) => !addsUp(readExplanation(text)!)).map((each) => each.seed)).toEqual([]);
});

test("every card shows its score in Persian digits", () => {
  const bad = seeds(({ text, score }) => {
    const bound = { score: { raw: score === null ? null : Number(score) }, explanation: { raw: text } };
    const markup = shown(GradeCard, contextOf(bound, PERSIAN));
    return score === null ? !markup.includes("gs-no-score") : !/^\u2212?[۰-۹٬]+(٫[۰-۹]+)?$/.test(textIn(markup, "gs-score"));
  });

  expect(bad).toEqual([]);
});
