// How texts, numbers and moments read for the user: Persian with its digits and the Jalali calendar,
// or English. Numbers are decimal strings and stay exact.

import { Decimal, isDecimal, magnitude } from "./decimal";
import { Title, Value } from "./explanation";

export interface Language {
  readonly isPersian: boolean;
  readonly isRightToLeft: boolean;
  /** Minutes that the user's clock is ahead of UTC at an instant. */
  readonly offsetAt: (instant: Date) => number;
  readonly resource: (key: string) => string;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z?)$/;
const CODE_LIKE = /^-?0\d/;
const MINUTE = 60_000;
const [LEFT_TO_RIGHT, END] = ["\u2066", "\u2069"];

/** A text of the control, its places `{0}`, `{1}` filled. */
export function say(language: Language, key: string, ...told: string[]): string {
  const text = language.resource(key);
  return told.reduce((filled, each, place) => filled.replace(`{${place}}`, () => each), text);
}

export function titleOf(language: Language, title: Title | null, otherwise: string): string {
  const { en, fa } = title ?? {};
  return (language.isPersian ? fa || en : en || fa) || otherwise;
}

/** `isSigned` puts a plus before what adds. */
export function numberText(language: Language, amount: Decimal, isSigned = false): string {
  const [whole, part] = magnitude(amount).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  const minus = amount.startsWith("-") ? "\u2212" : isSigned && /[1-9]/.test(amount) ? "+" : "";
  const text = minus + (language.isPersian ? inPersian(grouped) : grouped);
  return minus && language.isRightToLeft ? LEFT_TO_RIGHT + text + END : text;
}

/** A day, `2026-06-15`. */
export function dayText(language: Language, day: string): string {
  return format(language, new Date(`${day}T00:00:00Z`), { dateStyle: "medium" });
}

/** The days of a window, its last one included although the explanation names the one after. */
export function windowText(language: Language, [start, end]: readonly (string | null)[]): string {
  const last = end && new Date(Date.parse(`${end}T00:00:00Z`) - 1440 * MINUTE);
  const told = [start && dayText(language, start), last && format(language, last, { dateStyle: "medium" })];
  const key = start && end ? "window" : start ? "window_since" : "window_until";
  return start || end ? say(language, key, ...told.map((each) => each || "")) : "";
}

/** An instant on the user's own clock; empty where the text is none. */
export function instantText(language: Language, instant: Date): string {
  if (Number.isNaN(instant.getTime())) return "";
  return clockText(language, new Date(instant.getTime() + language.offsetAt(instant) * MINUTE));
}

/** A value of an indicator: its text does not tell its kind, its shape does. */
export function valueText(language: Language, value: Value): string {
  if (value === null) return "\u2013";
  if (typeof value === "boolean") return say(language, value ? "yes" : "no");
  if (isDecimal(value) && !CODE_LIKE.test(value)) return numberText(language, value);
  if (DAY.test(value)) return dayText(language, value);
  const [instant, , zone] = INSTANT.exec(value) ?? [];
  if (instant === undefined) return value;
  return zone ? instantText(language, new Date(value)) : clockText(language, new Date(`${value}Z`));
}

/** What a clock on the wall shows, given as if it stood in UTC. */
function clockText(language: Language, local: Date): string {
  return format(language, local, { dateStyle: "medium", timeStyle: "short" });
}

function format(language: Language, moment: Date, style: Intl.DateTimeFormatOptions): string {
  const locale = language.isPersian ? "fa-IR-u-ca-persian-nu-arabext" : "en-GB";
  return new Intl.DateTimeFormat(locale, { ...style, timeZone: "UTC" }).format(moment);
}

function inPersian(text: string): string {
  const marks: Readonly<Record<string, string>> = { ",": "٬", ".": "٫" };
  return text.replace(/[\d,.]/g, (each) => marks[each] ?? String.fromCharCode(0x6f0 + Number(each)));
}
