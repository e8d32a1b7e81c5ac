/** What can go wrong, told apart by what the user can do about it.
 *
 * Xrm rejects with a code and seldom a status; a Response has a status and seldom a code. */

import type { Word } from "./words";

export type Kind = Extract<
  Word,
  "forbidden" | "missing" | "busy" | "unavailable" | "offline" | "signedOut" | "noRules" | "runFailed" | "other"
>;

export class Problem extends Error {
  constructor(
    readonly kind: Kind,
    message: string,
    readonly status = 0,
    readonly code = "",
  ) {
    super(message);
  }
}

const BY_CODE: Readonly<Record<string, Kind>> = {
  "80040220": "forbidden",
  "80048306": "forbidden",
  "80072560": "forbidden",
  "8006088a": "missing",
  "80072321": "busy",
  "80072322": "busy",
  "80072326": "busy",
};
const BY_STATUS: Readonly<Record<number, Kind>> = {
  401: "signedOut",
  403: "forbidden",
  404: "missing",
  429: "busy",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** A problem of whatever was thrown. Where an answer had no code, Xrm tells its status instead. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const told = record(error);
  const number = told.errorCode ?? told.code;
  const isStatus = typeof number === "number" && number >= 400 && number < 600;
  const status = isStatus ? number : told.status;
  const message = typeof told.message === "string" ? told.message : String(error);
  return problem(message, typeof status === "number" ? status : 0, isStatus ? "" : code(number));
}

/** The problem of an answer that is none, read from its body as far as that is JSON. */
export async function problemIn(answer: Response): Promise<Problem> {
  const body = record(await answer.json().catch(() => null));
  const error = record(body.error);
  const message = typeof error.message === "string" ? error.message : answer.statusText;
  return problem(message, answer.status, code(error.code));
}

/** Whether asking again soon may well succeed. */
export function passes(problem: Problem): boolean {
  return ["busy", "unavailable", "offline"].includes(problem.kind);
}

function problem(message: string, status: number, code: string): Problem {
  const offline = globalThis.navigator?.onLine === false ? "offline" : undefined;
  const kind = offline ?? BY_CODE[code] ?? BY_STATUS[status] ?? "other";
  return new Problem(kind, message, status, code);
}

/** Eight hexadecimal digits; Xrm tells the same code as a signed number, the Web API as text. */
function code(told: unknown): string {
  if (typeof told === "number") return (told >>> 0).toString(16).padStart(8, "0");
  return typeof told === "string" ? told.toLowerCase().replace(/^0x/, "") : "";
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
