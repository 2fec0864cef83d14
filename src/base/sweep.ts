// Looks at everything that must end some time, ten times a second, by one timer for all of it: a timer and an AbortController for
// each request take longer than the shortest requests do. In: what is under way. Out: calls of its `look`.

/** Milliseconds between two looks. */
const PERIOD = 100;
/**
 * Where so many milliseconds are between two looks, the process stood still, and mostly the machine with it (a container that is
 * frozen, a virtual one that is moved): nobody could answer meanwhile.
 */
const PAUSE = 1_000;

export interface Watched {
  /** Where it stands among what is watched, and `OUT` where it is not: the sweep's own. A Set takes longer to add to and delete from. */
  place: number;
  /** `now` as `lastLook` has it. */
  look(now: number): void;
}

export const OUT = -1;

const watched: Watched[] = [];
let timer: NodeJS.Timeout | undefined;
/** In milliseconds; pauses are no part of it. */
let last = 0;
let paused = 0;

const clock = (): number => performance.now() - paused;

/** From now on it is looked at, until `unwatch`. */
export function watch(one: Watched): void {
  if (one.place !== OUT) return;
  one.place = watched.push(one) - 1;
  if (timer !== undefined) return;
  last = clock();
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

/** The time of the last look, in milliseconds without pauses: true to a tenth of a second, while something is watched. */
export const lastLook = (): number => last;

function tick(): void {
  if (watched.length === 0) {
    clearInterval(timer);
    timer = undefined;
    return;
  }
  // Where the event loop was blocked, an answer may have come in time that nobody has read yet: the network is heard first.
  setImmediate(() => {
    const gap = clock() - last;
    if (gap > PAUSE) paused += gap;
    last = clock();
    // A look may end this one or another.
    for (const one of [...watched]) if (one.place !== OUT) one.look(last);
  });
}
