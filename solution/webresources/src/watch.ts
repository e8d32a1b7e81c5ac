/** Looking at something again and again: often while a change is expected, seldom otherwise, seldomer
 * when nothing happens for long, and not at all while nobody can see the page. */

export interface Watch {
  /** A change is expected: look more often for a while. */
  hurry(): void;
  stop(): void;
}

const OFTEN_MS = 2_000;
const SELDOM_MS = 15_000;
const RARELY_MS = 60_000;
const HURRY_MS = 30_000;
const QUIET_MS = 10 * 60_000;

/** `look` tells whether something changed; false from `goesOn` ends it. */
export function watch(look: () => Promise<boolean>, goesOn: () => boolean): Watch {
  const state = { timer: 0 as ReturnType<typeof setTimeout> | 0, moved: Date.now(), looking: false, ended: false };
  const plan = () => {
    clearTimeout(state.timer);
    if (!state.ended) state.timer = setTimeout(turn, pauseSince(state.moved));
  };
  const turn = async () => {
    if (state.looking || state.ended || document.hidden) return;
    if (!goesOn()) return stop();
    state.looking = true;
    if (await look().catch(() => false)) state.moved = Date.now();
    state.looking = false;
    plan();
  };
  const seen = () => void turn();
  const stop = () => {
    state.ended = true;
    clearTimeout(state.timer);
    document.removeEventListener("visibilitychange", seen);
  };
  const hurry = () => {
    state.moved = Date.now();
    plan();
  };
  document.addEventListener("visibilitychange", seen);
  seen();
  return { hurry, stop };
}

function pauseSince(moved: number): number {
  const quiet = Date.now() - moved;
  if (quiet < HURRY_MS) return OFTEN_MS;
  return quiet < QUIET_MS ? SELDOM_MS : RARELY_MS;
}
