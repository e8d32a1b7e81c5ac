/** The explanation as a table whose last column adds up to the score. */

import { el } from "./dom.js";
import { day, exact, whole } from "./format.js";
import { t, titled } from "./language.js";

/** The parts, then whatever else moved the score, then the score itself. */
export function partsTable(why) {
  const heads = ["indicator", "value", "pointsColumn", "weight", "contribution"];
  return el(
    "table",
    { class: "grid parts" },
    el("thead", {}, el("tr", {}, heads.map((word, place) => heading(word, place > 0)))),
    el("tbody", {}, why.parts.map(part), others(why.others), extras(why)),
    el("tfoot", {}, sumLine(t("score"), why.score)),
  );
}

function heading(word, number) {
  return el("th", { scope: "col", class: number ? "number" : null }, t(word));
}

function part({ indicator, title, value, rows, window, points, weight, contribution }) {
  const details = [rows === null ? null : t("ofRows", { rows: whole(rows) }), window && span(window)];
  return el(
    "tr",
    {},
    el("td", {}, titled(title, indicator), el("div", { class: "quiet" }, details.filter(Boolean).join(" · "))),
    number(decimal(value)),
    number(exact(points)),
    number(`× ${exact(weight)}`),
    number(exact(contribution)),
  );
}

function decimal(value) {
  if (value === null) return t("none");
  return /^-?\d+(\.\d+)?$/.test(value) ? exact(value) : String(value);
}

function span([from, to]) {
  return [from, to].map((end) => (end ? day(end) : "…")).join(" – ");
}

function number(text) {
  return el("td", { class: "number" }, el("bdi", {}, text));
}

function others(rest) {
  return rest ? [sumLine(t("others", { parts: whole(rest.parts) }), rest.contribution)] : [];
}

/** Base, group clamps, scale and rounding, where they are not zero. */
function extras({ base, groups, scale, rounding }) {
  const lines = [
    [t("base"), base],
    ...Object.entries(groups).map(([name, clamp]) => [t("group", { name }), clamp]),
    [t("scale"), scale],
    [t("rounding"), rounding],
  ];
  return lines.filter(([, share]) => Number(share) !== 0).map(([name, share]) => sumLine(name, share));
}

function sumLine(name, share) {
  return el("tr", {}, el("th", { scope: "row", colspan: 4 }, name), number(exact(share)));
}
