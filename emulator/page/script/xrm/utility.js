/** Xrm.Utility: the progress indicator, and who is asking in which language. */

import { el } from "../dom.js";
import { language } from "../language.js";
import { address } from "../resources.js";

const LCIDS = { en: 1033, fa: 1065 };
const indicator = el("dialog", { class: "progress", role: "status", cancel: (event) => event.preventDefault() });
let user = { userId: "", userName: "" };

/** Tell whose session it is; main does once it knows. */
export function signIn(id, name) {
  user = { userId: `{${id.toUpperCase()}}`, userName: name };
}

/** Minutes that the user's clock is ahead of UTC; here the user's zone is the browser's. */
export function getTimeZoneOffsetMinutes(date = new Date()) {
  return -date.getTimezoneOffset();
}

/** The user's language and direction, as scripts and controls are told. */
export function userSettings() {
  return { ...user, languageId: LCIDS[language()], isRTL: language() === "fa", getTimeZoneOffsetMinutes };
}

export const Utility = {
  /** Another call while it is shown changes the message only. */
  showProgressIndicator(message) {
    indicator.replaceChildren(el("span", { class: "spinner" }), el("span", { class: "progress-text", dir: "auto" }, message));
    if (!indicator.isConnected) document.body.append(indicator);
    if (!indicator.open) indicator.showModal();
  },

  closeProgressIndicator() {
    indicator.close();
    indicator.remove();
  },

  getGlobalContext: () => ({
    userSettings: userSettings(),
    getClientUrl: () => location.origin,
    getWebResourceUrl: address,
  }),
};
