/** Web resources of the org: scripts loaded once, and the functions in them. */

import { ApiProblem } from "./webapi.js";
import { el } from "./dom.js";
import { t } from "./language.js";

const loading = {};

/** Run a script of the org, once for the page. */
export function loadScript(name) {
  loading[name] ??= new Promise((resolve, reject) => {
    const failed = () => {
      delete loading[name];
      reject(new ApiProblem(t("noResource", { name }), 404));
    };
    document.head.append(el("script", { src: `/WebResources/${name}`, load: resolve, error: failed }));
  });
  return loading[name];
}

/** A function by its dotted name, `GradeSys.recomputeForm`, bound to where it lives. */
export function named(path) {
  const names = path.split(".");
  const owner = names.slice(0, -1).reduce((found, name) => found?.[name], globalThis);
  const found = owner?.[names.at(-1)];
  if (typeof found !== "function") throw new ApiProblem(t("noFunction", { name: path }));
  return found.bind(owner);
}
