// The picture, one of its tables → the part of the picture around that table, never more than can be read.
import { didYouMean, excerpt } from "../base/suggest.js";
import { MOST_SHOWN, type Picture, type PicturedLine, type PicturedTable, pictureWithin } from "./picture.js";

export interface Neighbourhood {
  readonly picture: Picture;
  /** Tables that are as near, and have no place in the picture: by their ids. */
  readonly leftOut: readonly string[];
}

/** How far a picture may reach; further than the last, it shows no more than chance would. */
export const STEPS = ["1", "2"] as const;

/** By the name of its path, or by the one that it has in the database. */
export const tableNamed = ({ tables }: Picture, wanted: string): PicturedTable | undefined =>
  tables.find(({ name }) => name === wanted) ?? tables.find(({ table }) => table === wanted);

export const noSuchTable = ({ tables }: Picture, wanted: string): string =>
  `There is no table ${excerpt(wanted)} here.${didYouMean(
    wanted,
    tables.map(({ name }) => name),
  )}`;

/** The tables that are so many lines away from `centre`, the nearest first, and the lines between them. */
export function neighbourhoodOf(picture: Picture, centre: string, steps: number): Neighbourhood {
  const neighbours = neighboursOf(picture.lines);
  const near = nearTo(centre, steps, neighbours);
  const shown = fitting(near, picture.lines);
  return { picture: pictureWithin(picture, shown), leftOut: near.filter((table) => !shown.has(table)) };
}

/** By table, those that a line leads to or comes from. */
export function neighboursOf(lines: readonly PicturedLine[]): ReadonlyMap<string, ReadonlySet<string>> {
  const neighbours = new Map<string, Set<string>>();
  const note = (of: string, table: string) => neighbours.set(of, (neighbours.get(of) ?? new Set()).add(table));
  for (const { from, to } of lines) {
    if (from === to) continue;
    note(from, to);
    note(to, from);
  }
  return neighbours;
}

/** Those next to a table with few relations come before those next to one that everything refers to. */
function nearTo(centre: string, steps: number, neighbours: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found = new Set([centre]);
  let last = [centre];
  for (let step = 0; step < steps; step++) {
    const next = last
      .map((table) => neighbours.get(table) ?? new Set<string>())
      .sort((a, b) => a.size - b.size)
      .flatMap((tables) => [...tables]);
    last = [...new Set(next)].filter((table) => !found.has(table));
    for (const table of last) found.add(table);
  }
  return [...found];
}

/** The first of them, as long as the picture they make is no larger than one that shows routes. */
function fitting(tables: readonly string[], lines: readonly PicturedLine[]): ReadonlySet<string> {
  const shown = new Set<string>();
  let drawn = 0;
  for (const table of tables) {
    if (shown.size === MOST_SHOWN.tables) break;
    const more = lines.filter(({ from, to }) => joins(table, shown, from, to)).length;
    if (shown.size > 0 && drawn + more > MOST_SHOWN.lines) continue;
    shown.add(table);
    drawn += more;
  }
  return shown;
}

const joins = (table: string, shown: ReadonlySet<string>, from: string, to: string): boolean =>
  (from === table && (to === table || shown.has(to))) || (to === table && shown.has(from));
