/** A small organisation around the scripts: Xrm by xrm-mock, a clock by vitest, and a service that
 * answers polls in turn. */

import { vi } from "vitest";
import { type FormContextMock, GridControlMock, XrmMockGenerator, type XrmStaticMock } from "xrm-mock";
import type { Model } from "../src/models";

export type Row = Record<string, unknown>;
type Answer = Row | null | Error | object;

export const ID = "ac000000-0000-4000-8000-000000000001";
export const PERSIAN = 1065;
export const [RUNNING, DONE, FAILED] = [921500001, 921500002, 921500003];
export const MODEL: Model = {
  id: "best_customers",
  title: { en: "Best customers", fa: "مشتریان برتر" },
  columns: {
    score: "gs_score",
    grade: "gs_grade",
    trend: "gs_trend",
    reasons: "gs_reasons",
    status: "gs_status",
    scored_on: "gs_scoredon",
  },
  bands: [
    { grade: "A", value: 921500000, title: { en: "A+", fa: "الف" } },
    { grade: "B", value: 921500001 },
  ],
  reasons: { LATE_PAYMENT: { en: "Late payments", fa: "پرداخت‌های دیرهنگام" } },
};
export const SCORED: Row = {
  gs_score: 82.4,
  gs_grade: 921500000,
  gs_trend: 921500000,
  gs_reasons: "LATE_PAYMENT,FEW_CALLS",
  gs_status: 921500000,
  gs_scoredon: "2026-06-15T08:30:00Z",
};

export interface World {
  readonly xrm: XrmStaticMock;
  readonly form: FormContextMock;
  /** Parameters of each press. */
  readonly presses: { Table: string; Ids: string; RunId: string }[];
  /** What the service answers to polls, in turn; the last answer is repeated. */
  polls: Answer[];
  polled: number[];
  /** What the presses are refused with, in turn; null accepts. */
  refusals: unknown[];
  record: Row;
  counted: Answer;
  readonly progress: string[];
  busy: boolean;
  readonly execute: ReturnType<typeof vi.fn>;
  readonly retrieve: ReturnType<typeof vi.fn>;
  readonly save: ReturnType<typeof vi.fn>;
  readonly refresh: ReturnType<typeof vi.fn>;
  confirmed: boolean;
}

export let page = seenPage();

/** Everything outside Xrm as a test finds it. */
export function begin(): void {
  vi.useFakeTimers({ now: new Date("2026-06-15T08:31:00Z") });
  page = seenPage();
  vi.stubGlobal("document", page);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no network in tests")));
  globalThis.GradeSysModels = { account: [MODEL] };
}

function seenPage(): EventTarget & { hidden: boolean } {
  return Object.assign(new EventTarget(), { hidden: false });
}

/** Everything at rest: a saved account, a service that is done at the first poll. */
export function world(language = 1033): World {
  const xrm = XrmMockGenerator.initialise({ entity: { id: `{${ID.toUpperCase()}}`, entityName: "account" } });
  const form = XrmMockGenerator.getFormContext();
  const made: World = {
    xrm, form, presses: [], polls: [run(1)], polled: [], refusals: [], record: { ...SCORED },
    counted: { records: 1234 }, progress: [], busy: false, confirmed: true,
    execute: vi.fn(), retrieve: vi.fn(), save: vi.fn(), refresh: vi.fn(),
  };
  setSettings(xrm, language);
  setService(made);
  setScreen(made);
  return made;
}

/** A gs_run row. */
export function run(done: number, more: Row = {}): Row {
  return { gs_state: DONE, gs_total: done, gs_done: done, gs_written: done, gs_failed: 0, ...more };
}

/** A promise's end, with the clock turned until then. */
export async function through<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const end = promise.finally(() => (settled = true));
  while (!settled) await vi.advanceTimersByTimeAsync(50);
  return end;
}

export function notes({ form }: World): { text: string; level: string }[] {
  const shown = (form.ui as unknown as { formNotifications?: { message: string; level: string }[] }).formNotifications;
  return (shown ?? []).map(({ message, level }) => ({ text: message, level }));
}

export function errors({ xrm }: World): { message: string; details: string }[] {
  return xrm.Navigation.errorDialogCalls.map(({ errorOptions }) => ({
    message: errorOptions.message ?? "",
    details: errorOptions.details ?? "",
  }));
}

export function bars({ xrm }: World): Xrm.App.Notification[] {
  return Object.values(xrm.App.globalNotifications);
}

export function grid(table = "account"): GridControlMock & { refresh: ReturnType<typeof vi.fn> } {
  return Object.assign(new GridControlMock({ name: "grid", entityName: table }), { refresh: vi.fn() });
}

export function ids(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `ac000000-0000-4000-8000-${String(at).padStart(12, "0")}`);
}

function setSettings(xrm: XrmStaticMock, language: number): void {
  const { userSettings } = xrm.Utility.getGlobalContext();
  Object.assign(userSettings, { languageId: language, getTimeZoneOffsetMinutes: () => 210 });
}

function setService(made: World): void {
  made.execute.mockImplementation(async (request: World["presses"][number]) => {
    const refusal = made.refusals[made.presses.length];
    made.presses.push({ Table: request.Table, Ids: request.Ids, RunId: request.RunId });
    if (refusal instanceof Response) return refusal;
    if (refusal) throw refusal;
    return new Response(null, { status: 204 });
  });
  made.retrieve.mockImplementation(async () => ({ ...made.record }));
  const multiple = async (table: string) => {
    if (table === "gs_run") made.polled.push(Date.now());
    const answer = table === "gs_run" ? made.polls[Math.min(made.polled.length, made.polls.length) - 1] : made.counted;
    if (answer instanceof Error || (answer && "errorCode" in answer)) throw answer;
    return { entities: answer ? [answer] : [] };
  };
  Object.assign(made.xrm.WebApi, { retrieveRecord: made.retrieve, retrieveMultipleRecords: multiple });
  Object.assign(made.xrm.WebApi.online, { execute: made.execute });
}

function setScreen(made: World): void {
  made.save.mockImplementation(async () => made.form.data.entity.attributes.forEach((each) => Object.assign(each, { isDirty: false })));
  made.refresh.mockImplementation(async () => undefined);
  Object.assign(made.form.data, { save: made.save, refresh: made.refresh });
  Object.assign(made.xrm.Utility, {
    showProgressIndicator: (text: string) => {
      made.progress.push(text);
      made.busy = true;
    },
    closeProgressIndicator: () => (made.busy = false),
  });
  const confirm = made.xrm.Navigation.openConfirmDialog.bind(made.xrm.Navigation);
  made.xrm.Navigation.openConfirmDialog = (strings) => confirm(strings).then(() => ({ confirmed: made.confirmed }));
}
