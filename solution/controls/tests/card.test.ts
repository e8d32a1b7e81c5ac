// The card as users see it, for every state that its columns can be in.

import { expect, test } from "vitest";
import { GradeCard } from "../GradeCard/index";
import { Bound, Control, contextOf, ENGLISH, PERSIAN, shown, textIn, textOf, WRITTEN } from "./hosting";

const CONTROL: Control = GradeCard;
const HIDDEN = { raw: null, security: { readable: false } };
const SUM: Bound = { score: { raw: 61.65 }, explanation: { raw: WRITTEN.sum } };
const WHOLE: Bound = {
  ...SUM,
  grade: { raw: 1, attributes: { Options: [{ Value: 1, Label: "Good", Color: "#107C10" }] } },
  reasons: { raw: "pays_late,no_visits,few_sales" },
  trend: { raw: 921500000 },
  status: { raw: 921500000 },
  scoredOn: { raw: new Date("2026-06-15T08:30:00Z") },
};

function see(bound: Bound, language = ENGLISH, more: object = {}): string {
  return shown(CONTROL, contextOf(bound, language, more));
}

test.each([
  ["gs-grade", "Good", "Good"],
  ["gs-score", "61.65", "۶۱٫۶۵"],
  ["gs-trend", "▲ Rising", "▲ صعودی"],
  ["gs-as-of", "As of 15 Jun 2026, 12:00", "در ۲۵ خرداد ۱۴۰۵، ۱۲:۰۰"],
  ["gs-next", "18.35 missing to Excellent", "۱۸٫۳۵ تا ممتاز مانده است"],
  ["gs-gains", "Lifts the score Paid +56.0 A third +33.5 visits +1", "امتیاز را بالا می‌برد پرداخت +۵۶٫۰ یک سوم +۳۳٫۵ visits +۱"],
  ["gs-losses", "Holds it back Late days −20 no visits A third", "امتیاز را پایین نگه می‌دارد روزهای دیرکرد −۲۰ no visits یک سوم"],
  [
    "gs-part",
    "Paid Value 100.5 80 points × 0.7 20.5 more were lost to the limit 56.0",
    "پرداخت مقدار ۱۰۰٫۵ ۸۰ امتیاز × ۰٫۷ ۲۰٫۵ بیش از سقف به حساب نیامد ۵۶٫۰",
  ],
  ["gs-total", "Score 61.65", "امتیاز نهایی ۶۱٫۶۵"],
])("%s tells '%s' and '%s'", (name, english, persian) => {
  expect(textIn(see(WHOLE), name)).toBe(english);
  expect(textIn(see(WHOLE, PERSIAN), name)).toBe(persian);
});

test.each([
  [ENGLISH, "ltr"],
  [PERSIAN, "rtl"],
])("in language %i the card runs %s, and no text is missing", (language, direction) => {
  const markup = see({ ...WHOLE, status: { raw: 921500001 } }, language);

  expect(markup).toContain(`dir="${direction}"`);
  expect(textOf(markup)).not.toMatch(/\?\w+\?|\{\d\}/);
});

test("in Persian no figure keeps Latin digits, only the hash of the rules", () => {
  expect(textOf(see(WHOLE, PERSIAN)).replace("d4cf1ac9f1e0", "")).not.toMatch(/[0-9]/);
});

test("the grade has the colour of its option", () => {
  expect(see(WHOLE)).toContain("background:#107C10");
});

test("only the score is needed", () => {
  expect(textOf(see({ score: { raw: 5 } }))).toBe("5");
});

test.each([
  ["an empty record", { score: { raw: null } }, "No score yet"],
  ["a hidden score", { ...SUM, score: HIDDEN }, "You may not see this score"],
])("%s says so and nothing else", (_, bound, said) => {
  expect(textOf(see(bound))).toBe(said);
});

test("a hidden score is not told by the explanation, its sum or its next grade", () => {
  expect(see({ ...WHOLE, score: HIDDEN })).not.toMatch(/61\.65|18\.35|56\.0/);
});

test.each([
  ["hidden", HIDDEN, "You may not see the details"],
  ["cut", { raw: WRITTEN.sum.slice(0, 300) }, "The details cannot be read"],
  ["a note", { raw: "all fine" }, "The details cannot be read"],
  ["empty", { raw: null }, ""],
])("with an explanation that is %s, score and reasons still stand", (_, explanation, remark) => {
  const markup = see({ ...WHOLE, explanation });

  expect(textIn(markup, "gs-score")).toBe("61.65");
  expect(textIn(markup, "gs-losses")).toBe("Holds it back pays late no visits few sales");
  expect(textIn(markup, "gs-remark")).toBe(remark);
  expect(markup).not.toContain("gs-details");
});

test("a parked record warns that its score is from before", () => {
  const markup = see({ ...WHOLE, status: { raw: 921500001 } });

  expect(textIn(markup, "gs-parked")).toContain("cannot be scored now");
  expect(textIn(markup, "gs-status")).toBe("As of 15 Jun 2026, 12:00");
});

test("without a bound time the explanation tells as of when", () => {
  expect(textIn(see(SUM), "gs-as-of")).toBe("As of 15 Jun 2026, 12:00");
  expect(textIn(see({ ...SUM, scoredOn: HIDDEN }), "gs-as-of")).toBe("");
});

test("details of another score say so", () => {
  const warning = "These details belong to another score";

  expect(textOf(see({ ...WHOLE, score: { raw: 12 } }))).toContain(warning);
  expect(textOf(see(WHOLE))).not.toContain(warning);
});

test("folded parts have a line of their own", () => {
  const markup = see({ ...SUM, explanation: { raw: WRITTEN.folded } });

  expect(textIn(markup, "gs-step")).toBe("2 smaller parts −19");
});

test("a maximum is explained, and said not to add up", () => {
  const markup = see({ score: { raw: 91 }, explanation: { raw: WRITTEN.top } });

  expect(textIn(markup, "gs-next")).toBe("The best grade is reached");
  expect(textOf(markup)).toContain("need not add up");
  expect(textOf(see(SUM))).not.toContain("need not add up");
});

test("a record that cannot have a score yet shows its parts and no total", () => {
  const markup = see({ score: { raw: null }, explanation: { raw: WRITTEN.unscored } });

  expect(textIn(markup, "gs-no-score")).toBe("No score yet");
  expect(markup).toContain("gs-part");
  expect(markup).not.toContain("gs-total");
});

test("a trend of a customer's own words is shown as it is", () => {
  const trend = { raw: 5, attributes: { Options: [{ Value: 5, Label: "Sideways" }] } };

  expect(textIn(see({ ...SUM, trend }), "gs-trend")).toBe("Sideways");
});

test("markup in a column is text", () => {
  const hostile = WRITTEN.sum.replace("Late days", "<img src=x onerror=alert(1)>");

  expect(see({ ...SUM, explanation: { raw: hostile } })).not.toContain("<img");
});

test("the theme of the app gives the colours", () => {
  const dark = { fluentDesignLanguage: { tokenTheme: { colorNeutralForeground1: "#fafafa" } } };

  expect(see(SUM, ENGLISH, dark)).toContain("color:#fafafa");
});

test("the control gives nothing back", () => {
  const card = new GradeCard();
  card.init();

  expect(card.getOutputs()).toEqual({});
  card.destroy();
});
