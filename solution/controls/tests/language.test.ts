// Numbers, days and instants as the two kinds of users read them.

import { expect, test } from "vitest";
import { instantText, Language, numberText, titleOf, valueText, windowText } from "../GradeCard/language";
import { ENGLISH, PERSIAN, texts } from "./hosting";

const TEHRAN = 210;

function languageOf(code: number): Language {
  const [isPersian, known] = [code === PERSIAN, texts(code)];
  return { isPersian, isRightToLeft: isPersian, offsetAt: () => TEHRAN, resource: (key) => known.get(key)! };
}

const EN = languageOf(ENGLISH);
const FA = languageOf(PERSIAN);

test.each([
  ["1234567.890", "1,234,567.890", "۱٬۲۳۴٬۵۶۷٫۸۹۰"],
  ["-12.5", "\u221212.5", "\u2066\u2212۱۲٫۵\u2069"],
  ["0", "0", "۰"],
  ["100000000000.1234567890", "100,000,000,000.1234567890", "۱۰۰٬۰۰۰٬۰۰۰٬۰۰۰٫۱۲۳۴۵۶۷۸۹۰"],
])("%s reads %s and %s", (amount, english, persian) => {
  expect([numberText(EN, amount), numberText(FA, amount)]).toEqual([english, persian]);
});

test("what adds has a plus where it is asked for, zero has none", () => {
  expect([numberText(EN, "5", true), numberText(EN, "-5", true), numberText(EN, "0.00", true)]).toEqual(["+5", "\u22125", "0.00"]);
});

test.each([
  ["2026-06-15T08:30:00Z", "15 Jun 2026, 12:00", "۲۵ خرداد ۱۴۰۵، ۱۲:۰۰"],
  ["2026-03-20T20:29:00Z", "20 Mar 2026, 23:59", "۲۹ اسفند ۱۴۰۴، ۲۳:۵۹"],
  ["2026-03-20T20:30:00Z", "21 Mar 2026, 00:00", "۱ فروردین ۱۴۰۵، ۰:۰۰"],
  ["2025-03-20T08:30:00Z", "20 Mar 2025, 12:00", "۳۰ اسفند ۱۴۰۳، ۱۲:۰۰"],
])("%s is %s and %s on the user's clock", (instant, english, persian) => {
  const at = new Date(instant);

  expect([instantText(EN, at), instantText(FA, at)]).toEqual([english, persian]);
});

test("no instant is no text", () => {
  expect(instantText(EN, new Date("yesterday"))).toBe("");
});

test.each([
  [null, "–", "–"],
  [true, "Yes", "بله"],
  [false, "No", "خیر"],
  ["33.5", "33.5", "۳۳٫۵"],
  ["007", "007", "007"],
  ["چای", "چای", "چای"],
  ["2026-06-15", "15 Jun 2026", "۲۵ خرداد ۱۴۰۵"],
  ["2026-06-15T08:30:00Z", "15 Jun 2026, 12:00", "۲۵ خرداد ۱۴۰۵، ۱۲:۰۰"],
  ["2026-06-15T08:30:00", "15 Jun 2026, 08:30", "۲۵ خرداد ۱۴۰۵، ۸:۳۰"],
])("the value %s reads %s and %s", (value, english, persian) => {
  expect([valueText(EN, value), valueText(FA, value)]).toEqual([english, persian]);
});

test.each([
  [["2026-05-22", "2026-06-22"], "22 May 2026 to 21 Jun 2026", "از ۱ خرداد ۱۴۰۵ تا ۳۱ خرداد ۱۴۰۵"],
  [["2026-05-22", null], "Since 22 May 2026", "از ۱ خرداد ۱۴۰۵"],
  [[null, "2026-06-22"], "Until 21 Jun 2026", "تا ۳۱ خرداد ۱۴۰۵"],
  [[null, null], "", ""],
])("the window %j reads '%s' and '%s'", (window, english, persian) => {
  expect([windowText(EN, window), windowText(FA, window)]).toEqual([english, persian]);
});

test("a title of the other language is better than a name", () => {
  expect([titleOf(EN, { fa: "پرداخت" }, "paid"), titleOf(FA, { en: "Paid" }, "paid"), titleOf(FA, {}, "paid")]).toEqual([
    "پرداخت",
    "Paid",
    "paid",
  ]);
});
