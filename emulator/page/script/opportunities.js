/** An account's opportunities, to read. */

import { text } from "./cells.js";
import { el } from "./dom.js";
import { day, money } from "./format.js";
import { t } from "./language.js";
import { subgrid } from "./subgrid.js";
import { label } from "./webapi.js";

const SELECT = "$select=name,estimatedvalue,estimatedclosedate,statecode";
const STATES = { 0: "open", 1: "won", 2: "lost" };

export function opportunities(account) {
  return subgrid({
    title: "opportunities",
    empty: "noOpportunities",
    heads: ["name", "state", "estimate", "close"],
    address: `opportunities?${SELECT}&$filter=_customerid_value eq ${account}&$orderby=statecode,estimatedclosedate`,
    line,
  });
}

function line(row) {
  return el(
    "tr",
    {},
    el("td", {}, text(row.name)),
    el("td", {}, STATES[row.statecode] ? t(STATES[row.statecode]) : label(row, "statecode")),
    el("td", {}, row.estimatedvalue === null ? t("none") : money(row.estimatedvalue)),
    el("td", {}, row.estimatedclosedate ? day(row.estimatedclosedate) : t("none")),
  );
}
