/** Selected rows of a grid or subgrid. */

import { describe, expect, test } from "vitest";
import { recomputeSelected } from "../src";
import { bars, errors, FAILED, grid, ids, PERSIAN, run, RUNNING, through, world } from "./world";

const running = (done: number, total: number) => run(done, { gs_state: RUNNING, gs_total: total });

describe("a press on a grid", () => {
  test("45 selected rows are one run, told as n of 45", async () => {
    const org = world();
    const shown = grid();
    org.polls = [null, running(20, 45), running(40, 45), run(45, { gs_written: 7 })];
    await through(recomputeSelected(shown, ids(45).map((id) => `{${id.toUpperCase()}}`)));
    expect(org.presses).toHaveLength(1);
    expect(org.presses[0]?.Table).toBe("account");
    expect(JSON.parse(org.presses[0]?.Ids ?? "")).toEqual(ids(45));
    expect(org.progress).toEqual(["Recomputing…", "Recomputing: 20 of 45", "Recomputing: 40 of 45"]);
    expect(bars(org).map(({ message }) => message)).toEqual(["Recomputed: 45 of 45, changed: 7"]);
    expect(shown.refresh).toHaveBeenCalledOnce();
  });

  test("more rows than the service takes follow in runs of their own, and the figures go on", async () => {
    const org = world();
    org.polls = [running(5000, 5000), run(5000), running(1, 2), run(2)];
    await through(recomputeSelected(grid(), ids(5002)));
    expect(org.presses.map(({ Ids }) => (JSON.parse(Ids) as string[]).length)).toEqual([5000, 2]);
    expect(new Set(org.presses.map(({ RunId }) => RunId)).size).toBe(2);
    expect(org.progress.slice(1)).toEqual(["Recomputing: 5,000 of 5,002", "Recomputing: 5,001 of 5,002"]);
    expect(bars(org)[0]?.message).toBe("Recomputed: 5,002 of 5,002, changed: 5,002");
  });

  test.each([[[]], [null]])("nothing selected asks nothing", async (selected) => {
    const org = world();
    await through(recomputeSelected(grid(), selected));
    expect(org.presses).toEqual([]);
    expect(bars(org)[0]?.message).toBe("Select one or more records first.");
  });

  test("records that the rules leave out are no failure, and are told apart", async () => {
    const org = world();
    org.polls = [run(42, { gs_total: 45 })];
    await through(recomputeSelected(grid(), ids(45)));
    expect(bars(org)[0]?.message).toBe("Recomputed: 42 of 45, changed: 42. The rules leave the others out.");
    expect(errors(org)).toEqual([]);
  });

  test("a row that is selected twice is asked for once", async () => {
    const org = world();
    await through(recomputeSelected(grid(), [...ids(2), ...ids(1)]));
    expect(JSON.parse(org.presses[0]?.Ids ?? "")).toEqual(ids(2));
  });

  test("results that could not be written are counted and told what to do about", async () => {
    const org = world();
    org.polls = [run(45, { gs_failed: 3 })];
    await through(recomputeSelected(grid(), ids(45)));
    expect(errors(org)[0]?.message).toMatch(/^Recomputed: 45 of 45\. Not written: 3\. Press again/);
    expect(bars(org)).toEqual([]);
  });

  test("a refusal after the first 5,000 tells both", async () => {
    const org = world();
    const shown = grid();
    org.polls = [run(5000)];
    org.refusals = [null, { message: "Service Unavailable", status: 503 }];
    await through(recomputeSelected(shown, ids(5002)));
    expect(errors(org)[0]?.message).toMatch(/^Recomputed: 5,000 of 5,002, then this happened: .*cannot be reached/);
    expect(errors(org)[0]?.details).toContain("HTTP 503");
    expect(shown.refresh).toHaveBeenCalledOnce();
  });

  test("a run that fails midway tells how far it came", async () => {
    const org = world();
    org.polls = [running(20, 45), { gs_state: FAILED, gs_message: "no rule may read what it needs" }];
    await through(recomputeSelected(grid(), ids(45)));
    expect(errors(org)[0]?.message).toMatch(/^Recomputed: 20 of 45, then this happened: .*gradesys doctor/);
  });

  test.each([
    [running(20, 45), /goes on in the background/, 4],
    [null, /has not begun yet/, 3],
  ])("a run that takes longer than a minute is left to itself", async (poll, expected, level) => {
    const org = world();
    org.polls = [poll];
    await through(recomputeSelected(grid(), ids(45)));
    expect(bars(org)[0]).toMatchObject({ level, message: expect.stringMatching(expected) });
    expect([errors(org), org.busy]).toEqual([[], false]);
  });

  test("speaks Persian with Persian digits", async () => {
    const org = world(PERSIAN);
    org.polls = [running(20, 45), run(45, { gs_written: 7 })];
    await through(recomputeSelected(grid(), ids(45)));
    expect(org.progress[1]).toBe("در حال محاسبه: ۲۰ از ۴۵");
    expect(bars(org)[0]?.message).toBe("محاسبه شد: ۴۵ از ۴۵، تغییرکرده: ۷");
  });
});
