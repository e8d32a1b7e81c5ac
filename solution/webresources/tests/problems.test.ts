/** Every refusal becomes a dialog that says what to do; what is technical goes into its details. */

import { describe, expect, test } from "vitest";
import { recomputeForm } from "../src";
import { errors, FAILED, notes, PERSIAN, through, world } from "./world";

function answer(status: number, code = "", message = "told by the server"): Response {
  return new Response(JSON.stringify({ error: { code, message } }), { status });
}

const REFUSALS: [string, unknown, RegExp][] = [
  ["403 as an answer", answer(403, "0x80040220"), /may not recompute.*security role.*gs_run/],
  ["403 as a rejection with a signed code", { errorCode: -2147220960, message: "no" }, /may not recompute/],
  ["403 as a rejection with an unsigned code", { errorCode: 2147746336, message: "no" }, /may not recompute/],
  ["403 with an empty code", answer(403), /may not recompute/],
  ["404: no such Custom API", answer(404, "0x8006088a"), /not set up.*gradesys deploy apply/],
  ["429: service limits", { errorCode: -2147015902, message: "limit" }, /too much to do.*few minutes/],
  ["503 as an answer", new Response("<html>Service Unavailable</html>", { status: 503 }), /cannot be reached.*again in a minute/],
  ["503 as a rejection", { message: "Service Unavailable", status: 503 }, /cannot be reached/],
  ["503 told as the code", { errorCode: 503, message: "Service Unavailable" }, /cannot be reached/],
  ["401: the sign-in has ended", answer(401), /sign in/],
  ["500: anything else", answer(500, "0x80040216"), /hand the details to an administrator/],
  ["a rejection that says nothing", undefined, /hand the details/],
];

describe("a refused press", () => {
  test.each(REFUSALS)("%s", async (_, refusal, expected) => {
    const org = world();
    org.execute.mockImplementation(async () => {
      if (refusal instanceof Response) return refusal;
      throw refusal;
    });
    await through(recomputeForm(org.form));
    expect(errors(org)).toHaveLength(1);
    expect(errors(org)[0]?.message).toMatch(expected);
    expect([notes(org), org.polled, org.busy]).toEqual([[], [], false]);
  });

  test("keeps status, code and message for the administrator", async () => {
    const org = world();
    org.refusals = [answer(403, "0x80040220", "missing prvCreategs_run")];
    await through(recomputeForm(org.form));
    expect(errors(org)[0]?.details).toBe("gradesys: forbidden\nHTTP 403\n0x80040220\nmissing prvCreategs_run");
  });

  test.each([
    ["403", { errorCode: -2147220960, message: "no" }, "اجازهٔ محاسبهٔ دوباره را ندارید"],
    ["503", { message: "Service Unavailable", status: 503 }, "اکنون در دسترس نیست"],
    ["other", new Error("?"), "انجام نشد"],
  ])("speaks Persian: %s", async (_, refusal, expected) => {
    const org = world(PERSIAN);
    org.refusals = [refusal];
    await through(recomputeForm(org.form));
    expect(errors(org)[0]?.message).toContain(expected);
  });

  test("a user who may press but not read runs is refused clearly", async () => {
    const org = world();
    org.polls = [{ errorCode: -2147220960, message: "missing prvReadgs_run" }];
    await through(recomputeForm(org.form));
    expect(errors(org)[0]?.message).toMatch(/create and read scoring runs/);
    expect(org.polled).toHaveLength(1);
  });

  test("no rules for the table, in Persian", async () => {
    const org = world(PERSIAN);
    org.polls = [{ gs_state: FAILED, gs_message: "no active rule scores the table account" }];
    await through(recomputeForm(org.form));
    expect(errors(org)[0]?.message).toContain("هیچ قاعدهٔ فعالی");
  });
});
