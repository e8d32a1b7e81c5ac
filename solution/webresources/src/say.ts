/** A text in the user's language with its values put in. In Persian, Latin values are isolated, so
 * that «A+» does not become «+A» between words that run from right to left. */

import { language } from "./language";
import { type Word, WORDS } from "./words";

const LATIN = /[A-Za-z]/;
const ISOLATE = "\u2068";
const END = "\u2069";

export function say(word: Word, values: Readonly<Record<string, string>> = {}): string {
  const text = WORDS[language()][word];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => isolated(values[name] ?? ""));
}

function isolated(value: string): string {
  const mixes = language() === "fa" && LATIN.test(value) && !value.includes(ISOLATE);
  return mixes ? ISOLATE + value + END : value;
}
