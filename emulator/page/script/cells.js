/** Grades as coloured chips, in the words and colours of the model. */

import { el } from "./dom.js";
import { t, titled } from "./language.js";
import { label } from "./webapi.js";

/** The grade of a row by the model's own name for it; null while there is none. */
export function gradeOf(view, row) {
  const column = view.output.grade;
  const stored = column ? (label(row, column) ?? row[column]) : null;
  const named = Object.entries(view.grades).find(
    ([name, { title }]) => name === stored || title.en === stored || title.fa === stored,
  );
  return named ? named[0] : stored;
}

/** How people call it. */
export function gradeWord(view, grade) {
  return titled(view.grades[grade]?.title, grade) ?? t("none");
}

/** Give an element the colour of a grade. */
export function coloured(element, view, grade) {
  element.classList.add("toned");
  const colour = view.grades[grade]?.color;
  if (colour) element.style.setProperty("--tone", colour);
  return element;
}

/** A coloured grade; a dash while there is none. */
export function chip(view, grade) {
  if (!grade) return el("span", { class: "quiet" }, t("none"));
  return coloured(el("span", { class: "chip", "data-grade": grade }, gradeWord(view, grade)), view, grade);
}

/** Text of either direction. */
export function text(value) {
  return el("bdi", {}, value ?? t("none"));
}
