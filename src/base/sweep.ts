// Looks at everything that must end some time, ten times a second, by one timer for all of it: a timer and an AbortController for
// each request take longer than the shortest requests do. In: what is under way. Out: calls of its `look`.

/** Milliseconds between two looks. */
const PERIOD = 100;

export interface Watched {
  /** Where it stands among what is watched, and `OUT` where it is not: the sweep's own. A Set takes longer to add to and delete from. */
  place: number;
  /** `now` as `performance.now()` has it. */
  look(now: number): void;
}

export const OUT = -1;

const watched: Watched[] = [];
let timer: NodeJS.Timeout | undefined;
let last = 0;

/** From now on it is looked at, until `unwatch`. */
export function watch(one: Watched): void {
  if (one.place !== OUT) return;
  one.place = watched.push(one) - 1;
  if (timer !== undefined) return;
  last = performance.now();
  timer = setInterval(tick, PERIOD).unref();
}

export function unwatch(one: Watched): void {
  const { place } = one;
  if (place === OUT) return;
  one.place = OUT;
  const end = watched.pop() as Watched;
  if (end === one) return;
  watched[place] = end;
  end.place = place;
}

/** The time of the last look: true to a tenth of a second, while something is watched. */
export const lastLook = (): number => last;

function tick(): void {
  if (watched.length === 0) {
    clearInterval(timer);
    timer = undefined;
    return;
  }
  // Where the event loop was blocked, an answer may have come in time that nobody has read yet: the network is heard first.
  setImmediate(() => {
    last = performance.now();
    // A look may end this one or another.
    for (const one of [...watched]) if (one.place !== OUT) one.look(last);
  });
}
