/* Built from solution/webresources by npm run build: change it there. */
"use strict";
var GradeSys = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __defNormalProp = (obj, key, value2) => key in obj ? __defProp(obj, key, { enumerable: true, configurable: true, writable: true, value: value2 }) : obj[key] = value2;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
  var __publicField = (obj, key, value2) => __defNormalProp(obj, typeof key !== "symbol" ? key + "" : key, value2);

  // src/index.ts
  var index_exports = {};
  __export(index_exports, {
    onFormLoad: () => onFormLoad,
    recomputeAll: () => recomputeAll,
    recomputeForm: () => recomputeForm,
    recomputeSelected: () => recomputeSelected
  });

  // src/problem.ts
  var Problem = class extends Error {
    constructor(kind, message, status = 0, code2 = "") {
      super(message);
      __publicField(this, "kind", kind);
      __publicField(this, "status", status);
      __publicField(this, "code", code2);
    }
  };
  var BY_CODE = {
    "80040220": "forbidden",
    "80048306": "forbidden",
    "80072560": "forbidden",
    "8006088a": "missing",
    "80072321": "busy",
    "80072322": "busy",
    "80072326": "busy"
  };
  var BY_STATUS = {
    401: "signedOut",
    403: "forbidden",
    404: "missing",
    429: "busy",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable"
  };
  function problemOf(error) {
    if (error instanceof Problem) return error;
    const told = record(error);
    const number = told.errorCode ?? told.code;
    const isStatus = typeof number === "number" && number >= 400 && number < 600;
    const status = isStatus ? number : told.status;
    const message = typeof told.message === "string" ? told.message : String(error);
    return problem(message, typeof status === "number" ? status : 0, isStatus ? "" : code(number));
  }
  async function problemIn(answer) {
    const body = record(await answer.json().catch(() => null));
    const error = record(body.error);
    const message = typeof error.message === "string" ? error.message : answer.statusText;
    return problem(message, answer.status, code(error.code));
  }
  function passes(problem2) {
    return ["busy", "unavailable", "offline"].includes(problem2.kind);
  }
  function problem(message, status, code2) {
    const offline = globalThis.navigator?.onLine === false ? "offline" : void 0;
    const kind = offline ?? BY_CODE[code2] ?? BY_STATUS[status] ?? "other";
    return new Problem(kind, message, status, code2);
  }
  function code(told) {
    if (typeof told === "number") return (told >>> 0).toString(16).padStart(8, "0");
    return typeof told === "string" ? told.toLowerCase().replace(/^0x/, "") : "";
  }
  function record(value2) {
    return typeof value2 === "object" && value2 !== null ? value2 : {};
  }

  // src/run.ts
  var MESSAGE = "gs_Recompute";
  var RUNS = "gs_run";
  var MOST_IDS = 5e3;
  var DONE = 921500002;
  var FAILED = 921500003;
  var NO_RULES = "no active rule scores the table";
  var COLUMNS = ["gs_state", "gs_total", "gs_done", "gs_written", "gs_failed", "gs_message"];
  async function startRun(table, ids, id) {
    const parameters = { Table: table, Ids: ids.length ? JSON.stringify(ids) : "", RunId: id };
    const primitive = (typeName) => ({ typeName, structuralProperty: 1 });
    const parameterTypes = {
      Table: primitive("Edm.String"),
      Ids: primitive("Edm.String"),
      RunId: primitive("Edm.Guid")
    };
    const metadata = { boundParameter: null, operationType: 0, operationName: MESSAGE, parameterTypes };
    let answer;
    try {
      answer = await Xrm.WebApi.online.execute({ ...parameters, getMetadata: () => metadata });
    } catch (error) {
      throw problemOf(error);
    }
    if (!answer.ok) throw await problemIn(answer);
  }
  async function readRun(id) {
    const query = `?$select=${COLUMNS.join(",")}&$filter=gs_runid eq ${id}`;
    let rows;
    try {
      rows = (await Xrm.WebApi.retrieveMultipleRecords(RUNS, query)).entities;
    } catch (error) {
      throw problemOf(error);
    }
    const row = rows[0];
    if (row?.gs_state === FAILED) throw failure(String(row.gs_message ?? ""));
    return row ? runOf(id, row) : null;
  }
  function runOf(id, row) {
    const figure = (name) => Number(row[name] ?? 0);
    return {
      id,
      ended: row.gs_state === DONE,
      total: figure("gs_total"),
      done: figure("gs_done"),
      written: figure("gs_written"),
      failed: figure("gs_failed")
    };
  }
  function failure(message) {
    return new Problem(message.startsWith(NO_RULES) ? "noRules" : "runFailed", message);
  }

  // src/follow.ts
  var BRISK_MS = 200;
  var BRISK_FOR_MS = 3e3;
  var CALM_MS = 1e3;
  async function followRun(id, patience, tell2) {
    const begun = Date.now();
    let seen = null;
    for (; ; ) {
      seen = await readRun(id).catch(forgive) ?? seen;
      if (seen?.ended) return seen;
      if (seen) tell2(seen);
      const waited = Date.now() - begun;
      if (waited >= patience) return seen;
      await pause(waited < BRISK_FOR_MS ? BRISK_MS : CALM_MS);
    }
  }
  function forgive(error) {
    const problem2 = problemOf(error);
    if (passes(problem2)) return null;
    throw problem2;
  }
  function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  // src/form.ts
  function plainId(id) {
    return id.replace(/[{}]/g, "").toLowerCase();
  }
  function recordOf(form) {
    const { entity } = form.data;
    return { table: entity.getEntityName(), id: plainId(entity.getId() ?? "") };
  }
  async function save(form) {
    if (recordOf(form).id && !form.data.entity.getIsDirty()) return true;
    try {
      await form.data.save();
    } catch {
      return false;
    }
    return recordOf(form).id !== "" && !form.data.entity.getIsDirty();
  }
  function shows(form, columns) {
    return columns.some((name) => Boolean(form.getAttribute(name)));
  }

  // src/models.ts
  var LIBRARY = "gs_/js/models.js";
  async function modelsOf(table) {
    const models = globalThis.GradeSysModels ?? await fetched().catch(() => void 0);
    return models?.[table] ?? [];
  }
  async function fetched() {
    const answer = await fetch(Xrm.Utility.getGlobalContext().getWebResourceUrl(LIBRARY));
    const text = await answer.text();
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  }

  // src/language.ts
  var PERSIAN = 1065;
  function language() {
    return Xrm.Utility.getGlobalContext().userSettings.languageId === PERSIAN ? "fa" : "en";
  }
  function titled(title, otherwise) {
    const [own, other] = language() === "fa" ? [title?.fa, title?.en] : [title?.en, title?.fa];
    return own ?? other ?? otherwise;
  }

  // src/words.ts
  var ENGLISH = {
    recomputing: "Recomputing\u2026",
    progress: "Recomputing: {done} of {total}",
    recomputed: "Recomputed.",
    recomputedAs: "Recomputed: {verdict}",
    recomputedMany: "Recomputed: {done} of {total}, changed: {written}",
    recomputedSome: "Recomputed: {done} of {total}, changed: {written}. The rules leave the others out.",
    saveFirst: "The record was not saved, so it was not recomputed. Complete it and save, then press again.",
    saveToSee: "The fields of this form show it after saving.",
    late: "This takes longer than usual. It goes on in the background; the result appears by itself.",
    unseen: "The scoring service has not begun yet. Nothing is lost: it goes on in the background. If nothing happens for minutes, ask an administrator to run gradesys doctor.",
    leftRunning: "All records are being recomputed in the background: {done} so far. You can go on working.",
    showRun: "Show progress",
    selectFirst: "Select one or more records first.",
    confirmTitle: "Recompute all",
    confirmAll: "All records of this table are recomputed ({count}). It goes on in the background; you can go on working.",
    confirmUncounted: "All records of this table are recomputed. It goes on in the background; you can go on working.",
    moreThan: "more than {count}",
    start: "Recompute all",
    cancel: "Cancel",
    grade: "grade {grade}",
    score: "score {score}",
    up: "rising",
    steady: "steady",
    down: "falling",
    reasons: "lowered most by: {reasons}",
    asOf: "as of {moment}",
    unscored: "not scored (the rules leave this record out, or have not come to it yet)",
    parked: "scoring of this record is stopped; an administrator sees why with gradesys parked list",
    comma: ", ",
    forbidden: "You may not recompute scores. Ask an administrator for a security role that may create and read scoring runs (table gs_run), then press again.",
    missing: "The recompute function is not set up in this environment. Ask an administrator to run gradesys deploy apply.",
    busy: "Dataverse has too much to do right now. Wait a few minutes, then press again.",
    unavailable: "Dataverse or the scoring service cannot be reached right now. Nothing was changed; press again in a minute.",
    offline: "There is no connection. Check your network, then press again.",
    signedOut: "Your sign-in has ended. Reload the page, sign in, then press again.",
    noRules: "No active rules score this table. Ask an administrator to activate a rule file for it.",
    runFailed: "The recomputation stopped. Hand the details to an administrator; gradesys doctor says what to do.",
    partial: "Recomputed: {done} of {total}. Not written: {failed}. Press again for these; if they fail once more, an administrator sees why with gradesys parked list.",
    broken: "Recomputed: {done} of {total}, then this happened: {problem}",
    other: "That did not work. Press again in a minute; if it fails once more, hand the details to an administrator."
  };
  var PERSIAN2 = {
    recomputing: "\u062F\u0631 \u062D\u0627\u0644 \u0645\u062D\u0627\u0633\u0628\u0647\u2026",
    progress: "\u062F\u0631 \u062D\u0627\u0644 \u0645\u062D\u0627\u0633\u0628\u0647: {done} \u0627\u0632 {total}",
    recomputed: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0634\u062F.",
    recomputedAs: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0634\u062F: {verdict}",
    recomputedMany: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0634\u062F: {done} \u0627\u0632 {total}\u060C \u062A\u063A\u06CC\u06CC\u0631\u06A9\u0631\u062F\u0647: {written}",
    recomputedSome: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0634\u062F: {done} \u0627\u0632 {total}\u060C \u062A\u063A\u06CC\u06CC\u0631\u06A9\u0631\u062F\u0647: {written}. \u0642\u0648\u0627\u0639\u062F \u0628\u0642\u06CC\u0647 \u0631\u0627 \u062F\u0631 \u0628\u0631 \u0646\u0645\u06CC\u200C\u06AF\u06CC\u0631\u0646\u062F.",
    saveFirst: "\u0631\u06A9\u0648\u0631\u062F \u0630\u062E\u06CC\u0631\u0647 \u0646\u0634\u062F\u060C \u067E\u0633 \u0645\u062D\u0627\u0633\u0628\u0647 \u0647\u0645 \u0646\u0634\u062F. \u0622\u0646 \u0631\u0627 \u06A9\u0627\u0645\u0644 \u0648 \u0630\u062E\u06CC\u0631\u0647 \u06A9\u0646\u06CC\u062F\u060C \u0633\u067E\u0633 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F.",
    saveToSee: "\u0641\u06CC\u0644\u062F\u0647\u0627\u06CC \u0627\u06CC\u0646 \u0641\u0631\u0645 \u067E\u0633 \u0627\u0632 \u0630\u062E\u06CC\u0631\u0647 \u0622\u0646 \u0631\u0627 \u0646\u0634\u0627\u0646 \u0645\u06CC\u200C\u062F\u0647\u0646\u062F.",
    late: "\u0627\u06CC\u0646 \u0628\u0627\u0631 \u0628\u06CC\u0634\u062A\u0631 \u0627\u0632 \u0645\u0639\u0645\u0648\u0644 \u0637\u0648\u0644 \u0645\u06CC\u200C\u06A9\u0634\u062F. \u0645\u062D\u0627\u0633\u0628\u0647 \u062F\u0631 \u067E\u0633\u200C\u0632\u0645\u06CC\u0646\u0647 \u0627\u062F\u0627\u0645\u0647 \u062F\u0627\u0631\u062F \u0648 \u0646\u062A\u06CC\u062C\u0647 \u062E\u0648\u062F\u0628\u0647\u200C\u062E\u0648\u062F \u062F\u06CC\u062F\u0647 \u0645\u06CC\u200C\u0634\u0648\u062F.",
    unseen: "\u0633\u0631\u0648\u06CC\u0633 \u0627\u0645\u062A\u06CC\u0627\u0632\u062F\u0647\u06CC \u0647\u0646\u0648\u0632 \u0622\u063A\u0627\u0632 \u0646\u06A9\u0631\u062F\u0647 \u0627\u0633\u062A. \u0686\u06CC\u0632\u06CC \u0627\u0632 \u062F\u0633\u062A \u0646\u0645\u06CC\u200C\u0631\u0648\u062F \u0648 \u0645\u062D\u0627\u0633\u0628\u0647 \u062F\u0631 \u067E\u0633\u200C\u0632\u0645\u06CC\u0646\u0647 \u0627\u062F\u0627\u0645\u0647 \u062F\u0627\u0631\u062F. \u0627\u06AF\u0631 \u062A\u0627 \u0686\u0646\u062F \u062F\u0642\u06CC\u0642\u0647 \u062E\u0628\u0631\u06CC \u0646\u0634\u062F\u060C \u0627\u0632 \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u062E\u0648\u0627\u0647\u06CC\u062F gradesys doctor \u0631\u0627 \u0627\u062C\u0631\u0627 \u06A9\u0646\u062F.",
    leftRunning: "\u0647\u0645\u0647\u0654 \u0631\u06A9\u0648\u0631\u062F\u0647\u0627 \u062F\u0631 \u067E\u0633\u200C\u0632\u0645\u06CC\u0646\u0647 \u0645\u062D\u0627\u0633\u0628\u0647 \u0645\u06CC\u200C\u0634\u0648\u0646\u062F\u061B \u062A\u0627\u06A9\u0646\u0648\u0646 {done}. \u0645\u06CC\u200C\u062A\u0648\u0627\u0646\u06CC\u062F \u0628\u0647 \u06A9\u0627\u0631 \u062E\u0648\u062F \u0627\u062F\u0627\u0645\u0647 \u062F\u0647\u06CC\u062F.",
    showRun: "\u0646\u0645\u0627\u06CC\u0634 \u067E\u06CC\u0634\u0631\u0641\u062A",
    selectFirst: "\u0646\u062E\u0633\u062A \u06CC\u06A9 \u06CC\u0627 \u0686\u0646\u062F \u0631\u06A9\u0648\u0631\u062F \u0631\u0627 \u0627\u0646\u062A\u062E\u0627\u0628 \u06A9\u0646\u06CC\u062F.",
    confirmTitle: "\u0645\u062D\u0627\u0633\u0628\u0647\u0654 \u062F\u0648\u0628\u0627\u0631\u0647\u0654 \u0647\u0645\u0647",
    confirmAll: "\u0647\u0645\u0647\u0654 \u0631\u06A9\u0648\u0631\u062F\u0647\u0627\u06CC \u0627\u06CC\u0646 \u062C\u062F\u0648\u0644 ({count}) \u062F\u0648\u0628\u0627\u0631\u0647 \u0645\u062D\u0627\u0633\u0628\u0647 \u0645\u06CC\u200C\u0634\u0648\u0646\u062F. \u06A9\u0627\u0631 \u062F\u0631 \u067E\u0633\u200C\u0632\u0645\u06CC\u0646\u0647 \u067E\u06CC\u0634 \u0645\u06CC\u200C\u0631\u0648\u062F \u0648 \u0645\u06CC\u200C\u062A\u0648\u0627\u0646\u06CC\u062F \u0628\u0647 \u06A9\u0627\u0631 \u062E\u0648\u062F \u0627\u062F\u0627\u0645\u0647 \u062F\u0647\u06CC\u062F.",
    confirmUncounted: "\u0647\u0645\u0647\u0654 \u0631\u06A9\u0648\u0631\u062F\u0647\u0627\u06CC \u0627\u06CC\u0646 \u062C\u062F\u0648\u0644 \u062F\u0648\u0628\u0627\u0631\u0647 \u0645\u062D\u0627\u0633\u0628\u0647 \u0645\u06CC\u200C\u0634\u0648\u0646\u062F. \u06A9\u0627\u0631 \u062F\u0631 \u067E\u0633\u200C\u0632\u0645\u06CC\u0646\u0647 \u067E\u06CC\u0634 \u0645\u06CC\u200C\u0631\u0648\u062F \u0648 \u0645\u06CC\u200C\u062A\u0648\u0627\u0646\u06CC\u062F \u0628\u0647 \u06A9\u0627\u0631 \u062E\u0648\u062F \u0627\u062F\u0627\u0645\u0647 \u062F\u0647\u06CC\u062F.",
    moreThan: "\u0628\u06CC\u0634 \u0627\u0632 {count}",
    start: "\u0645\u062D\u0627\u0633\u0628\u0647\u0654 \u062F\u0648\u0628\u0627\u0631\u0647\u0654 \u0647\u0645\u0647",
    cancel: "\u0627\u0646\u0635\u0631\u0627\u0641",
    grade: "\u062F\u0631\u062C\u0647\u0654 {grade}",
    score: "\u0627\u0645\u062A\u06CC\u0627\u0632 {score}",
    up: "\u0631\u0648 \u0628\u0647 \u0628\u0627\u0644\u0627",
    steady: "\u0628\u06CC\u200C\u062A\u063A\u06CC\u06CC\u0631",
    down: "\u0631\u0648 \u0628\u0647 \u067E\u0627\u06CC\u06CC\u0646",
    reasons: "\u0628\u06CC\u0634\u062A\u0631\u06CC\u0646 \u0627\u0645\u062A\u06CC\u0627\u0632 \u0627\u0632 \u062F\u0633\u062A \u0631\u0641\u062A\u0647: {reasons}",
    asOf: "\u062F\u0631 {moment}",
    unscored: "\u0628\u062F\u0648\u0646 \u0627\u0645\u062A\u06CC\u0627\u0632 (\u0642\u0648\u0627\u0639\u062F \u0627\u06CC\u0646 \u0631\u06A9\u0648\u0631\u062F \u0631\u0627 \u062F\u0631 \u0628\u0631 \u0646\u0645\u06CC\u200C\u06AF\u06CC\u0631\u0646\u062F \u06CC\u0627 \u0647\u0646\u0648\u0632 \u0628\u0647 \u0622\u0646 \u0646\u0631\u0633\u06CC\u062F\u0647\u200C\u0627\u0646\u062F)",
    parked: "\u0627\u0645\u062A\u06CC\u0627\u0632\u062F\u0647\u06CC \u0627\u06CC\u0646 \u0631\u06A9\u0648\u0631\u062F \u0645\u062A\u0648\u0642\u0641 \u0634\u062F\u0647 \u0627\u0633\u062A\u061B \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u0627 gradesys parked list \u0639\u0644\u062A \u0631\u0627 \u0645\u06CC\u200C\u0628\u06CC\u0646\u062F",
    comma: "\u060C ",
    forbidden: "\u0627\u062C\u0627\u0632\u0647\u0654 \u0645\u062D\u0627\u0633\u0628\u0647\u0654 \u062F\u0648\u0628\u0627\u0631\u0647 \u0631\u0627 \u0646\u062F\u0627\u0631\u06CC\u062F. \u0627\u0632 \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0646\u0642\u0634\u06CC \u0627\u0645\u0646\u06CC\u062A\u06CC \u0628\u062E\u0648\u0627\u0647\u06CC\u062F \u06A9\u0647 \u0633\u0627\u062E\u062A\u0646 \u0648 \u062E\u0648\u0627\u0646\u062F\u0646 \u0627\u062C\u0631\u0627\u0647\u0627\u06CC \u0627\u0645\u062A\u06CC\u0627\u0632\u062F\u0647\u06CC (\u062C\u062F\u0648\u0644 gs_run) \u0631\u0627 \u0645\u062C\u0627\u0632 \u0645\u06CC\u200C\u06A9\u0646\u062F\u060C \u0633\u067E\u0633 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F.",
    missing: "\u0645\u062D\u0627\u0633\u0628\u0647\u0654 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u0631 \u0627\u06CC\u0646 \u0645\u062D\u06CC\u0637 \u0631\u0627\u0647\u200C\u0627\u0646\u062F\u0627\u0632\u06CC \u0646\u0634\u062F\u0647 \u0627\u0633\u062A. \u0627\u0632 \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u062E\u0648\u0627\u0647\u06CC\u062F gradesys deploy apply \u0631\u0627 \u0627\u062C\u0631\u0627 \u06A9\u0646\u062F.",
    busy: "Dataverse \u0627\u06A9\u0646\u0648\u0646 \u0628\u06CC\u0634 \u0627\u0632 \u0627\u0646\u062F\u0627\u0632\u0647 \u06A9\u0627\u0631 \u062F\u0627\u0631\u062F. \u0686\u0646\u062F \u062F\u0642\u06CC\u0642\u0647 \u0635\u0628\u0631 \u06A9\u0646\u06CC\u062F\u060C \u0633\u067E\u0633 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F.",
    unavailable: "Dataverse \u06CC\u0627 \u0633\u0631\u0648\u06CC\u0633 \u0627\u0645\u062A\u06CC\u0627\u0632\u062F\u0647\u06CC \u0627\u06A9\u0646\u0648\u0646 \u062F\u0631 \u062F\u0633\u062A\u0631\u0633 \u0646\u06CC\u0633\u062A. \u0686\u06CC\u0632\u06CC \u062A\u063A\u06CC\u06CC\u0631 \u0646\u06A9\u0631\u062F\u061B \u06CC\u06A9 \u062F\u0642\u06CC\u0642\u0647\u0654 \u062F\u06CC\u06AF\u0631 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F.",
    offline: "\u0627\u0631\u062A\u0628\u0627\u0637 \u0628\u0631\u0642\u0631\u0627\u0631 \u0646\u06CC\u0633\u062A. \u0634\u0628\u06A9\u0647 \u0631\u0627 \u0628\u0631\u0631\u0633\u06CC \u06A9\u0646\u06CC\u062F\u060C \u0633\u067E\u0633 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F.",
    signedOut: "\u0648\u0631\u0648\u062F \u0634\u0645\u0627 \u0628\u0647 \u067E\u0627\u06CC\u0627\u0646 \u0631\u0633\u06CC\u062F\u0647 \u0627\u0633\u062A. \u0635\u0641\u062D\u0647 \u0631\u0627 \u062A\u0627\u0632\u0647 \u06A9\u0646\u06CC\u062F \u0648 \u0648\u0627\u0631\u062F \u0634\u0648\u06CC\u062F\u060C \u0633\u067E\u0633 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F.",
    noRules: "\u0647\u06CC\u0686 \u0642\u0627\u0639\u062F\u0647\u0654 \u0641\u0639\u0627\u0644\u06CC \u0628\u0647 \u0627\u06CC\u0646 \u062C\u062F\u0648\u0644 \u0627\u0645\u062A\u06CC\u0627\u0632 \u0646\u0645\u06CC\u200C\u062F\u0647\u062F. \u0627\u0632 \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u062E\u0648\u0627\u0647\u06CC\u062F \u0628\u0631\u0627\u06CC \u0622\u0646 \u0642\u0627\u0639\u062F\u0647\u200C\u0627\u06CC \u0641\u0639\u0627\u0644 \u06A9\u0646\u062F.",
    runFailed: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0645\u062A\u0648\u0642\u0641 \u0634\u062F. \u062C\u0632\u0626\u06CC\u0627\u062A \u0631\u0627 \u0628\u0647 \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u062F\u0647\u06CC\u062F\u061B gradesys doctor \u0645\u06CC\u200C\u06AF\u0648\u06CC\u062F \u0686\u0647 \u0628\u0627\u06CC\u062F \u06A9\u0631\u062F.",
    partial: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0634\u062F: {done} \u0627\u0632 {total}. \u0646\u0648\u0634\u062A\u0647 \u0646\u0634\u062F: {failed}. \u0628\u0631\u0627\u06CC \u0627\u06CC\u0646\u200C\u0647\u0627 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F\u061B \u0627\u06AF\u0631 \u0628\u0627\u0632 \u0647\u0645 \u0646\u0634\u062F\u060C \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u0627 gradesys parked list \u0639\u0644\u062A \u0631\u0627 \u0645\u06CC\u200C\u0628\u06CC\u0646\u062F.",
    broken: "\u0645\u062D\u0627\u0633\u0628\u0647 \u0634\u062F: {done} \u0627\u0632 {total}\u060C \u0633\u067E\u0633 \u0627\u06CC\u0646 \u067E\u06CC\u0634 \u0622\u0645\u062F: {problem}",
    other: "\u0627\u0646\u062C\u0627\u0645 \u0646\u0634\u062F. \u06CC\u06A9 \u062F\u0642\u06CC\u0642\u0647\u0654 \u062F\u06CC\u06AF\u0631 \u062F\u0648\u0628\u0627\u0631\u0647 \u062F\u06A9\u0645\u0647 \u0631\u0627 \u0628\u0632\u0646\u06CC\u062F\u061B \u0627\u06AF\u0631 \u0628\u0627\u0632 \u0647\u0645 \u0646\u0634\u062F\u060C \u062C\u0632\u0626\u06CC\u0627\u062A \u0631\u0627 \u0628\u0647 \u0645\u062F\u06CC\u0631 \u0633\u06CC\u0633\u062A\u0645 \u0628\u062F\u0647\u06CC\u062F."
  };
  var WORDS = { en: ENGLISH, fa: PERSIAN2 };

  // src/say.ts
  var LATIN = /[A-Za-z]/;
  var ISOLATE = "\u2068";
  var END = "\u2069";
  function say(word, values = {}) {
    const text = WORDS[language()][word];
    return text.replace(/\{(\w+)\}/g, (_, name) => isolated(values[name] ?? ""));
  }
  function isolated(value2) {
    const mixes = language() === "fa" && LATIN.test(value2) && !value2.includes(ISOLATE);
    return mixes ? ISOLATE + value2 + END : value2;
  }

  // src/screen.ts
  var MESSAGE_BAR = 2;
  var LEVELS = { success: 1, warning: 3, information: 4 };
  var PASSING_MS = 15e3;
  var NOTE = "gs_recompute";
  async function attempt(action) {
    try {
      await action();
    } catch (error) {
      const problem2 = problemOf(error);
      await showError(say(problem2.kind), problem2);
    }
  }
  async function showError(message, problem2) {
    await Xrm.Navigation.openErrorDialog({ message, ...problem2 && { details: detailsOf(problem2) } });
  }
  async function withProgress(action) {
    const show2 = (text) => Xrm.Utility.showProgressIndicator(text);
    show2(say("recomputing"));
    try {
      return await action(show2);
    } finally {
      Xrm.Utility.closeProgressIndicator();
    }
  }
  async function tell(message, level = "success", action) {
    const bar = { type: MESSAGE_BAR, level: LEVELS[level], message, showCloseButton: true };
    await Xrm.App.addGlobalNotification({ ...bar, ...action && { action } });
  }
  function note(form, text, level, id) {
    form.ui.clearFormNotification(id);
    form.ui.setFormNotification(text, level, id);
  }
  function notePress(form, text, level = "INFO") {
    note(form, text, level, NOTE);
    setTimeout(() => form.ui.clearFormNotification(NOTE), PASSING_MS);
  }
  function clearPress(form) {
    form.ui.clearFormNotification(NOTE);
  }
  function detailsOf(problem2) {
    const status = problem2.status ? `HTTP ${problem2.status}` : "";
    const code2 = problem2.code ? `0x${problem2.code}` : "";
    return [`gradesys: ${problem2.kind}`, status, code2, problem2.message].filter(Boolean).join("\n");
  }

  // src/numbers.ts
  var NUMBERS = { en: "en", fa: "fa-IR" };
  var CALENDARS = { en: "en", fa: "fa-IR-u-ca-persian" };
  var MINUTE_MS = 6e4;
  function count(value2) {
    return new Intl.NumberFormat(NUMBERS[language()]).format(value2);
  }
  function score(value2) {
    const digits = Number.isInteger(value2) ? 0 : 2;
    const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(NUMBERS[language()], places).format(value2);
  }
  function moment(iso) {
    const offset = Xrm.Utility.getGlobalContext().userSettings.getTimeZoneOffsetMinutes();
    const local = new Date(new Date(iso).getTime() + offset * MINUTE_MS);
    const shape = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" };
    return new Intl.DateTimeFormat(CALENDARS[language()], shape).format(local);
  }

  // src/tally.ts
  var NOTHING = { total: 0, done: 0, written: 0, failed: 0 };
  function plus(tally, run) {
    return {
      total: tally.total,
      done: tally.done + run.done,
      written: tally.written + run.written,
      failed: tally.failed + run.failed
    };
  }
  function figures(tally) {
    const { total, done: done2, written, failed } = tally;
    return { total: count(total), done: count(done2), written: count(written), failed: count(failed) };
  }
  function done(tally) {
    return say(tally.done < tally.total ? "recomputedSome" : "recomputedMany", figures(tally));
  }
  function showPartial(tally) {
    return showError(say("partial", figures(tally)));
  }
  function showBroken(tally, problem2) {
    return showError(say("broken", { ...figures(tally), problem: say(problem2.kind) }), problem2);
  }

  // src/typing.ts
  function unsaved(form) {
    let before = shown(form);
    return () => {
      const now = shown(form);
      const typing = [...now].some(([name, { value: value2, text }]) => {
        const then = before.get(name);
        return then !== void 0 && then.value === value2 && then.text !== text;
      });
      if (!typing) before = now;
      return typing || form.data.entity.getIsDirty();
    };
  }
  function shown(form) {
    const fields = form.ui.controls.get().filter(isField);
    return new Map(
      fields.map((field) => [field.getName(), { value: field.getAttribute()?.getValue(), text: field.getValue() }])
    );
  }
  function isField(control) {
    return "getValue" in control && "getAttribute" in control;
  }

  // src/verdict.ts
  var LABEL = "@OData.Community.Display.V1.FormattedValue";
  var FIRST_OPTION = 9215e5;
  var TRENDS = ["up", "steady", "down"];
  var STATUSES = ["current", "parked"];
  var TOLD = 3;
  function columnsOf(models) {
    const told = ["score", "grade", "trend", "reasons", "status", "scored_on"];
    const names = models.flatMap(({ columns }) => told.map((role) => columns[role]));
    return [...new Set(names.filter((name) => Boolean(name)))];
  }
  async function readVerdictRow(table, id, models) {
    const query = `?$select=${columnsOf(models).join(",")}`;
    return await Xrm.WebApi.retrieveRecord(table, id, query);
  }
  function brief(model, row) {
    const grade = gradeOf(model, row);
    const points = value(row, model.columns.score);
    const parts = [
      grade === null ? null : say("grade", { grade }),
      points === null ? null : say("score", { score: score(Number(points)) })
    ].filter((part) => part !== null);
    return parts.length ? parts.join(say("comma")) : say("unscored");
  }
  function verdict(model, row) {
    const scored = value(row, model.columns.scored_on);
    const parts = [
      brief(model, row),
      trend(model, row),
      reasons(model, row),
      scored === null ? null : say("asOf", { moment: moment(String(scored)) }),
      isParked(model, row) ? say("parked") : null
    ].filter((part) => part !== null);
    return `${titled(model.title, model.id)}: ${parts.join(" \xB7 ")}`;
  }
  function isParked(model, row) {
    return meaning(row, model.columns.status, STATUSES) === "parked";
  }
  function gradeOf(model, row) {
    const stored = value(row, model.columns.grade);
    if (stored === null) return null;
    const band = model.bands?.find((each) => each.value === stored || each.grade === String(stored));
    return band ? titled(band.title, band.grade) : label(row, model.columns.grade, stored);
  }
  function trend(model, row) {
    const stored = value(row, model.columns.trend);
    if (stored === null) return null;
    const word = meaning(row, model.columns.trend, TRENDS);
    return word ? say(word) : label(row, model.columns.trend, stored);
  }
  function reasons(model, row) {
    const codes = String(value(row, model.columns.reasons) ?? "").split(",").filter(Boolean);
    const words = codes.slice(0, TOLD).map((code2) => titled(model.reasons?.[code2], code2.replaceAll("_", " ")));
    return words.length ? say("reasons", { reasons: words.join(say("comma")) }) : null;
  }
  function meaning(row, column, words) {
    const stored = value(row, column);
    if (typeof stored === "number") return words[stored - FIRST_OPTION] ?? null;
    return words.find((word) => word === stored) ?? null;
  }
  function label(row, column, stored) {
    return String(row[`${column}${LABEL}`] ?? stored);
  }
  function value(row, column) {
    return (column && row[column]) ?? null;
  }

  // src/formButton.ts
  var PATIENCE_MS = 6e4;
  function recomputeForm(form) {
    return attempt(async () => {
      clearPress(form);
      if (!await save(form)) return notePress(form, say("saveFirst"), "WARNING");
      const isUnsaved = unsaved(form);
      const run = await withProgress(() => recompute(form));
      if (!run) return notePress(form, say("unseen"), "WARNING");
      if (!run.ended) return notePress(form, say("late"));
      if (run.failed) return showPartial(run);
      if (!isUnsaved()) await form.data.refresh(false);
      notePress(form, await result(form));
    });
  }
  async function recompute(form) {
    const { table, id } = recordOf(form);
    const run = crypto.randomUUID();
    await startRun(table, [id], run);
    return followRun(run, PATIENCE_MS, () => void 0);
  }
  async function result(form) {
    const { table, id } = recordOf(form);
    const models = await modelsOf(table);
    const row = models.length ? await readVerdictRow(table, id, models).catch(() => null) : null;
    if (!row) return say("recomputed");
    return models.map((model) => say("recomputedAs", { verdict: brief(model, row) })).join(" \xB7 ");
  }

  // src/watch.ts
  var OFTEN_MS = 2e3;
  var SELDOM_MS = 15e3;
  var RARELY_MS = 6e4;
  var HURRY_MS = 3e4;
  var QUIET_MS = 10 * 6e4;
  function watch(look, goesOn) {
    const state = { timer: 0, moved: Date.now(), looking: false, ended: false };
    const plan = () => {
      clearTimeout(state.timer);
      if (!state.ended) state.timer = setTimeout(turn, pauseSince(state.moved));
    };
    const turn = async () => {
      if (state.looking || state.ended || document.hidden) return;
      if (!goesOn()) return stop();
      state.looking = true;
      if (await look().catch(() => false)) state.moved = Date.now();
      state.looking = false;
      plan();
    };
    const seen = () => void turn();
    const stop = () => {
      state.ended = true;
      clearTimeout(state.timer);
      document.removeEventListener("visibilitychange", seen);
    };
    const hurry = () => {
      state.moved = Date.now();
      plan();
    };
    document.addEventListener("visibilitychange", seen);
    seen();
    return { hurry, stop };
  }
  function pauseSince(moved) {
    const quiet = Date.now() - moved;
    if (quiet < HURRY_MS) return OFTEN_MS;
    return quiet < QUIET_MS ? SELDOM_MS : RARELY_MS;
  }

  // src/watches.ts
  var MOST = 5;
  var watches = /* @__PURE__ */ new Map();
  function keep(record2, watching) {
    drop(record2);
    watches.set(record2, watching);
    const [oldest] = watches.keys();
    if (watches.size > MOST && oldest !== void 0) drop(oldest);
  }
  function drop(record2) {
    watches.get(record2)?.stop();
    watches.delete(record2);
  }

  // src/formScript.ts
  async function onFormLoad(context) {
    const form = context.getFormContext();
    const { table, id } = recordOf(form);
    const models = await modelsOf(table);
    if (!models.length) return;
    const watching = watch(looking(form, models), staysWith(form));
    form.data.entity.addOnPostSave(() => watching.hurry());
    keep(`${table} ${id}`, watching);
  }
  function looking(form, models) {
    const isUnsaved = unsaved(form);
    const inFields = shows(form, columnsOf(models));
    let former = null;
    let stale = false;
    return async () => {
      const { table, id } = recordOf(form);
      if (!id) return false;
      const row = await readVerdictRow(table, id, models);
      const now = fingerprint(row, models);
      const changed = former !== null && former !== now;
      stale = inFields && (stale || changed);
      const renewable = stale && !isUnsaved();
      if (renewable) await form.data.refresh(false);
      stale &&= !renewable;
      if (former !== now || renewable) show(form, models, row, stale);
      former = now;
      return changed;
    };
  }
  function show(form, models, row, stale) {
    const hint = stale ? ` (${say("saveToSee")})` : "";
    for (const model of models) {
      const level = isParked(model, row) ? "WARNING" : "INFO";
      note(form, verdict(model, row) + hint, level, `gs_grade_${model.id}`);
    }
  }
  function fingerprint(row, models) {
    return JSON.stringify(columnsOf(models).map((name) => row[name] ?? null));
  }
  function staysWith(form) {
    let known = recordOf(form).id;
    return () => {
      try {
        const { id } = recordOf(form);
        known ||= id;
        return id === known;
      } catch {
        return false;
      }
    };
  }

  // src/gridButton.ts
  var PATIENCE_MS2 = 6e4;
  function recomputeSelected(grid, itemIds) {
    return attempt(async () => {
      const ids = [...new Set((itemIds ?? []).map(plainId))];
      if (!ids.length) return tell(say("selectFirst"), "warning");
      const outcome = await withProgress(
        (show2) => recompute2(grid.getEntityName(), ids, (tally) => show2(say("progress", figures(tally))))
      );
      grid.refresh();
      await report(outcome);
    });
  }
  async function recompute2(table, ids, told) {
    let tally = { ...NOTHING, total: ids.length };
    let late = false;
    try {
      for (let start = 0; start < ids.length; start += MOST_IDS) {
        const before = tally;
        const see = (run2) => told(tally = plus(before, run2));
        const run = await one(table, ids.slice(start, start + MOST_IDS), see);
        if (run) tally = plus(before, run);
        late ||= !run?.ended;
      }
    } catch (error) {
      return { tally, late, error };
    }
    return { tally, late };
  }
  async function one(table, ids, tell2) {
    const run = crypto.randomUUID();
    await startRun(table, ids, run);
    return followRun(run, PATIENCE_MS2, tell2);
  }
  function report({ tally, late, error }) {
    if (error !== void 0 && !tally.done) throw error;
    if (error !== void 0) return showBroken(tally, problemOf(error));
    if (tally.failed) return showPartial(tally);
    if (late) return tally.done ? tell(say("late"), "information") : tell(say("unseen"), "warning");
    return tell(done(tally));
  }

  // src/tableButton.ts
  var PATIENCE_MS3 = 5e3;
  var MOST_COUNTED = 5e4;
  var TOO_MANY = "8004e023";
  function recomputeAll(grid) {
    return attempt(async () => {
      const table = grid.getEntityName();
      if (!await confirmed(table)) return;
      const id = crypto.randomUUID();
      const run = await withProgress(async (show2) => {
        await startRun(table, [], id);
        return followRun(id, PATIENCE_MS3, (seen) => {
          if (seen.total) show2(say("progress", figures(seen)));
        });
      });
      grid.refresh();
      await report2(run);
    });
  }
  async function confirmed(table) {
    const records = await counted(table);
    const text = records === null ? say("confirmUncounted") : say("confirmAll", { count: records });
    const answer = await Xrm.Navigation.openConfirmDialog({
      title: say("confirmTitle"),
      text,
      confirmButtonLabel: say("start"),
      cancelButtonLabel: say("cancel")
    });
    return answer.confirmed;
  }
  async function counted(table) {
    try {
      const query = "?$apply=aggregate($count as records)";
      const { entities } = await Xrm.WebApi.retrieveMultipleRecords(table, query);
      return count(Number(entities[0]?.records ?? 0));
    } catch (error) {
      const many = problemOf(error).code === TOO_MANY;
      return many ? say("moreThan", { count: count(MOST_COUNTED) }) : null;
    }
  }
  function report2(run) {
    if (!run) return tell(say("unseen"), "warning");
    if (!run.ended) return tell(say("leftRunning", figures(run)), "information", showing(run));
    if (run.failed) return showPartial(run);
    return tell(done(run));
  }
  function showing(run) {
    const open = () => void Xrm.Navigation.openForm({ entityName: RUNS, entityId: run.id });
    return { actionLabel: say("showRun"), eventHandler: open };
  }
  return __toCommonJS(index_exports);
})();
