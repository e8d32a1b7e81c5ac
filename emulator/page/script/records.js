/** Any record of the org, to look at: for tables that have no form on this page. */

import { ask } from "./dialog.js";
import { shown } from "./fields.js";
import { t } from "./language.js";
import { describe } from "./metadata.js";
import { readRow } from "./webapi.js";

/** Show what its columns hold until it is closed. */
export async function showRecord(table, id) {
  const meta = await describe(table);
  const row = await readRow(`${meta.set}(${id.replace(/[{}]/g, "")})`);
  const filled = [...meta.columns.values()].filter(({ property }) => (row[property] ?? null) !== null);
  const text = filled.map((column) => `${column.title()}: ${shown(column, row)}`).join("\n");
  await ask({ title: row[meta.name] ?? table, text, buttons: [["close", t("dismiss")]] });
}
