/** Web resources of the org: scripts loaded once, and the functions in them. */

import { ApiProblem } from "./webapi.js";
import { el } from "./dom.js";
import { t } from "./language.js";

const loading = {};

/** Where a web resource is. */
export function address(name) {
  return `/WebResources/${name}`;
}

/** Run a script of the org, once for the page. */
export function loadScript(name) {
  return run(address(name)).catch(() => {
    throw new ApiProblem(t("noResource", { name }), 404);
  });
}

/** Run the script at an address, once for the page. */
export function run(src) {
  loading[src] ??= new Promise((resolve, reject) => {
    const failed = (event) => {
      delete loading[src];
      reject(event);
    };
    document.head.append(el("script", { src, load: resolve, error: failed }));
  });
  return loading[src];
}

/** A function by its dotted name, `GradeSys.recomputeForm`, bound to where it lives. */
export function named(path) {
  const names = path.split(".");
  const owner = names.slice(0, -1).reduce((found, name) => found?.[name], globalThis);
  const found = owner?.[names.at(-1)];
  if (typeof found !== "function") throw new ApiProblem(t("noFunction", { name: path }));
  return found.bind(owner);
}
