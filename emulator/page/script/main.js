/** The page: which view the address names, the tabs, and the language. */

import { el } from "./dom.js";
import { showForm } from "./form.js";
import { applyLanguage, onLanguage, switchLanguage, t, titled } from "./language.js";
import { showList } from "./list.js";
import { describe } from "./metadata.js";
import { showProblem } from "./notices.js";
import { signedIn } from "./users.js";
import { readViews } from "./views.js";
import "./xrm/host.js";

const main = document.getElementById("main");
const languageButton = document.getElementById("language");
let views = [];
let leave = () => {};

/** `#/customer_grade` is a list, `#/customer_grade/<id>` a form; the first view is the start. */
function route() {
  const [, name = views[0]?.id, id] = location.hash.split("/");
  const view = views.find((each) => each.id === name);
  if (!view && views.length) {
    location.hash = `#/${views[0].id}`;
    return;
  }
  leave();
  leave = () => {};
  shell(view);
  if (!view) main.replaceChildren(el("p", { class: "empty" }, t("noViews")));
  else leave = (id ? showForm(main, view, id) : showList(main, view)) ?? leave;
}

function shell(current) {
  document.title = current ? `${titled(current.title, current.id)} – ${t("app")}` : t("app");
  document.getElementById("brand").textContent = t("app");
  languageButton.textContent = t("language");
  languageButton.title = t("languageTitle");
  const tabs = document.getElementById("tables");
  tabs.setAttribute("aria-label", t("tables"));
  tabs.replaceChildren(
    ...views.map((view) =>
      el("a", { href: `#/${view.id}`, "aria-current": view === current ? "page" : null }, titled(view.title, view.id)),
    ),
  );
}

languageButton.addEventListener("click", switchLanguage);
onLanguage(route);
addEventListener("hashchange", () => {
  route();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
applyLanguage();
shell();
signedIn(new URLSearchParams(location.search).get("user"))
  .then((user) => (document.getElementById("user").textContent = user))
  .then(() => readViews(describe))
  .then((found) => (views = found))
  .catch(showProblem)
  .then(route);
