/** The form script: what it shows, how seldom it asks, and that it never takes unsaved work away. */

import { describe, expect, test, vi } from "vitest";
import { XrmMockGenerator } from "xrm-mock";
import { onFormLoad } from "../src";
import { ID, notes, page, PERSIAN, SCORED, world } from "./world";

const SECOND = 1_000;
const TEXT =
  "Best customers: grade A+, score 82.40 · rising · lowered most by: Late payments, FEW CALLS · as of Jun 15, 2026, 12:00 PM";

async function open(): Promise<void> {
  await onFormLoad(XrmMockGenerator.getEventContext());
  await wait(0);
}

function wait(seconds: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(seconds * SECOND);
}

function field(name: string, value: unknown): { attribute: Xrm.Attributes.Attribute; type(text: string): void } {
  const attribute = XrmMockGenerator.Attribute.createString({ name, value: value as string }, { name });
  const typed = { text: value };
  Object.assign(Xrm.Page.getControl(name) ?? {}, { getValue: () => typed.text });
  return { attribute: attribute as unknown as Xrm.Attributes.Attribute, type: (text) => (typed.text = text) };
}

const plain = (text = "") => text.replace(/[\u202f\u2068\u2069]/g, (mark) => (mark === "\u202f" ? " " : ""));

describe("the note of a form", () => {
  test("shows grade, score, trend, the top reasons in words and the moment in the user's time zone", async () => {
    const org = world();
    await open();
    expect(notes(org).map(({ text, level }) => [plain(text), level])).toEqual([[TEXT, "INFO"]]);
  });

  test("asks for the few columns that it shows and nothing else", async () => {
    const org = world();
    await open();
    const columns = "gs_score,gs_grade,gs_trend,gs_reasons,gs_status,gs_scoredon";
    expect(org.retrieve.mock.calls).toEqual([["account", ID, `?$select=${columns}`]]);
  });

  test("warns of a record whose scoring is stopped", async () => {
    const org = world();
    org.record = { ...SCORED, gs_status: 921500001 };
    await open();
    expect(notes(org)[0]).toMatchObject({ level: "WARNING", text: expect.stringContaining("is stopped") });
  });

  test("a record without a score says so", async () => {
    const org = world();
    org.record = {};
    await open();
    expect(notes(org)[0]?.text).toMatch(/^Best customers: not scored/);
  });

  test("a customer's own trend option is shown by its label", async () => {
    const org = world();
    org.record = { ...SCORED, gs_trend: 7, "gs_trend@OData.Community.Display.V1.FormattedValue": "Soaring" };
    await open();
    expect(notes(org)[0]?.text).toContain("Soaring");
  });

  test("speaks Persian: digits, calendar and the rules' own words", async () => {
    const org = world(PERSIAN);
    await open();
    expect(plain(notes(org)[0]?.text)).toBe(
      "مشتریان برتر: درجهٔ الف، امتیاز ۸۲٫۴۰ · رو به بالا · بیشترین امتیاز از دست رفته: پرداخت‌های دیرهنگام، FEW CALLS · در ۲۵ خرداد ۱۴۰۵، ۱۲:۰۰",
    );
  });

  test("a form of a table without models is left alone", async () => {
    const org = world();
    globalThis.GradeSysModels = {};
    await open();
    await wait(60);
    expect([org.retrieve.mock.calls, notes(org)]).toEqual([[], []]);
  });
});

describe("a score that changes on the server", () => {
  test("changes the note, and the fields that show it", async () => {
    const org = world();
    field("gs_grade", "A");
    await open();
    org.record = { ...SCORED, gs_grade: 921500001, gs_score: 61 };
    await wait(2);
    expect(plain(notes(org)[0]?.text)).toContain("grade B, score 61 ·");
    expect(org.refresh.mock.calls).toEqual([[false]]);
    await wait(30);
    expect(org.refresh).toHaveBeenCalledOnce();
  });

  test("leaves a form without such fields as it is", async () => {
    const org = world();
    await open();
    org.record = { ...SCORED, gs_score: 61 };
    await wait(2);
    expect(notes(org)[0]?.text).toContain("score 61");
    expect(org.refresh).not.toHaveBeenCalled();
  });

  test("waits for the save of unsaved edits before it renews the fields", async () => {
    const org = world();
    field("gs_score", "82.4");
    const { attribute } = field("name", "old");
    await open();
    attribute.setValue("edited");
    org.record = { ...SCORED, gs_score: 61 };
    await wait(20);
    expect(org.refresh).not.toHaveBeenCalled();
    expect(notes(org)[0]?.text).toContain("score 61");
    expect(notes(org)[0]?.text).toContain("after saving");
    Object.assign(attribute, { isDirty: false });
    await wait(20);
    expect(org.refresh).toHaveBeenCalledOnce();
    expect(notes(org)[0]?.text).not.toContain("after saving");
  });

  test("does not take away what is being typed, which the form does not call dirty yet", async () => {
    const org = world();
    field("gs_score", "82.4");
    const { attribute, type } = field("name", "old");
    await open();
    type("half a wo");
    org.record = { ...SCORED, gs_score: 61 };
    await wait(20);
    expect([attribute.getIsDirty(), org.refresh.mock.calls]).toEqual([false, []]);
    type("old");
    await wait(20);
    expect(org.refresh).toHaveBeenCalledOnce();
  });

  test("is still found after an answer that failed", async () => {
    const org = world();
    await open();
    org.retrieve.mockRejectedValueOnce({ message: "Service Unavailable", status: 503 });
    org.record = { ...SCORED, gs_score: 61 };
    await wait(4);
    expect(notes(org)[0]?.text).toContain("score 61");
  });
});

describe("looking again", () => {
  test("is frequent for half a minute, then seldom, then rare", async () => {
    const org = world();
    await open();
    const counts: number[] = [];
    for (const seconds of [30, 9.5 * 60, 10 * 60]) {
      org.retrieve.mockClear();
      await wait(seconds);
      counts.push(org.retrieve.mock.calls.length);
    }
    expect(counts).toEqual([15, 38, 10]);
  });

  test("is frequent again after a save", async () => {
    const org = world();
    await open();
    await wait(300);
    org.retrieve.mockClear();
    org.form.data.entity.save();
    await wait(10);
    expect(org.retrieve).toHaveBeenCalledTimes(5);
  });

  test("stops while the page is hidden and looks at once when it is seen again", async () => {
    const org = world();
    await open();
    page.hidden = true;
    page.dispatchEvent(new Event("visibilitychange"));
    org.retrieve.mockClear();
    await wait(3600);
    expect(org.retrieve).not.toHaveBeenCalled();
    page.hidden = false;
    page.dispatchEvent(new Event("visibilitychange"));
    await wait(0);
    expect(org.retrieve).toHaveBeenCalledOnce();
  });

  test("begins when a page that was opened hidden is seen", async () => {
    const org = world();
    page.hidden = true;
    await open();
    expect(org.retrieve).not.toHaveBeenCalled();
    page.hidden = false;
    page.dispatchEvent(new Event("visibilitychange"));
    await wait(0);
    expect(notes(org)).toHaveLength(1);
  });

  test("asks once at a time, however often the page is seen while an answer is awaited", async () => {
    const org = world();
    org.retrieve.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve(SCORED), SECOND)));
    await open();
    page.dispatchEvent(new Event("visibilitychange"));
    page.dispatchEvent(new Event("visibilitychange"));
    await wait(0.5);
    expect(org.retrieve).toHaveBeenCalledOnce();
  });

  test("ends when the form goes on to another record", async () => {
    const org = world();
    await open();
    Object.assign(org.form.data.entity, { id: "{ac000000-0000-4000-8000-000000000002}" });
    await wait(2);
    org.retrieve.mockClear();
    await wait(3600);
    expect(org.retrieve).not.toHaveBeenCalled();
  });

  test("goes on for the five forms that were opened last", async () => {
    for (const last of [1, 2, 3, 4, 5, 6]) {
      Object.assign(world().form.data.entity, { id: `{ac000000-0000-4000-8000-00000000010${last}}` });
      await open();
    }
    const org = world();
    await wait(2);
    const asked = org.retrieve.mock.calls.map(([, id]) => String(id).at(-1));
    expect(asked).toEqual(["2", "3", "4", "5", "6"]);
  });

  test("a form that is opened again is watched once", async () => {
    const org = world();
    await open();
    await open();
    org.retrieve.mockClear();
    await wait(10);
    expect(org.retrieve).toHaveBeenCalledTimes(5);
  });

  test("begins when a new record gets its id by its first save", async () => {
    const org = world();
    Object.assign(org.form.data.entity, { id: "" });
    await open();
    expect(org.retrieve).not.toHaveBeenCalled();
    Object.assign(org.form.data.entity, { id: `{${ID}}` });
    org.form.data.entity.save();
    await wait(2);
    expect(notes(org)[0]?.text).toContain("grade A+");
  });
});
