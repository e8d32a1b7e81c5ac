/** Everything that is shown: progress, error dialogs, messages of the app and notes of a form. */

import { type Problem, problemOf } from "./problem";
import { say } from "./say";

type Level = "ERROR" | "WARNING" | "INFO";
type Form = Xrm.FormContext;

const MESSAGE_BAR = 2;
const LEVELS = { success: 1, warning: 3, information: 4 } as const;
const PASSING_MS = 15_000;
const NOTE = "gs_recompute";

/** Run something that a user asked for; what it throws becomes a dialog that says what to do. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const problem = problemOf(error);
    await showError(say(problem.kind), problem);
  }
}

/** A dialog; the technical details are in the file that it offers for download. */
export async function showError(message: string, problem?: Problem): Promise<void> {
  await Xrm.Navigation.openErrorDialog({ message, ...(problem && { details: detailsOf(problem) }) });
}

/** Do something behind a progress text that may be replaced; the text always goes. */
export async function withProgress<T>(action: (show: (text: string) => void) => Promise<T>): Promise<T> {
  const show = (text: string) => Xrm.Utility.showProgressIndicator(text);
  show(say("recomputing"));
  try {
    return await action(show);
  } finally {
    Xrm.Utility.closeProgressIndicator();
  }
}

/** A bar above the page that the user closes. */
export async function tell(
  message: string,
  level: keyof typeof LEVELS = "success",
  action?: Xrm.App.Action,
): Promise<void> {
  const bar = { type: MESSAGE_BAR, level: LEVELS[level], message, showCloseButton: true };
  await Xrm.App.addGlobalNotification({ ...bar, ...(action && { action }) });
}

/** A note above the form; the same id replaces the former one. */
export function note(form: Form, text: string, level: Level, id: string): void {
  form.ui.clearFormNotification(id);
  form.ui.setFormNotification(text, level, id);
}

/** What a press came to: gone after a while, so that it never contradicts a later grade. */
export function notePress(form: Form, text: string, level: Level = "INFO"): void {
  note(form, text, level, NOTE);
  setTimeout(() => form.ui.clearFormNotification(NOTE), PASSING_MS);
}

export function clearPress(form: Form): void {
  form.ui.clearFormNotification(NOTE);
}

function detailsOf(problem: Problem): string {
  const status = problem.status ? `HTTP ${problem.status}` : "";
  const code = problem.code ? `0x${problem.code}` : "";
  return [`gradesys: ${problem.kind}`, status, code, problem.message].filter(Boolean).join("\n");
}
