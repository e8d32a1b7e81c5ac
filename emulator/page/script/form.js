/** The form of a scored record: it follows the record's columns by itself. */

import { text } from "./cells.js";
import { el, flash } from "./dom.js";
import { day, money, score } from "./format.js";
import { invoices } from "./invoices.js";
import { t } from "./language.js";
import { showProblem, toast } from "./notices.js";
import { opportunities } from "./opportunities.js";
import { partsTable } from "./parts.js";
import { recomputeButton } from "./recompute.js";
import { scorecard } from "./scorecard.js";
import { watch } from "./watch.js";
import { label, readRow } from "./webapi.js";

/** Show one record; the answer ends the watching when the form is left. */
export function showForm(main, name, view, id) {
  const address = `${view.set}(${id})?$select=${view.formSelect}`;
  const form = { name, view, id, address, last: null };
  form.heading = el("div", {}, el("h1", {}, t("loading")));
  form.card = el("div", { class: "card scorecard" });
  form.parts = el("div", { class: "scrolled" });
  const watching = watch(address, (row) => show(form, row), (error) => lost(form, error));
  main.replaceChildren(
    el("a", { href: `#/${name}`, class: "back" }, t("back")),
    el("div", { class: "title" }, form.heading, el("div", { class: "tools" }, button(form))),
    form.card,
    el("section", { class: "card" }, el("h2", {}, t("how")), form.parts),
    ...sections(form, watching),
  );
  return watching.stop;
}

function button(form) {
  return recomputeButton(form.view.table, [form.id], t("recompute"), async () => {
    const row = await readRow(form.address);
    show(form, row);
    const words = { grade: label(row, "gs_grade") ?? t("none"), score: scoreOf(row) };
    toast(t("recomputed", words));
  });
}

function sections(form, watching) {
  if (form.name !== "accounts") return [];
  return [invoices(form.id, watching.hurry), opportunities(form.id)];
}

function show(form, row) {
  const why = row.gs_explanation && JSON.parse(row.gs_explanation);
  form.heading.replaceChildren(
    el("h1", {}, text(row.name)),
    el("p", { class: "quiet" }, subtitle(form.view, row)),
  );
  form.card.replaceChildren(...scorecard(row, why).filter(Boolean));
  form.parts.replaceChildren(...(why ? [partsTable(why)] : [el("p", { class: "quiet" }, t("noScore"))]));
  if (form.last) announce(form, form.last, row);
  form.last = row;
}

/** Say what is new since the form last looked. */
function announce(form, before, now) {
  const grade = label(now, "gs_grade");
  if (before.gs_score === now.gs_score && label(before, "gs_grade") === grade) return;
  flash(form.card);
  const changed = label(before, "gs_grade") !== grade;
  toast(t(changed ? "nowGrade" : "nowScore", { grade: grade ?? t("none"), score: scoreOf(now) }));
}

function scoreOf(row) {
  return row.gs_score === null ? t("none") : score(row.gs_score);
}

function subtitle(view, row) {
  const facts = view.subtitle(row).filter(Boolean).map((fact) => text(fact));
  if ("totalamount" in row) facts.push(text(money(row.totalamount)));
  if (row.requestdeliveryby) facts.push(text(`${t("delivery")}: ${day(row.requestdeliveryby)}`));
  return facts.flatMap((fact, place) => (place ? [" · ", fact] : [fact]));
}

function lost(form, error) {
  if (error.status === 404) form.heading.replaceChildren(el("h1", {}, t("gone")));
  else showProblem(error);
}
