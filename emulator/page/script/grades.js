/** The choice of grades to list, from the column's own metadata. */

import { el } from "./dom.js";
import { language, t } from "./language.js";
import { showProblem } from "./notices.js";
import { readRow } from "./webapi.js";

const LCIDS = { en: 1033, fa: 1065 };
const known = {};

/** A select of the grades of this table; tells the option's value, or "" for all. */
export function gradeFilter(table, current, chosen) {
  const select = el("select", {
    id: "grade",
    "aria-label": t("grade"),
    change: (event) => chosen(event.target.value),
  });
  select.append(el("option", { value: "" }, t("everyGrade")));
  const fill = (options) => {
    select.append(...options.map((option) => el("option", { value: option.Value }, named(option))));
    select.value = current;
  };
  options(table).then(fill).catch(showProblem);
  return select;
}

function named(option) {
  const labels = option.Label.LocalizedLabels;
  const own = labels.find((item) => item.LanguageCode === LCIDS[language()]);
  return (own ?? option.Label.UserLocalizedLabel).Label;
}

async function options(table) {
  const column = `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='gs_grade')`;
  const type = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
  known[table] ??= (await readRow(`${column}/${type}?$select=LogicalName&$expand=OptionSet`)).OptionSet.Options;
  return known[table];
}
