/** The score card of a form: gauge, grade, reasons in words, and what is missing to the next grade. */

import { chip, coloured, gradeOf, gradeWord } from "./cells.js";
import { el, svg } from "./dom.js";
import * as format from "./format.js";
import { t, titled } from "./language.js";

const FEW_DIGITS = 6;

/** Everything that the columns of a scored row say. */
export function scorecard(view, row, why) {
  const { output } = view;
  const grade = gradeOf(view, row);
  if (row[output.score] === null && grade === null) {
    return [el("p", { class: "verdict" }, t("noScore")), el("p", { class: "quiet" }, t("noScoreHint"))];
  }
  return [
    row[output.score] === null ? null : gauge(view, row[output.score], grade),
    el(
      "div",
      { class: "verdict" },
      el("div", {}, el("span", { class: "quiet" }, t("grade")), " ", chip(view, grade)),
      asOf(row[output.scored_on] ?? why?.as_of),
    ),
    output.reasons ? reasons(view, row[output.reasons]) : null,
    why && next(view, why),
  ];
}

function asOf(instant) {
  return instant ? el("p", { class: "quiet" }, t("asOf", { moment: format.moment(instant) })) : null;
}

/** A ring that is as full as the score of its range; only the number where there is no range. */
function gauge(view, score, grade) {
  const shape = { cx: 60, cy: 60, r: 52, fill: "none", "stroke-width": 12, pathLength: 100 };
  const text = format.score(score);
  const size = text.length > FEW_DIGITS ? "gauge-score long" : "gauge-score";
  const ring = svg(
    "svg",
    { viewBox: "0 0 120 120", class: "gauge", role: "img", "aria-label": `${t("score")}: ${text}` },
    svg("circle", { ...shape, class: "track" }),
    svg("circle", {
      ...shape,
      class: "arc",
      "stroke-dasharray": `${share(view.range, score)} 100`,
      transform: "rotate(-90 60 60)",
    }),
    svg("text", { x: 60, y: 60, class: size }, text),
    svg("text", { x: 60, y: 82, class: "gauge-word" }, t("score")),
  );
  return coloured(ring, view, grade);
}

function share([least, most], score) {
  if (least === null || most === null) return 0;
  return Math.min(Math.max((100 * (score - least)) / (most - least), 0), 100);
}

function reasons(view, codes) {
  const listed = (codes ?? "").split(",").filter(Boolean);
  return el(
    "section",
    { class: "reasons" },
    el("h3", {}, t("reasons")),
    listed.length
      ? el("ol", {}, listed.map((code) => el("li", {}, inWords(view, code))))
      : el("p", { class: "quiet" }, t("noReasons")),
  );
}

function inWords(view, code) {
  return titled(view.reasons[code], code.replaceAll("_", " "));
}

function next(view, why) {
  const step = why.next_grade;
  return el(
    "section",
    { class: "next" },
    el("h3", {}, step ? t("nextGrade", { grade: gradeWord(view, step.grade) }) : t("topGrade")),
    step
      ? el("p", { class: "missing" }, t("points", { points: format.exact(step.missing) }))
      : el("p", { class: "quiet" }, t("best")),
  );
}
