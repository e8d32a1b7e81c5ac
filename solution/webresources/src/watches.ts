/** The watches of a page: one for a record, and few at a time. Nobody promises that the context of a
 * closed form says so, and a user who opened a hundred records must not go on asking for all of them. */

import type { Watch } from "./watch";

const MOST = 5;

/** By record, in the order of their opening. */
const watches = new Map<string, Watch>();

export function keep(record: string, watching: Watch): void {
  drop(record);
  watches.set(record, watching);
  const [oldest] = watches.keys();
  if (watches.size > MOST && oldest !== undefined) drop(oldest);
}

function drop(record: string): void {
  watches.get(record)?.stop();
  watches.delete(record);
}
