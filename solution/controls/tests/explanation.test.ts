// What the rules wrote is read whole; anything else is not read at all.

import { expect, test } from "vitest";
import { addsUp, exactScore, steps } from "../GradeCard/account";
import { readExplanation } from "../GradeCard/explanation";
import { WRITTEN } from "./hosting";

const SUM = readExplanation(WRITTEN.sum)!;
const FOLDED = readExplanation(WRITTEN.folded)!;

test.each(Object.keys(WRITTEN) as (keyof typeof WRITTEN)[])("the explanation '%s' of the rules is read", (name) => {
  expect(readExplanation(WRITTEN[name])).not.toBeNull();
});

test("figures stay the strings that they are", () => {
  expect(SUM.parts.map((part) => part.contribution)).toEqual(["56.0", "33.5", "-20", "1"]);
  expect(SUM.nextGrade).toEqual({ grade: "A", title: { en: "Excellent", fa: "ممتاز" }, missing: "18.35" });
});

test("cut anywhere, it is not half believed", () => {
  const cuts = Array.from({ length: WRITTEN.sum.length - 1 }, (_, end) => WRITTEN.sum.slice(0, end));

  expect(cuts.filter((text) => readExplanation(text) !== null)).toEqual([]);
});

test.each([
  ["a note", "called him, all fine"],
  ["a list", "[]"],
  ["null", "null"],
  ["another object", '{"score": "5"}'],
  ["a number that is a float", WRITTEN.sum.replace('"61.65"', "61.65")],
  ["an amount that is none", WRITTEN.sum.replace('"-20"', '"much"')],
  ["a part that is none", WRITTEN.sum.replace('"parts":[', '"parts":["x",')],
])("%s is unreadable", (_, text) => {
  expect(readExplanation(text)).toBeNull();
});

test("what an earlier version wrote, without reasons and grade titles, is read", () => {
  const told = JSON.parse(WRITTEN.sum);
  for (const part of told.parts) delete part.reason;
  delete told.next_grade.title;

  const found = readExplanation(JSON.stringify(told))!;

  expect([found.parts[0].reason, found.nextGrade!.title]).toEqual([null, null]);
});

test("what a later version adds is passed over", () => {
  expect(readExplanation(WRITTEN.sum.replace("{", '{"mood":"good",'))).toEqual(SUM);
});

test("parts and steps add up, folded ones too", () => {
  expect(addsUp(SUM)).toBe(true);
  expect(addsUp(FOLDED)).toBe(true);
  expect(steps(FOLDED)[0]).toEqual({ words: "others", told: "2", amount: "-19" });
});

test("steps that add nothing are left out", () => {
  expect(steps(SUM).map(({ words }) => words)).toEqual(["group", "base", "scale"]);
});

test("one digit off, or the largest of the parts, does not add up", () => {
  expect(addsUp({ ...SUM, base: "1.5000000000001" })).toBe(false);
  expect(addsUp(readExplanation(WRITTEN.top)!)).toBe(false);
});

test.each([
  { stored: 61.65, told: "61.65" },
  { stored: 61.650000000000006, told: "61.650000000000006" },
  { stored: 5, told: "5" },
  { stored: 1e-7, told: "0.0000001" },
  { stored: null, told: null },
])("a stored score of $stored is told as $told", ({ stored, told }) => {
  expect(exactScore(stored, SUM)).toBe(told);
});

test("a score that a float cannot hold is told with all its digits", () => {
  const exact = "100000000000.1234567890";

  expect(exactScore(Number(exact), { ...SUM, score: exact })).toBe(exact);
});
