// Columns as they come: with options of ours or a customer's, as text, empty, or hidden.

import { expect, test } from "vitest";
import { readColumns } from "../GradeCard/columns";
import { badgeStyle, themeOf } from "../GradeCard/theme";
import { statusOf, trendOf } from "../GradeCard/words";
import { Bound, contextOf } from "./hosting";

const OPTIONS = [
  { Value: 7, Label: "Good", Color: "#107C10" },
  { Value: 8, Label: "Poor", Color: "" },
];
const THEME = themeOf(undefined);

function columns(bound: Bound) {
  return readColumns(contextOf(bound).parameters);
}

test.each([
  ["a choice", { raw: 7, attributes: { Options: OPTIONS } }, { label: "Good", colour: "#107C10" }],
  ["a choice without colour", { raw: 8, attributes: { Options: OPTIONS } }, { label: "Poor", colour: null }],
  ["an option that is gone", { raw: 9, attributes: { Options: OPTIONS }, formatted: "Old" }, { label: "Old", colour: null }],
  ["text", { raw: "A" }, { label: "A", colour: null }],
  ["a whole number", { raw: 3 }, { label: "3", colour: null }],
])("a grade that is %s", (_, grade, value) => {
  expect(columns({ grade }).grade).toEqual({ is: "told", value });
});

test.each([
  ["not bound", {}],
  ["null", { score: { raw: null } }],
  ["undefined", { score: {} }],
])("a column that is %s is empty", (_, bound) => {
  expect(columns(bound).score).toEqual({ is: "empty" });
});

test("zero is a score", () => {
  expect(columns({ score: { raw: 0 } }).score).toEqual({ is: "told", value: 0 });
});

test("what column security hides is hidden, whatever else is there", () => {
  const security = { readable: false, editable: false, secured: true };

  expect(columns({ score: { raw: 5, security } }).score).toEqual({ is: "hidden" });
});

test.each([
  [{ value: 921500000, label: "Steigend" }, "up"],
  [{ value: 921500001, label: "ثابت" }, "steady"],
  [{ value: 5, label: "Down" }, "down"],
  [{ value: 921500000, label: "Down" }, "down"],
  [{ value: null, label: "up" }, "up"],
  [{ value: 5, label: "Sideways" }, null],
])("%j is the trend %s", (told, trend) => {
  expect(trendOf(told)).toBe(trend);
});

test.each([
  [{ value: 921500001, label: "?" }, "parked"],
  [{ value: 1, label: "کنار گذاشته" }, "parked"],
  [{ value: 921500000, label: "Current" }, "current"],
])("%j is the status %s", (told, status) => {
  expect(statusOf(told)).toBe(status);
});

test.each([
  ["#107C10", "#ffffff"],
  ["#FFD335", "#000000"],
  ["#000000", "#ffffff"],
  ["#ffffff", "#000000"],
  ["red", THEME.colorNeutralForeground1],
  [null, THEME.colorNeutralForeground1],
])("on the colour %s letters are %s", (colour, letters) => {
  expect(badgeStyle(THEME, colour).color).toBe(letters);
});

test("the platform's theme wins, its other tokens stay outside", () => {
  const given = { colorNeutralForeground1: "#fff", colorBrandBackground: "#00f" };

  expect(themeOf(given)).toEqual({ ...THEME, colorNeutralForeground1: "#fff" });
});
