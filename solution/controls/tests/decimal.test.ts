// Sums to the last digit, where floats would be off.

import { expect, test } from "vitest";
import { compare, isDecimal, magnitude, sign, sum } from "../GradeCard/decimal";

test.each([
  { amounts: [], total: "0" },
  { amounts: ["0.1", "0.2"], total: "0.3" },
  { amounts: ["-0.5", "0.25"], total: "-0.25" },
  { amounts: ["-0.05", "0"], total: "-0.05" },
  { amounts: ["99999999999999999999.999999999999", "0.000000000001"], total: "100000000000000000000.000000000000" },
  { amounts: ["12", "-12.00"], total: "0.00" },
])("$amounts add up to $total", ({ amounts, total }) => {
  expect(sum(amounts)).toBe(total);
});

test.each([
  ["1.10", "1.1", 0],
  ["-2", "1", -1],
  ["0.10", "0.09999999999999999999", 1],
  ["-0.00", "0", 0],
])("%s compared with %s is %i", (a, b, expected) => {
  expect(compare(a, b)).toBe(expected);
});

test("sign and magnitude part a number in two", () => {
  expect([sign("-7.5"), sign("0.0"), sign("7.5")]).toEqual([-1, 0, 1]);
  expect(magnitude("-7.5")).toBe("7.5");
});

test.each(["", "1e3", "1,000", ".5", "5.", "+1", "NaN", "۱۲", "--1", " 1"])("'%s' is no decimal number", (text) => {
  expect(isDecimal(text)).toBe(false);
});
