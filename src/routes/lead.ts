// Where a column's name leads, and what is asked of the table that it leads to.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import type { Reading } from "./column-reading.js";
import type { TableNouns } from "./table-nouns.js";

/** Where the name leads. `whole`: it is the other table's noun, with nothing before it. */
export interface Lead {
  readonly parent: Table;
  readonly how: string;
  readonly whole: boolean;
  /** So little tells it that the types must be the same. */
  readonly strictly?: boolean;
  /** Found but for an ending, or behind a word: a key that the database numbers is the table's own then. */
  readonly like?: boolean;
}

export const wholly = (parent: Table): Lead => ({ parent, how: `is named after ${parent.id}`, whole: true });

export const toItself = (table: Table): Lead => ({
  parent: table,
  how: `says what the row is to another of ${table.id}`,
  whole: false,
});

/** Is its key called `id`, or `something_id`? A name that is less than sure leads to no other. */
export const keyIsCalledId = ({ primaryKey }: Table): boolean =>
  /(?:id|nr|no)$/.test(wordsOf(primaryKey[0] ?? "").at(-1) ?? "");

/** `language_code`, where the languages' key is `code`, or is called so itself. */
export function callsKeySo(parent: Table, { keyWord }: Reading, column: Column): boolean {
  const [key = "", ...more] = parent.primaryKey;
  if (more.length > 0) return false;
  return key === column.name || wordsOf(key).at(-1) === keyWord;
}

/** Of a table's name, each word in the singular. */
export const nounIn = (table: Table, { naming, coreOf }: TableNouns): readonly string[] =>
  coreOf(table).map(naming.singular);
