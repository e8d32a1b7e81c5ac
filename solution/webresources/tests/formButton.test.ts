/** A press on a form: what is asked, when it is polled, what the user is told. */

import { XrmMockGenerator } from "xrm-mock";
import { describe, expect, test, vi } from "vitest";
import { recomputeForm } from "../src";
import { bars, errors, FAILED, ID, MODEL, notes, PERSIAN, run, RUNNING, through, world } from "./world";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a press on a form", () => {
  test("asks for this record under a run id of its own and shows the new grade", async () => {
    const org = world();
    await through(recomputeForm(org.form));
    await through(recomputeForm(org.form));
    const [first, second] = org.presses;
    expect(first).toMatchObject({ Table: "account", Ids: JSON.stringify([ID]) });
    expect(first?.RunId).toMatch(GUID);
    expect(second?.RunId).not.toBe(first?.RunId);
    expect(notes(org)).toEqual([{ text: "Recomputed: grade A+, score 82.40", level: "INFO" }]);
    expect(org.refresh).toHaveBeenCalledWith(false);
    expect(errors(org)).toEqual([]);
  });

  test("calls the Custom API as an unbound action with typed parameters", async () => {
    const org = world();
    await through(recomputeForm(org.form));
    const request = org.execute.mock.calls[0]?.[0] as { getMetadata(): unknown };
    expect(request.getMetadata()).toEqual({
      boundParameter: null,
      operationType: 0,
      operationName: "gs_Recompute",
      parameterTypes: {
        Table: { typeName: "Edm.String", structuralProperty: 1 },
        Ids: { typeName: "Edm.String", structuralProperty: 1 },
        RunId: { typeName: "Edm.Guid", structuralProperty: 1 },
      },
    });
  });

  test("saves a dirty form before it asks, and a clean one not at all", async () => {
    const org = world();
    await through(recomputeForm(org.form));
    expect(org.save).not.toHaveBeenCalled();
    XrmMockGenerator.Attribute.createString({ name: "name", value: "new", isDirty: true });
    org.save.mockImplementationOnce(async () => {
      expect(org.presses).toHaveLength(1);
      Object.assign(org.form.getAttribute("name"), { isDirty: false });
    });
    await through(recomputeForm(org.form));
    expect(org.save).toHaveBeenCalledOnce();
    expect(org.presses).toHaveLength(2);
  });

  test("asks nothing when the form cannot be saved", async () => {
    const org = world();
    XrmMockGenerator.Attribute.createString({ name: "name", value: null, isDirty: true });
    org.save.mockRejectedValue({ errorCode: 1, message: "a required column is empty" });
    await through(recomputeForm(org.form));
    expect(org.presses).toEqual([]);
    expect(notes(org)[0]).toMatchObject({ level: "WARNING", text: expect.stringContaining("was not saved") });
  });

  test("asks nothing when a handler of the form kept it from being saved", async () => {
    const org = world();
    XrmMockGenerator.Attribute.createString({ name: "name", value: "new", isDirty: true });
    org.save.mockResolvedValue(undefined);
    await through(recomputeForm(org.form));
    expect(org.presses).toEqual([]);
    expect(notes(org)[0]?.level).toBe("WARNING");
  });

  test("leaves the fields alone when something was entered meanwhile, and still tells the grade", async () => {
    const org = world();
    org.execute.mockImplementationOnce(async () => {
      XrmMockGenerator.Attribute.createString({ name: "name", value: "new", isDirty: true });
      return new Response(null, { status: 204 });
    });
    await through(recomputeForm(org.form));
    expect(org.refresh).not.toHaveBeenCalled();
    expect(notes(org)[0]?.text).toContain("grade A+");
  });

  test("saves a new record first, since only then it has an id", async () => {
    const org = world();
    Object.assign(org.form.data.entity, { id: "" });
    org.save.mockImplementation(async () => void Object.assign(org.form.data.entity, { id: `{${ID}}` }));
    await through(recomputeForm(org.form));
    expect(org.presses[0]?.Ids).toBe(JSON.stringify([ID]));
  });

  test("polls every 200 ms for three seconds, then every second", async () => {
    const org = world();
    org.polls = [...Array<null>(20).fill(null), run(1)];
    await through(recomputeForm(org.form));
    const gaps = org.polled.slice(1).map((at, before) => at - (org.polled[before] ?? 0));
    expect(gaps).toEqual([...Array<number>(15).fill(200), ...Array<number>(5).fill(1000)]);
  });

  test("shows progress while it waits, and never leaves it behind", async () => {
    const org = world();
    org.polls = [null, run(1)];
    const press = recomputeForm(org.form);
    await vi.advanceTimersByTimeAsync(0);
    expect(org.busy).toBe(true);
    await through(press);
    expect([org.progress, org.busy]).toEqual([["Recomputing…"], false]);
    org.refusals = [null, { errorCode: 1, message: "?" }];
    await through(recomputeForm(org.form));
    expect(org.busy).toBe(false);
  });

  test.each([
    ["goes on in the background", run(0, { gs_state: RUNNING }), "INFO"],
    ["has not begun yet", null, "WARNING"],
  ])("is left to itself after a minute: it %s", async (text, poll, level) => {
    const org = world();
    org.polls = [poll];
    await through(recomputeForm(org.form));
    expect(notes(org)).toEqual([{ text: expect.stringContaining(text), level }]);
    expect((org.polled.at(-1) ?? 0) - (org.polled[0] ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect([org.refresh.mock.calls.length, errors(org), bars(org)]).toEqual([0, [], []]);
  });

  test("outlives polls that fail in passing", async () => {
    const org = world();
    const passing = { errorCode: 0, message: "busy", status: 503 };
    org.polls = [passing, passing, run(1)];
    await through(recomputeForm(org.form));
    expect(notes(org)[0]?.text).toMatch(/^Recomputed/);
  });

  test("shows what could not be written", async () => {
    const org = world();
    org.polls = [run(1, { gs_written: 0, gs_failed: 1 })];
    await through(recomputeForm(org.form));
    expect(errors(org)[0]?.message).toMatch(/Not written: 1\..*parked list/);
    expect(notes(org)).toEqual([]);
  });

  test("says less where nobody told it the columns, and says so where the rules leave the record out", async () => {
    const org = world();
    org.record = {};
    await through(recomputeForm(org.form));
    expect(notes(org)[0]?.text).toMatch(/^Recomputed: not scored/);
    globalThis.GradeSysModels = undefined;
    await through(recomputeForm(org.form));
    expect(notes(org)[0]?.text).toBe("Recomputed.");
  });

  test("finds the columns in the web resource when the command loaded this library alone", async () => {
    const org = world();
    globalThis.GradeSysModels = undefined;
    Object.assign(org.xrm.Utility.getGlobalContext(), { getWebResourceUrl: (name: string) => `/WebResources/${name}` });
    const text = `globalThis.GradeSysModels = ${JSON.stringify({ account: [MODEL] })};`;
    vi.stubGlobal("fetch", async (url: string) => new Response(url === "/WebResources/gs_/js/models.js" ? text : ""));
    await through(recomputeForm(org.form));
    expect(notes(org)[0]?.text).toBe("Recomputed: grade A+, score 82.40");
  });

  test("takes its note away before a later grade contradicts it", async () => {
    const org = world();
    await through(recomputeForm(org.form));
    expect(notes(org)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(notes(org)).toEqual([]);
  });

  test("speaks Persian with Persian digits to a user of LCID 1065", async () => {
    const org = world(PERSIAN);
    await through(recomputeForm(org.form));
    expect(org.progress).toEqual(["در حال محاسبه…"]);
    expect(notes(org)[0]?.text).toBe("محاسبه شد: درجهٔ الف، امتیاز ۸۲٫۴۰");
  });

  test("keeps a Latin grade in order between Persian words", async () => {
    const org = world(PERSIAN);
    org.record = { gs_grade: 921500009, "gs_grade@OData.Community.Display.V1.FormattedValue": "A+" };
    await through(recomputeForm(org.form));
    expect(notes(org)[0]?.text).toContain("درجهٔ \u2068A+\u2069");
  });

  test("tells a failed run from one without rules", async () => {
    const org = world();
    org.polls = [{ gs_state: FAILED, gs_message: "no active rule scores the table account" }];
    await through(recomputeForm(org.form));
    org.polls = [{ gs_state: FAILED, gs_message: "the disk is full" }];
    await through(recomputeForm(org.form));
    expect(errors(org).map(({ message }) => message)).toEqual([
      expect.stringContaining("No active rules score this table"),
      expect.stringContaining("gradesys doctor"),
    ]);
    expect(errors(org)[1]?.details).toContain("the disk is full");
  });
});
