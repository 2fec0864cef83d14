// What was sent as a table to be made, or as a change of one → the same, of the form that it must have. Throws `ConfigError`.
import {
  ConfigError,
  checkColumn,
  checkEntry,
  checkKeyLists,
  checkKeys,
  checkPrimaryKey,
  isText,
  listedItems,
} from "../base/config-error.js";
import type { BelongsToEntry } from "../schema/belongs-to.js";
import type { ColumnEntry, TableEntry } from "../schema/config.js";

/** What may become of a table that stands. Names are those that its columns have before. */
export interface TableChange {
  readonly add: readonly ColumnEntry[];
  readonly change: readonly ColumnEntry[];
  /** Old name → new name. */
  readonly rename: Readonly<Record<string, string>>;
  readonly drop: readonly string[];
  readonly indexes: readonly (string | readonly string[])[];
  /** Left out: the key stays. By the names that columns have before, or those that come. */
  readonly primaryKey?: readonly string[];
}

/** Where a table's entry stands, as `schemaFromConfig` names it. */
export const ENTRY = "tables[0]";
/** Where a change stands. */
export const CHANGE = "body";

/** Of a config map's words those that make something. */
const tableKeys = ["name", "columns", "primaryKey", "unique", "indexes", "belongsTo", "comment"];
const columnKeys = ["name", "type", "notNull", "default", "comment"];
const belongsToKeys = ["table", "column", "references", "onDelete", "onUpdate"];
const changeKeys = ["add", "change", "rename", "drop", "indexes", "primaryKey"];

export function tableFrom(body: object): TableEntry {
  checkKeys(body, tableKeys, ENTRY);
  checkSizes(body, ENTRY);
  checkEntry(body, ENTRY);
  const { columns = [], belongsTo = [] } = body as TableEntry;
  for (const [i, column] of columns.entries()) checkMade(column, `${ENTRY}.columns[${i}]`);
  for (const [i, item] of belongsTo.entries())
    if (!isText(item)) checkKeys(item as BelongsToEntry, belongsToKeys, `${ENTRY}.belongsTo[${i}]`);
  return body as TableEntry;
}

export function changeFrom(body: object): TableChange {
  checkKeys(body, changeKeys, CHANGE);
  checkSizes(body, CHANGE);
  const {
    add = [],
    change = [],
    rename = {},
    drop = [],
    indexes = [],
    primaryKey,
  } = body as Readonly<Record<string, unknown>>;
  for (const [name, list] of Object.entries({ add, change }))
    for (const [i, column] of listedItems(list, `${CHANGE}.${name}`)) {
      checkMade(column as ColumnEntry, `${CHANGE}.${name}[${i}]`);
      checkColumn(column, `${CHANGE}.${name}[${i}]`);
    }
  checkRename(rename);
  for (const [i, name] of listedItems(drop, `${CHANGE}.drop`))
    if (!isText(name)) throw new ConfigError(`${CHANGE}.drop[${i}]`, "is a column's name.");
  checkKeyLists(indexes, `${CHANGE}.indexes`);
  checkPrimaryKey(primaryKey, `${CHANGE}.primaryKey`);
  const key = primaryKey === undefined ? {} : { primaryKey: [primaryKey].flat() };
  return { add, change, rename, drop, indexes, ...key } as TableChange;
}

/** More than any table has that can be worked with. */
const MOST = 1_000;

function checkSizes(body: object, place: string): void {
  for (const [name, value] of Object.entries(body))
    if (typeof value === "object" && value !== null && Object.keys(value).length > MOST)
      throw new ConfigError(`${place}.${name}`, `has ${MOST} items at most.`);
}

function checkMade(column: ColumnEntry, place: string): void {
  checkKeys(column, columnKeys, place);
  const { default: value } = column;
  if (typeof value === "object" && value !== null)
    throw new ConfigError(
      `${place}.default`,
      "is a text, a number, true, false or null. Send a long number as a text.",
    );
}

function checkRename(rename: unknown): void {
  if (typeof rename !== "object" || rename === null || Array.isArray(rename))
    throw new ConfigError(`${CHANGE}.rename`, 'is an object: { "old": "new" }.');
  for (const [from, to] of Object.entries(rename))
    if (!isText(to)) throw new ConfigError(`${CHANGE}.rename.${from}`, "is the column's new name.");
}
