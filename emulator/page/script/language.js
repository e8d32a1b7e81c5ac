/** The page's language: English or Persian, remembered, with the direction of writing. */

import { WORDS } from "./words.js";

const STORED = "language";
const DIRECTIONS = { en: "ltr", fa: "rtl" };
const listeners = [];
let current = localStorage.getItem(STORED) === "fa" ? "fa" : "en";

export function language() {
  return current;
}

/** Text of this key; `{name}` is replaced by the value of that name. */
export function t(key, values = {}) {
  return WORDS[current][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A title in both languages, as rules carry it; else the other text. */
export function titled(title, otherwise) {
  return title?.[current] ?? title?.en ?? otherwise;
}

export function onLanguage(listener) {
  listeners.push(listener);
}

export function switchLanguage() {
  current = current === "en" ? "fa" : "en";
  localStorage.setItem(STORED, current);
  applyLanguage();
  for (const listener of listeners) listener();
}

/** Tell the document, so that direction, fonts and screen readers follow. */
export function applyLanguage() {
  document.documentElement.lang = current;
  document.documentElement.dir = DIRECTIONS[current];
}
