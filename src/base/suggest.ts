// A name nobody knows → the nearest one that exists, for "Perhaps you meant …".

/** The candidate closest to `name`, if it is close enough to be a slip of the hand. Case does not count. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** All of them, the closest to `name` first; those that are as close as each other stay in their order. */
export function nearestFirst(name: string, candidates: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase().slice(0, 64);
  const far = new Map(
    candidates.map((one) => [one, editDistance(wanted, one.toLowerCase().slice(0, 64), Number.POSITIVE_INFINITY)]),
  );
  return [...candidates].sort((a, b) => (far.get(a) as number) - (far.get(b) as number));
}

/** A sentence to put behind "there is no …", empty when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === undefined ? "" : ` Perhaps you meant '${near}'.`;
}

/** A client's text, short enough to be repeated in a message, and never cut within a character. */
export const excerpt = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 57).replace(/[\uD800-\uDBFF]$/, "")}…` : text;

/** Optimal string alignment distance (a swap of neighbours counts one), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1, (previous[j - 1] as number) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      row.push(cost);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length] as number;
}
