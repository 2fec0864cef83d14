// Two columns that are told apart by one letter or digit alone, in a table that is called after two others → which is of which.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import type { TableNouns } from "./table-nouns.js";

export interface End {
  readonly column: Column;
  readonly parent: Table;
  readonly how: string;
}

/** `_PostToTag(A, B)`, `l_artist_event(entity0, entity1)`: the first is the first's. Nothing where a name leads anywhere else. */
export function bothEnds(table: Table, columns: readonly Column[], nouns: TableNouns): readonly End[] {
  const pair = pairIn(columns);
  const ends = pair && endsOf(table, nouns);
  if (pair === undefined || ends === undefined) return [];
  const [one, other] = pair;
  const found = [
    {
      column: one,
      parent: ends[0],
      how: `is the first of two in a table called after ${ends[0].id} and ${ends[1].id}`,
    },
    {
      column: other,
      parent: ends[1],
      how: `is the second of two in a table called after ${ends[0].id} and ${ends[1].id}`,
    },
  ];
  return found.every(({ column, parent }) => isAlike(column, keyOf(parent) as Column)) ? found : [];
}

/** Any text too: the table's name says enough. */
const isAlike = (column: Column, key: Column): boolean =>
  column.type.native === key.type.native && disagreement(column, key) === undefined;

const pairs: readonly string[] = ["ab", "12", "01"];

function pairIn(columns: readonly Column[]): readonly [Column, Column] | undefined {
  const at = new Map(columns.map((column) => [wordsOf(column.name).join("_"), column]));
  const found = [...at].flatMap(([name, one]) => {
    const mark = /(?:^|_|(?<=\D)(?=\d))([a01])(?:_id)?$/.exec(name)?.[1];
    return pairs.flatMap(([first = "", second = ""]) => {
      const other = mark === first ? at.get(swapped(name, first, second)) : undefined;
      return other === undefined ? [] : [[one, other] as const];
    });
  });
  return found.length === 1 ? found[0] : undefined;
}

const swapped = (name: string, first: string, second: string): string =>
  name.replace(new RegExp(`${first}((?:_id)?)$`), `${second}$1`);

/** Where the name can be cut in one way alone, after words that say only that it links. */
function endsOf(table: Table, nouns: TableNouns): readonly [Table, Table] | undefined {
  const words = nouns.wordsOf(table).filter((word, i, all) => !(word === "to" && i > 0 && i < all.length - 1));
  const found = [0, 1].flatMap((start) =>
    words.slice(start + 1).flatMap((_, i) => {
      const cut = start + 1 + i;
      const [one, other] = [nouns.find(words.slice(start, cut), table), nouns.find(words.slice(cut), table)];
      const fits = one && other && one !== table && other !== table && keyOf(one) && keyOf(other);
      return fits && (start === 0 || isShort(words[0] as string)) ? [[one, other] as const] : [];
    }),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** `l_`, `rel_`, `map_` */
const isShort = (word: string): boolean =>
  word.length === 1 || ["link", "rel", "map", "join", "lnk", "xref"].includes(word);

const keyOf = ({ primaryKey: [key, ...more], columns }: Table): Column | undefined =>
  more.length > 0 ? undefined : columns.find(({ name }) => name === key);
