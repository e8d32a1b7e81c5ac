/** Counts, scores and moments in the user's language: Persian digits and calendar in Persian. */

import { type Language, language } from "./language";

const NUMBERS: Record<Language, string> = { en: "en", fa: "fa-IR" };
const CALENDARS: Record<Language, string> = { en: "en", fa: "fa-IR-u-ca-persian" };
const MINUTE_MS = 60_000;

export function count(value: number): string {
  return new Intl.NumberFormat(NUMBERS[language()]).format(value);
}

/** A score: whole, or with two decimals. */
export function score(value: number): string {
  const digits = Number.isInteger(value) ? 0 : 2;
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(NUMBERS[language()], places).format(value);
}

/** An instant of the Web API in the time zone of the user's settings, not of the browser. */
export function moment(iso: string): string {
  const offset = Xrm.Utility.getGlobalContext().userSettings.getTimeZoneOffsetMinutes();
  const local = new Date(new Date(iso).getTime() + offset * MINUTE_MS);
  const shape = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(CALENDARS[language()], shape).format(local);
}
