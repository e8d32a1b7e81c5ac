/** Tables as the Web API's metadata tells them: addresses, columns, options, ways to parents. */

import { titledLabel } from "./persian.js";
import { readRow, readRows } from "./webapi.js";

const CAST = "Microsoft.Dynamics.CRM.";
const CHOICES = { Picklist: "PicklistAttributeMetadata", State: "StateAttributeMetadata", Boolean: "BooleanAttributeMetadata" };
const LOOKUPS = new Set(["Lookup", "Customer", "Owner"]);
const NUMBERS = new Set(["Money", "Decimal", "Double", "Integer", "BigInt"]);
const known = {};

/** A table by its logical name: `{table, set, id, name, title, columns, parents, pick}`. */
export function describe(table) {
  known[table] ??= read(table);
  return known[table];
}

async function read(table) {
  const address = `EntityDefinitions(LogicalName='${table}')`;
  const [found, details] = await Promise.all([
    readRow(`${address}?$select=EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,DisplayCollectionName`
      + "&$expand=Attributes($select=LogicalName,AttributeType,DisplayName,IsValidForUpdate)"
      + ",ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName)"),
    readDetails(`${address}/Attributes/${CAST}`),
  ]);
  const columns = new Map(found.Attributes.map((item) => [item.LogicalName, column(item, details)]));
  return {
    table,
    set: found.EntitySetName,
    id: found.PrimaryIdAttribute,
    name: found.PrimaryNameAttribute,
    title: () => titledLabel(found.DisplayCollectionName, table),
    columns,
    parent: (lookup, target) => found.ManyToOneRelationships.find(
      (item) => item.ReferencingAttribute === lookup && item.ReferencedEntity === target,
    )?.ReferencingEntityNavigationPropertyName,
    pick: (names) => pick(columns, names),
  };
}

/** Options of the choices and formats of the dates, by column. */
async function readDetails(address) {
  const choices = Object.values(CHOICES).map((kind) => readRows(`${address}${kind}?$select=LogicalName&$expand=OptionSet`));
  const dates = readRows(`${address}DateTimeAttributeMetadata?$select=LogicalName,Format`);
  const pages = await Promise.all([...choices, dates]);
  return new Map(pages.flatMap((page) => page.rows).map((row) => [row.LogicalName, row]));
}

function column(item, details) {
  const name = item.LogicalName;
  const detail = details.get(name);
  const kind = kindOf(item.AttributeType, detail);
  return {
    name,
    kind,
    property: kind === "lookup" ? `_${name}_value` : name,
    editable: item.IsValidForUpdate,
    title: () => titledLabel(item.DisplayName, name),
    options: optionsOf(item.AttributeType, detail?.OptionSet),
  };
}

function kindOf(type, detail) {
  if (type === "DateTime") return detail?.Format === "DateOnly" ? "day" : "moment";
  if (NUMBERS.has(type)) return type === "Money" ? "money" : "number";
  if (LOOKUPS.has(type)) return "lookup";
  return { Picklist: "choice", State: "state", Boolean: "flag" }[type] ?? "text";
}

function optionsOf(type, set) {
  if (!set) return [];
  const options = type === "Boolean" ? [set.FalseOption, set.TrueOption] : set.Options;
  return options.map((option) => ({
    value: type === "Boolean" ? option.Value === 1 : option.Value,
    status: option.DefaultStatus,
    colour: option.Color ?? undefined,
    title: () => titledLabel(option.Label, String(option.Value)),
  }));
}

/** These columns; instead of an amount in the base currency the one that people enter. */
function pick(columns, names) {
  const entered = names.map((name) => (columns.has(name.replace(/_base$/, "")) ? name.replace(/_base$/, "") : name));
  return [...new Set(entered)].map((name) => columns.get(name)).filter(Boolean);
}
