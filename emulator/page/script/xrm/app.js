/** Xrm.App: bars above the page. */

import { el } from "../dom.js";
import { t } from "../language.js";

const LEVELS = { 1: "success", 2: "error", 3: "warning", 4: "information" };
let made = 0;

export const App = {
  /** Shown until somebody closes it; the answer is its id. */
  async addGlobalNotification({ level, message, action, showCloseButton }) {
    const id = `bar-${++made}`;
    const bar = el(
      "div",
      { id, class: `bar-note ${LEVELS[level]}` },
      el("span", { dir: "auto" }, message),
      action ? el("button", { type: "button", click: action.eventHandler }, action.actionLabel) : null,
      showCloseButton ? el("button", { type: "button", "aria-label": t("dismiss"), click: () => bar.remove() }, "×") : null,
    );
    document.getElementById("bars").append(bar);
    return id;
  },
};
