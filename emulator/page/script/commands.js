/** Command bars: the buttons that the org's modern commands (`appaction` rows) put on a table's form,
 * list or subgrid, and what a press hands to the function of their web resource. */

import { el } from "./dom.js";
import { t } from "./language.js";
import { showProblem } from "./notices.js";
import { titledLabel } from "./persian.js";
import { loadScript, named } from "./resources.js";
import { literal, readRow, readRows } from "./webapi.js";

export const LOCATIONS = { form: 0, list: 1, subgrid: 2 };
const JAVASCRIPT = 2;
const COLUMNS = "appactionid,buttonlabeltext,onclickeventjavascriptfunctionname,onclickeventjavascriptparameters";

/** Parameters by the number that modern commands give them; `place` is `{primary, grid, rows, meta}`. */
const PARAMETERS = {
  2: ({ primary }) => primary?.data.entity.getEntityName() ?? null,
  3: ({ primary }) => (primary ? [primary.data.entity.getId()] : []),
  4: ({ primary }) => primary?.data.entity.getId() ?? null,
  5: ({ primary, grid }) => primary ?? grid,
  8: ({ meta }) => meta.table,
  10: ({ meta, rows }) => rows()[0]?.[meta.id] ?? null,
  12: ({ grid }) => grid,
  23: ({ meta, rows }) => rows().map((row) => row[meta.id]),
};

/** An element that fills itself with the commands of this table at this location. */
export function commandBar(table, location, place) {
  const bar = el("div", { class: "commands", role: "toolbar", "aria-label": t("commands") });
  readCommands(table, location)
    .then((commands) => bar.replaceChildren(...commands.map((command) => button(command, place))))
    .catch(showProblem);
  return bar;
}

async function readCommands(table, location) {
  const conditions = [
    `contextvalue eq ${literal(table)}`, `location eq ${location}`, `onclickeventtype eq ${JAVASCRIPT}`, "hidden eq false",
  ];
  const parts = [
    `$select=${COLUMNS}`, `$filter=${conditions.join(" and ")}`, "$orderby=sequence",
    "$expand=OnClickEventJavaScriptWebResourceId($select=name)",
  ];
  const { rows } = await readRows(`appactions?${parts.join("&")}`);
  return Promise.all(rows.map(async (row) => ({ ...row, title: await titleOf(row) })));
}

/** What the button says in the page's language: the row itself holds the base language's text. */
async function titleOf({ appactionid, buttonlabeltext }) {
  const moniker = encodeURIComponent(JSON.stringify({ "@odata.type": "Microsoft.Dynamics.CRM.appaction", appactionid }));
  const given = "EntityMoniker=@row,AttributeName='buttonlabeltext',IncludeUnpublished=false";
  const { Label } = await readRow(`RetrieveLocLabels(${given})?@row=${moniker}`);
  return titledLabel(Label, buttonlabeltext);
}

function button(command, place) {
  const click = () => press(command, place).catch(showProblem);
  return el("button", { type: "button", class: "command", click }, el("bdi", {}, command.title));
}

async function press(command, place) {
  await loadScript(command.OnClickEventJavaScriptWebResourceId.name);
  const parameters = JSON.parse(command.onclickeventjavascriptparameters ?? "[]");
  const values = parameters.map(({ type, value }) => (value === undefined ? PARAMETERS[type](place) : value));
  await named(command.onclickeventjavascriptfunctionname)(...values);
}
