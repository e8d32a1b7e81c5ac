/** One file for Dataverse, the same byte for byte on every machine: the global GradeSys.
 *
 * `node build.mjs FILE` writes it there, else where deploy finds it. Its letters are ASCII alone, since
 * nobody promises in which charset a web resource is served. */

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const asset = new URL("../../gradesys/deploy/assets/gradesys.js", here);

await build({
  absWorkingDir: fileURLToPath(here),
  entryPoints: ["src/index.ts"],
  outfile: process.argv[2] ?? fileURLToPath(asset),
  bundle: true,
  charset: "ascii",
  format: "iife",
  globalName: "GradeSys",
  target: "es2021",
  banner: { js: "/* Built from solution/webresources by npm run build: change it there. */" },
});
