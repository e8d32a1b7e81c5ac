/** «Recompute all»: asked first, started once, left running. */

import { describe, expect, test } from "vitest";
import { recomputeAll } from "../src";
import { bars, errors, FAILED, grid, PERSIAN, run, RUNNING, through, type World, world } from "./world";

const running = run(900, { gs_state: RUNNING, gs_total: 1234 });

function question({ xrm }: World): string {
  return xrm.Navigation.confirmDialogCalls[0]?.confirmStrings.text ?? "";
}

describe("recompute all", () => {
  test("asks with the count, starts one run without ids and leaves it running after five seconds", async () => {
    const org = world();
    org.polls = [null, running];
    await through(recomputeAll(grid()));
    expect(question(org)).toContain("(1,234)");
    expect(org.presses.map(({ Table, Ids }) => [Table, Ids])).toEqual([["account", ""]]);
    expect(bars(org)[0]?.message).toBe(
      "All records are being recomputed in the background: 900 so far. You can go on working.",
    );
    const waited = (org.polled.at(-1) ?? 0) - (org.polled[0] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(5_000);
    expect(waited).toBeLessThanOrEqual(6_000);
    expect(org.busy).toBe(false);
  });

  test("shows the way to the run's own record", async () => {
    const org = world();
    org.polls = [running];
    await through(recomputeAll(grid()));
    const action = bars(org)[0]?.action;
    expect(action?.actionLabel).toBe("Show progress");
    action?.eventHandler?.();
    await through(Promise.resolve());
    expect(org.xrm.Navigation.formCalls[0]?.entityFormOptions).toEqual({
      entityName: "gs_run",
      entityId: org.presses[0]?.RunId,
    });
  });

  test("starts nothing when the user thinks better of it", async () => {
    const org = world();
    org.confirmed = false;
    await through(recomputeAll(grid()));
    expect([org.presses, org.progress, bars(org)]).toEqual([[], [], []]);
  });

  test.each([
    ["more than can be counted", { errorCode: -2147164125, message: "AggregateQueryRecordLimit" }, "(more than 50,000)"],
    ["what cannot be counted", { errorCode: -2147220960, message: "no" }, "All records of this table are recomputed."],
  ])("asks without a figure for %s", async (_, counted, expected) => {
    const org = world();
    org.counted = counted;
    await through(recomputeAll(grid()));
    expect(question(org)).toContain(expected);
    expect(org.presses).toHaveLength(1);
  });

  test("a small table is done before patience ends", async () => {
    const org = world();
    org.polls = [running, run(1234, { gs_written: 56 })];
    const shown = grid();
    await through(recomputeAll(shown));
    expect(bars(org)[0]?.message).toBe("Recomputed: 1,234 of 1,234, changed: 56");
    expect(shown.refresh).toHaveBeenCalledOnce();
  });

  test("a table without rules is told at once", async () => {
    const org = world();
    org.polls = [{ gs_state: FAILED, gs_message: "no active rule scores the table account" }];
    await through(recomputeAll(grid()));
    expect(errors(org)[0]?.message).toMatch(/No active rules/);
  });

  test("speaks Persian with Persian digits", async () => {
    const org = world(PERSIAN);
    org.polls = [running];
    await through(recomputeAll(grid()));
    expect(question(org)).toContain("(۱٬۲۳۴)");
    expect(bars(org)[0]?.message).toContain("تاکنون ۹۰۰");
  });
});
