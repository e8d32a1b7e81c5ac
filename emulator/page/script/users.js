/** Whose page it is: the service user's, or with `?user=NAME` that of an application user. */

import { t } from "./language.js";
import { ApiProblem, become, literal, readRow, readRows } from "./webapi.js";
import { signIn } from "./xrm/utility.js";

/** Act as the user of this name from now on; the name to show, none for the service user. */
export async function signedIn(name) {
  if (name) become(await applicationOf(name));
  const { UserId: id } = await readRow("WhoAmI");
  signIn(id, name ?? "");
  return name ?? "";
}

async function applicationOf(name) {
  const users = await readRows(`systemusers?$select=applicationid&$filter=fullname eq ${literal(name)} and applicationid ne null`);
  if (!users.rows.length) throw new ApiProblem(t("noUser", { name }), 404);
  return users.rows[0].applicationid;
}
