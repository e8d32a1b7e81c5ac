/** One process for all files: they share nothing that tests/world.ts does not make anew. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { pool: "threads", isolate: false, setupFiles: ["tests/setup.ts"] },
});
