/** How a column is shown in a list: one small function a kind. */

import { el } from "./dom.js";
import * as format from "./format.js";
import { t } from "./language.js";
import { label } from "./webapi.js";

/** A customer's grade runs from good to bad, an order's priority from urgent to calm. */
const TONES = {
  A: "tone-1", B: "tone-2", C: "tone-3", D: "tone-4",
  P1: "tone-4", P2: "tone-3", P3: "tone-2", P4: "tone-0",
};

/** The class that colours this grade. */
export function tone(grade) {
  return TONES[grade] ?? "tone-0";
}

/** A coloured grade; a dash while there is none. */
export function chip(grade) {
  if (!grade) return el("span", { class: "quiet" }, t("none"));
  return el("span", { class: `chip ${tone(grade)}` }, grade);
}

/** Text of either direction. */
export function text(value) {
  return el("bdi", {}, value ?? t("none"));
}

const shown = (row, column, how) => (row[column] === null ? t("none") : how(row[column]));

export const CELLS = {
  link: (row, column, address) => el("a", { href: address }, text(row[column])),
  text: (row, column) => text(row[column]),
  lookup: (row, column) => text(label(row, column)),
  grade: (row, column) => chip(label(row, column)),
  score: (row, column) => shown(row, column, format.score),
  money: (row, column) => shown(row, column, format.money),
  day: (row, column) => shown(row, column, format.day),
  moment: (row, column) => shown(row, column, format.moment),
};

export const NUMERIC = new Set(["score", "money"]);
