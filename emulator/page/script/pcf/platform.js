/** What the platform gives to virtual controls: React 16, and the place where their bundles register. */

import { loadScript, run } from "../resources.js";

const REACT = ["vendor/react/react.production.min.js", "vendor/react-dom/react-dom.production.min.js"];
const registered = new Map();

globalThis.ComponentFramework = { registerControl: (name, constructor) => registered.set(name, constructor) };

/** The constructor of a control, `gs_gradesys.GradeCard`, out of the org's own copy of its bundle. */
export async function constructorOf(name) {
  for (const script of REACT) await run(script);
  globalThis.Reactv16 = globalThis.React;
  await loadScript(`cc_${name}/bundle.js`);
  return registered.get(name.slice(name.indexOf("_") + 1));
}
