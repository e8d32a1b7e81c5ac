// Does what the tests ask of dynamics-web-api: one JSON line in, one JSON line out.
// In: {"calls": [[method, ...arguments], ...], "batch": options}; without "batch", one call.
// Out: {"value": ...} or {"error": {"status", "code", "message"}}.

import { createInterface } from "node:readline";

import { DynamicsWebApi } from "dynamics-web-api";

const { ORGANISATION, TOKEN } = process.env;

const api = new DynamicsWebApi({
  serverUrl: ORGANISATION,
  onTokenRefresh: async () => TOKEN,
  propagateErrors: true,
});

async function run({ calls, batch }) {
  if (!batch) {
    const [[method, ...given]] = calls;
    return api[method](...given);
  }
  api.startBatch();
  for (const [method, ...given] of calls) {
    api[method](...given);
  }
  return api.executeBatch(batch);
}

async function answer(line) {
  try {
    return { value: (await run(JSON.parse(line))) ?? null };
  } catch (error) {
    // A failed batch is a list of errors, each with the service's own inside.
    const refusal = Array.isArray(error) ? error.at(-1) : error;
    const { code = "", message } = refusal.error ?? refusal;
    return { error: { status: refusal.status ?? 0, code, message } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
