/** Xrm.WebApi: rows and messages of the org, as scripts on forms ask for them. */

import { describe } from "../metadata.js";
import { call, readRow, readRows } from "../webapi.js";

const ACTION = 0;

async function retrieveRecord(table, id, options = "") {
  const { set } = await describe(table).catch(told);
  return readRow(`${set}(${bare(id)})${options}`).catch(told);
}

async function retrieveMultipleRecords(table, options = "", maxPageSize = null) {
  const { set } = await describe(table).catch(told);
  const page = await readRows(`${set}${options}`, maxPageSize).catch(told);
  return { entities: page.rows, nextLink: page.next ?? undefined };
}

/** An unbound action or Custom API, described by the request itself; its answer is like fetch's. */
async function execute(request) {
  const { operationType, operationName, parameterTypes, boundParameter } = request.getMetadata();
  if (operationType !== ACTION || boundParameter) throw new TypeError("This host executes unbound actions only.");
  const parameters = Object.fromEntries(
    Object.keys(parameterTypes).filter((name) => request[name] !== undefined).map((name) => [name, request[name]]),
  );
  return call(operationName, parameters).catch(told);
}

/** Refusals as scripts get them: a plain object with the code as a number. */
function told({ message, status, code }) {
  const errorCode = code ? Number.parseInt(code, 16) : status;
  throw { errorCode, code: errorCode, message, title: "", raw: JSON.stringify({ _errorCode: errorCode, _httpStatusCode: status }) };
}

function bare(id) {
  return id.replace(/[{}]/g, "");
}

const requests = { retrieveRecord, retrieveMultipleRecords, execute };

export const WebApi = { ...requests, online: requests };
