/** Numbers, money and dates in the page's language; decimal text keeps every digit. */

import { language } from "./language.js";

const LOCALES = { en: "en", fa: "fa-IR" };
const CALENDARS = { en: "en", fa: "fa-IR-u-ca-persian" };
const PERSIAN_ZERO = "۰".codePointAt(0);
const ARABIC_ZERO = "٠".codePointAt(0);

function numbers(options) {
  return new Intl.NumberFormat(LOCALES[language()], options);
}

/** A count. */
export function whole(value) {
  return numbers().format(value);
}

/** A decimal as text or number with the digits it has, trailing zeros cut; zero has no sign. */
export function exact(value) {
  return numbers({ maximumFractionDigits: 20, signDisplay: "negative" }).format(value);
}

/** A score: whole, or with two decimals. */
export function score(value) {
  const digits = Number.isInteger(Number(value)) ? 0 : 2;
  return numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Rials, grouped. */
export function money(value) {
  const options = { style: "currency", currency: "IRR", maximumFractionDigits: 2 };
  return numbers({ ...options, minimumFractionDigits: 0 }).format(value);
}

/** A day, `2026-06-15`. */
export function day(iso) {
  const format = new Intl.DateTimeFormat(CALENDARS[language()], { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
}

/** An instant, to the second, in the reader's own time zone. */
export function moment(iso) {
  const options = { dateStyle: "medium", timeStyle: "medium" };
  return new Intl.DateTimeFormat(CALENDARS[language()], options).format(new Date(iso));
}

/** What somebody typed as an amount, in any of the three sorts of digits; null when it is none. */
export function parseAmount(text) {
  const latin = text
    .replace(/[۰-۹]/g, (digit) => digit.codePointAt(0) - PERSIAN_ZERO)
    .replace(/[٠-٩]/g, (digit) => digit.codePointAt(0) - ARABIC_ZERO)
    .replace(/[,٬\s\u200e]/g, "")
    .replace("٫", ".")
    .replace("\u2212", "-");
  return /^-?\d+(\.\d{1,4})?$/.test(latin) ? Number(latin) : null;
}
