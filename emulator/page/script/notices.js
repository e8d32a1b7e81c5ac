/** What happened: toasts that go by themselves, and a dialog for what did not work. */

import { ask } from "./dialog.js";
import { el } from "./dom.js";
import { t } from "./language.js";

const SECONDS = 6;
let shown = null;

/** Say something in passing; `tone` colours it. */
export function toast(text, tone = "good") {
  const notice = el("div", { class: `toast ${tone}` }, text);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), SECONDS * 1000);
}

/** Show an error until it is closed, with Dataverse's message and code; one at a time. */
export function showProblem(error) {
  const quiet = [error.status, error.code].filter(Boolean).join(" · ");
  shown ??= ask({ title: t("problem"), text: error.message, quiet, buttons: [["close", t("dismiss")]], kind: "problem" })
    .then(() => (shown = null));
  return shown;
}

/** Run something that a user asked for; an error is shown, the button is busy meanwhile. Its answer
 * is that of the action. */
export async function attempt(button, busy, action) {
  const text = button.textContent;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  button.textContent = busy;
  try {
    return await action();
  } catch (error) {
    showProblem(error);
  } finally {
    button.textContent = text;
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
