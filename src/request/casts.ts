// The types that a column may be shown as: `select=age::text`. The same words on every database; a row each.
import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";

interface CastRow {
  /** Other spellings. */
  readonly also: readonly string[];
}

const table = {
  text: { also: ["string", "varchar"] },
  integer: { also: ["int", "bigint"] },
  decimal: { also: ["number", "numeric"] },
  boolean: { also: ["bool"] },
  date: { also: [] },
  time: { also: [] },
  datetime: { also: ["timestamp"] },
} as const satisfies Readonly<Record<string, CastRow>>;

export type Cast = keyof typeof table;

export const casts = Object.keys(table) as readonly Cast[];

const spellings: ReadonlyMap<string, Cast> = new Map(
  casts.flatMap((cast) => [cast, ...table[cast].also].map((word) => [word, cast] as const)),
);

/** Throws 400 with the nearest. */
export function castNamed(word: string): Cast {
  const cast = spellings.get(word.toLowerCase());
  if (cast !== undefined) return cast;
  const hint = didYouMean(word, spellings.keys());
  throw problem(
    "malformed_query",
    `'${excerpt(word)}' is no type.${hint} Behind :: stands one of ${casts.join(", ")}.`,
  );
}
