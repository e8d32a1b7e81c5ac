/** The rows that a record's score is made of: shown, changed and added inside its form. */

import { LOCATIONS, commandBar } from "./commands.js";
import { el } from "./dom.js";
import { columnsRead, editor } from "./editor.js";
import { t } from "./language.js";
import { describe } from "./metadata.js";
import { attempt, showProblem } from "./notices.js";
import { subgrid } from "./subgrid.js";
import { createRow } from "./webapi.js";
import { gridControl } from "./xrm/grid.js";

/** A section for one way down from a record (`path`: hops of table and lookup). `form`: its view, id
 * and context. */
export function related(form, way) {
  const section = el("section", { class: "card", "data-table": way.table });
  fill(section, form, way).catch(showProblem);
  return section;
}

async function fill(section, { view, id, context: primary }, way) {
  const tables = [view.meta, ...(await Promise.all(way.path.map(([table]) => describe(table))))];
  const meta = tables.at(-1);
  const columns = meta.pick([meta.name, ...way.columns]);
  const select = columnsRead(meta, columns);
  const grid = subgrid({
    heads: columns,
    address: `${meta.set}?$select=${select}&$filter=${belonging(tables, way.path)} eq ${id}&$orderby=createdon desc`,
    line: (row, box) => editor(meta, columns, row, null, box).line,
  });
  const control = gridControl(meta, grid.rows, grid.refresh);
  const commands = commandBar(way.table, LOCATIONS.subgrid, { primary, grid: control, rows: grid.rows, meta });
  section.replaceChildren(
    el("div", { class: "title" }, el("h2", {}, meta.title()), el("div", { class: "tools" }, commands, adder())),
    ...grid.elements,
  );

  /** Only a row right below the record can be added here. */
  function adder() {
    if (way.path.length > 1) return null;
    const add = async () => {
      const bind = `${meta.parent(way.path[0][1], view.table)}@odata.bind`;
      const fresh = { [bind]: `/${view.meta.set}(${id})`, ...named(meta) };
      grid.put(await createRow(`${meta.set}?$select=${select}`, fresh));
    };
    const click = ({ currentTarget: button }) => attempt(button, t("saving"), add);
    return el("button", { type: "button", click }, t("add"));
  }
}

/** The lookup of the record, by way of the tables between. */
function belonging(tables, path) {
  const ups = path.slice(1).map(([, lookup], place) => tables[place + 2].parent(lookup, tables[place + 1].table));
  return [...ups.reverse(), `_${path[0][1]}_value`].join("/");
}

function named(meta) {
  return meta.columns.get(meta.name)?.editable ? { [meta.name]: t("newRow") } : {};
}
