/** What happened: toasts that go by themselves, and a dialog for what did not work. */

import { el } from "./dom.js";
import { t } from "./language.js";

const SECONDS = 6;

/** Say something in passing; `tone` colours it. */
export function toast(text, tone = "good") {
  const notice = el("div", { class: `toast ${tone}` }, text);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), SECONDS * 1000);
}

/** Show an error until it is closed, with Dataverse's message and code. */
export function showProblem(error) {
  const dialog = document.getElementById("problem");
  document.getElementById("problem-title").textContent = t("problem");
  document.getElementById("problem-text").textContent = error.message;
  document.getElementById("problem-code").textContent = [error.status, error.code]
    .filter(Boolean)
    .join(" · ");
  document.getElementById("problem-close").textContent = t("dismiss");
  if (!dialog.open) dialog.showModal();
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
