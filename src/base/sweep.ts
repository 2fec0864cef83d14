// Looks at everything that must end some time, ten times a second, by one timer for all of it: a timer and an AbortController for
// each request take longer than the shortest requests do. In: what is under way. Out: calls of its `look`.

/** Milliseconds between two looks. */
const PERIOD = 100;

export interface Watched {
  /** `now` as `performance.now()` has it. */
  look(now: number): void;
}

const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;
let last = 0;

/** From now on it is looked at, until `unwatch`. */
export function watch(one: Watched): void {
  watched.add(one);
  if (timer !== undefined) return;
  last = performance.now();
  timer = setInterval(tick, PERIOD).unref();
}

export const unwatch = (one: Watched): void => void watched.delete(one);

/** The time of the last look: true to a tenth of a second, while something is watched. */
export const lastLook = (): number => last;

function tick(): void {
  if (watched.size === 0) {
    clearInterval(timer);
    timer = undefined;
    return;
  }
  // Where the event loop was blocked, an answer may have come in time that nobody has read yet: the network is heard first.
  setImmediate(() => {
    last = performance.now();
    for (const one of watched) one.look(last);
  });
}
