/** The controls for a value: one small function a kind; `read` answers undefined for what is none. */

import { el } from "./dom.js";
import { day, exact, moment, money, parseAmount } from "./format.js";
import { language, t } from "./language.js";
import { label } from "./webapi.js";

/** Kinds that can be changed here; the others are shown as text. */
const CONTROLS = {
  number: amount,
  money: amount,
  choice: picked,
  state: picked,
  flag: picked,
  day: (column, row) => dated(column, "date", (row[column.name] ?? "").slice(0, 10), (text) => text),
  moment: (column, row) => dated(column, "datetime-local", wallTime(row[column.name]), (text) => new Date(text).toISOString().replace(/\.\d+Z$/, "Z")),
  text: (column, row) => plain(column, row[column.name] ?? ""),
};

/** `{element, note, values}`: `values()` is what a save would send; null while the input is none. */
export function field(column, row) {
  const make = column.editable ? CONTROLS[column.kind] : null;
  return make ? make(column, row) : { element: el("bdi", {}, shown(column, row)), values: () => ({}) };
}

/** A value as text. */
export function shown({ kind, property, options }, row) {
  const value = row[property];
  if (value === null || value === undefined) return t("none");
  if (kind === "day") return day(value);
  if (kind === "moment") return moment(value);
  if (kind === "money") return money(value);
  if (kind === "number") return exact(value);
  const option = options.find((each) => each.value === value);
  return option?.title() ?? label(row, property) ?? String(value);
}

function amount(column, row) {
  const before = row[column.name];
  const element = el("input", {
    class: "amount", inputmode: "decimal", dir: "ltr", "aria-label": column.title(),
    value: before === null || before === undefined ? "" : exact(before),
  });
  return { element, values: () => {
    const typed = element.value.trim() === "" ? null : parseAmount(element.value);
    if (typed === null && element.value.trim() !== "") return null;
    return typed === (before ?? null) ? {} : { [column.name]: typed };
  } };
}

function picked(column, row) {
  const before = row[column.name] ?? null;
  const options = column.options.map((option, place) => el("option", { value: place }, option.title()));
  if (before === null) options.unshift(el("option", { value: "" }, t("none")));
  const element = el("select", { "aria-label": column.title() }, options);
  element.value = before === null ? "" : column.options.findIndex((option) => option.value === before);
  return { element, values: () => {
    const chosen = column.options[element.value];
    if (!chosen || chosen.value === before) return {};
    const status = column.kind === "state" ? { statuscode: chosen.status } : {};
    return { [column.name]: chosen.value, ...status };
  } };
}

/** Browsers pick days by their own calendar; `note` says the day in the page's. */
function dated(column, type, value, sent) {
  const step = type === "date" ? null : 1;
  const note = el("div", { class: "quiet" });
  const say = () => (note.textContent = language() === "fa" && element.value ? day(element.value) : "");
  const element = el("input", { type, value, step, "aria-label": column.title(), input: say });
  const before = element.value;
  say();
  return { element, note, values: () => {
    if (element.value === before) return {};
    return { [column.name]: element.value ? sent(element.value) : null };
  } };
}

function plain(column, before) {
  const element = el("input", { dir: "auto", value: before, "aria-label": column.title() });
  return { element, values: () => (element.value === before ? {} : { [column.name]: element.value || null }) };
}

/** An instant as the wall clock of the reader shows it. */
function wallTime(instant) {
  if (!instant) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
