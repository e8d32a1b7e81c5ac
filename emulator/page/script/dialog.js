/** Dialogs: a question with buttons, an answer when one of them was pressed. */

import { el } from "./dom.js";

let made = 0;

/** Ask; the answer is the value of the button pressed, that of the last one when it was dismissed.
 * `buttons`: pairs of value and label. */
export function ask({ title, text, quiet = "", buttons, kind = "" }) {
  const id = `dialog-${++made}`;
  const dialog = el(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": id },
    el("h2", { id }, title),
    el("p", { dir: "auto", class: "dialog-text" }, text),
    quiet ? el("p", { class: "quiet", dir: "auto" }, quiet) : null,
    el("form", { method: "dialog" }, buttons.map(([value, label], place) =>
      el("button", { value, class: place ? null : "primary" }, label))),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue || buttons.at(-1)[0]);
    });
  });
}
