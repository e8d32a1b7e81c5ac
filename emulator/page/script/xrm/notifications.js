/** The notes above a form that scripts set and clear. */

import { el } from "../dom.js";
import { t } from "../language.js";

/** `{element, set, clear}`; a note of the same id takes the place of the former. */
export function notifications() {
  const element = el("div", { class: "form-notes", role: "status" });
  const find = (id) => [...element.children].find((note) => note.dataset.note === id);
  const clear = (id) => {
    const note = find(id);
    note?.remove();
    return Boolean(note);
  };
  const set = (message, level, id) => {
    const dismiss = el("button", { type: "button", "aria-label": t("dismiss"), click: () => clear(id) }, "×");
    const note = el("div", { class: `form-note ${level.toLowerCase()}`, "data-note": id }, el("span", { dir: "auto" }, message), dismiss);
    const before = find(id);
    if (before) before.replaceWith(note);
    else element.append(note);
    return true;
  };
  return { element, set, clear };
}
