/** The score card of a form: gauge, grade, reasons in words, and what is missing to the next grade. */

import { chip, tone } from "./cells.js";
import { el, svg } from "./dom.js";
import * as format from "./format.js";
import { language, t } from "./language.js";
import { label } from "./webapi.js";
import { REASONS } from "./words.js";

/** Everything that the columns of a scored row say. */
export function scorecard(row, why) {
  const grade = label(row, "gs_grade");
  if (row.gs_score === null) {
    return [el("p", { class: "verdict" }, t("noScore")), el("p", { class: "quiet" }, t("noScoreHint"))];
  }
  return [
    gauge(row.gs_score, grade),
    el(
      "div",
      { class: "verdict" },
      el("div", {}, el("span", { class: "quiet" }, t("grade")), " ", chip(grade)),
      asOf(row.gs_scoredon ?? why?.as_of),
    ),
    "gs_reasons" in row ? reasons(row.gs_reasons) : null,
    why && next(why),
  ];
}

function asOf(instant) {
  return instant ? el("p", { class: "quiet" }, t("asOf", { moment: format.moment(instant) })) : null;
}

function gauge(score, grade) {
  const shape = { cx: 60, cy: 60, r: 52, fill: "none", "stroke-width": 12, pathLength: 100 };
  const text = format.score(score);
  return svg(
    "svg",
    { viewBox: "0 0 120 120", class: `gauge ${tone(grade)}`, role: "img", "aria-label": `${t("score")}: ${text}` },
    svg("circle", { ...shape, class: "track" }),
    svg("circle", {
      ...shape,
      class: "arc",
      "stroke-dasharray": `${Math.min(Math.max(score, 0), 100)} 100`,
      transform: "rotate(-90 60 60)",
    }),
    svg("text", { x: 60, y: 60, class: "gauge-score" }, text),
    svg("text", { x: 60, y: 82, class: "gauge-word" }, t("score")),
  );
}

function reasons(codes) {
  const listed = (codes ?? "").split(",").filter(Boolean);
  return el(
    "section",
    { class: "reasons" },
    el("h3", {}, t("reasons")),
    listed.length
      ? el("ol", {}, listed.map((code) => el("li", {}, inWords(code))))
      : el("p", { class: "quiet" }, t("noReasons")),
  );
}

function inWords(code) {
  return REASONS[code]?.[language()] ?? code.replaceAll("_", " ");
}

function next(why) {
  const step = why.next_grade;
  return el(
    "section",
    { class: "next" },
    el("h3", {}, step ? t("nextGrade", { grade: step.grade }) : t("topGrade")),
    step
      ? el("p", { class: "missing" }, t("points", { points: format.exact(step.missing) }))
      : el("p", { class: "quiet" }, t("best")),
  );
}
