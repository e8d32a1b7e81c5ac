/** Xrm.Navigation: the dialogs that scripts open. */

import { ask } from "../dialog.js";
import { t } from "../language.js";
import { showRecord } from "../records.js";

export const Navigation = {
  openErrorDialog: ({ message, details, errorCode }) =>
    ask({ title: t("problem"), text: message ?? "", quiet: details ?? hex(errorCode), buttons: [["ok", t("ok")]], kind: "problem" })
      .then(() => undefined),

  openForm: async ({ entityName, entityId }) => {
    await showRecord(entityName, entityId);
    return { savedEntityReference: [] };
  },

  openAlertDialog: ({ title, text, confirmButtonLabel }) =>
    ask({ title: title ?? t("app"), text, buttons: [["ok", confirmButtonLabel ?? t("ok")]] }).then(() => undefined),

  openConfirmDialog: async ({ title, subtitle, text, confirmButtonLabel, cancelButtonLabel }) => {
    const buttons = [["yes", confirmButtonLabel ?? t("ok")], ["no", cancelButtonLabel ?? t("cancel")]];
    return { confirmed: (await ask({ title: title ?? t("app"), text, quiet: subtitle, buttons })) === "yes" };
  },
};

/** A code as the service writes it. */
function hex(code) {
  return code ? `0x${(code >>> 0).toString(16).padStart(8, "0")}` : "";
}
