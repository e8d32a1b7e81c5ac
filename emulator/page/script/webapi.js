/** The Dataverse Web API on the page's own origin: rows, one row, a change, an action. */

import { t } from "./language.js";

const ROOT = new URL("/api/data/v9.2/", location.origin);
const LABEL = "OData.Community.Display.V1.FormattedValue";
const ANNOTATIONS = `${LABEL},Microsoft.Dynamics.CRM.lookuplogicalname`;
let authorization = {};

/** Send every request from now on as the user of this application; without it they are the service user's. */
export function become(application) {
  authorization = { Authorization: `Bearer ${application}` };
}

/** A refused request, with Dataverse's own message and code; status 0 when nobody answered. */
export class ApiProblem extends Error {
  constructor(message, status = 0, code = "") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A page of rows: `{rows, next, count}`; the address may be a nextLink. With a page size `$top` does
 * not count, as at the service. */
export async function readRows(address, pageSize = 50) {
  const pages = pageSize ? `odata.maxpagesize=${pageSize},` : "";
  const answer = await request("GET", address, { Prefer: pages + labels() });
  const body = await answer.json();
  return { rows: body.value, next: body["@odata.nextLink"] ?? null, count: body["@odata.count"] };
}

/** One row, or null while it still has this etag. */
export async function readRow(address, etag = null) {
  const known = etag ? { "If-None-Match": etag } : {};
  const answer = await request("GET", address, { Prefer: labels(), ...known });
  return answer.status === 304 ? null : answer.json();
}

/** A new row, as it is stored. */
export async function createRow(address, values) {
  return (await request("POST", address, { Prefer: `return=representation,${labels()}` }, values)).json();
}

/** Change a row, unless somebody else did meanwhile; the row as it is then. */
export async function changeRow(address, values, etag) {
  const headers = { Prefer: `return=representation,${labels()}`, "If-Match": etag };
  return (await request("PATCH", address, headers, values)).json();
}

/** Call an action or a Custom API; its answer as it comes. */
export function call(action, parameters) {
  return request("POST", action, {}, parameters);
}

/** The label of a choice or a lookup. */
export function label(row, column) {
  return row[`${column}@${LABEL}`] ?? null;
}

/** Text as an OData literal within an address. */
export function literal(text) {
  return encodeURIComponent(`'${text.replaceAll("'", "''")}'`);
}

function labels() {
  return `odata.include-annotations="${ANNOTATIONS}"`;
}

async function request(method, address, headers, body) {
  const answer = await sent(new URL(address, ROOT), {
    method,
    cache: "no-store",
    headers: { Accept: "application/json", ...authorization, ...headers, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  if (answer.ok || answer.status === 304) return answer;
  const error = (await answer.json().catch(() => ({}))).error;
  throw new ApiProblem(error?.message ?? answer.statusText, answer.status, error?.code);
}

async function sent(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new ApiProblem(t("offline"));
  }
}
