/** The page: which view the address names, the tabs, and the language. */

import { el } from "./dom.js";
import { showForm } from "./form.js";
import { applyLanguage, onLanguage, switchLanguage, t } from "./language.js";
import { showList } from "./list.js";
import { TABLES } from "./tables.js";

const main = document.getElementById("main");
const languageButton = document.getElementById("language");
let leave = () => {};

/** `#/accounts` is a list, `#/accounts/<id>` a form. */
function route() {
  const [, name = "accounts", id] = location.hash.split("/");
  const view = TABLES[name];
  if (!view) {
    location.hash = "#/accounts";
    return;
  }
  leave();
  leave = (id ? showForm(main, name, view, id) : showList(main, name, view)) ?? (() => {});
  shell(name);
}

function shell(current) {
  document.title = `${t(current)} – ${t("app")}`;
  document.getElementById("brand").textContent = t("app");
  languageButton.textContent = t("language");
  languageButton.title = t("languageTitle");
  const tabs = document.getElementById("tables");
  tabs.setAttribute("aria-label", t("tables"));
  tabs.replaceChildren(
    ...Object.keys(TABLES).map((name) =>
      el("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, t(name)),
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
route();
