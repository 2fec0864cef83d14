// Seeded chance: the same seed makes the same schemas and requests.
export interface Chance {
  /** A whole number below. */
  below(most: number): number;
  pick<T>(items: readonly T[]): T;
  /** One time in so many. */
  oneIn(times: number): boolean;
  some<T>(items: readonly T[], most: number): T[];
}

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (most: number) => Math.floor(next() * most);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const some = <T>(items: readonly T[], most: number): T[] =>
    Array.from({ length: below(most + 1) }, () => pick(items));
  return { below, pick, oneIn: (times) => below(times) === 0, some };
}
