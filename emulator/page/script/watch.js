/** Watching a record: asks for it by its etag, often for a while after a save, seldom otherwise. */

import { readRow } from "./webapi.js";

const OFTEN_MS = 400;
const SELDOM_MS = 2000;
const HURRY_MS = 10_000;

/** Tell `changed` every new version of the row, and `failed` an error once until it is over. */
export function watch(address, changed, failed) {
  const state = { etag: null, hurriedUntil: 0, ended: false, failing: false, timer: 0 };
  const look = async () => {
    try {
      const row = document.hidden ? null : await readRow(address, state.etag);
      if (row && !state.ended) {
        state.etag = row["@odata.etag"];
        changed(row);
      }
      state.failing = false;
    } catch (error) {
      if (!state.failing && !state.ended) failed(error);
      state.failing = true;
      state.ended ||= error.status === 404;
    }
    if (!state.ended) state.timer = setTimeout(look, pause(state));
  };
  look();
  return {
    /** Look more often for some seconds: a change is expected. */
    hurry: () => (state.hurriedUntil = performance.now() + HURRY_MS),
    stop: () => {
      state.ended = true;
      clearTimeout(state.timer);
    },
  };
}

function pause(state) {
  return performance.now() < state.hurriedUntil ? OFTEN_MS : SELDOM_MS;
}
