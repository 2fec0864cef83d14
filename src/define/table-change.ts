// A table that stands, and what is to become of it → the steps to it. Pure. Throws `ConfigError` for what cannot be.
import { ConfigError } from "../base/config-error.js";
import type { Definition } from "../dialect/parts/definition.js";
import { type ColumnEntry, columnFrom, mergeColumn } from "../schema/config.js";
import { requireColumns } from "../schema/require-columns.js";
import type { Column, Index, Table } from "../schema/schema.js";
import { typeNamed } from "../schema/type-name.js";
import { checkChange } from "./change-names.js";
import { type Differences, tableDifferences } from "./differences.js";
import { CHANGE, type TableChange } from "./entry-form.js";
import { checkFitting, fittingNotes } from "./fitting.js";
import { checkType } from "./portable-types.js";
import { renamed } from "./rename.js";
import { withPlainDefault } from "./wanted.js";

/** `shown`: the table as far as whoever asks may know of it. */
export function changeSteps(is: Table, shown: Table, change: TableChange, definition: Definition): Differences {
  checkChange(change, is, shown);
  const renamings = Object.entries(change.rename).map(([from, to]) => ({
    ...{ do: "rename column" as const, table: is, from, to },
  }));
  const called = renamings.reduce((table, renaming) => renamed(table, renaming), is);
  const [added, changed] = [addedColumns(change, definition), changedColumns(change, is, definition)];
  const wanted = wantedTable(called, change, added, changed);
  const { steps, notes } = tableDifferences(called, wanted, definition, true);
  const touched = { tables: [{ ...wanted, columns: [...added, ...changed] }] };
  return { steps: [...renamings, ...steps], notes: [...fittingNotes(touched, definition), ...notes] };
}

function addedColumns({ add }: TableChange, definition: Definition): Column[] {
  return add.map((entry, i) => {
    const place = `${CHANGE}.add[${i}]`;
    const column = columnFrom(plain(entry));
    checkFitting(column, place);
    checkType(column, definition, `${place}.type`);
    if (column.identity)
      throw new ConfigError(`${place}.type`, "a table that stands gets no column that the database numbers.");
    return column;
  });
}

/** What an entry does not say stays as it is. */
function changedColumns({ change }: TableChange, is: Table, definition: Definition): Column[] {
  return change.map((entry, i) => {
    const place = `${CHANGE}.change[${i}]`;
    const known = is.columns.find(({ name }) => name === entry.name) as Column;
    if (known.generated || known.identity)
      throw new ConfigError(place, `${entry.name} is computed or numbered by the database, and stays as it is.`);
    const column = mergeColumn(known, plain(entry, known));
    checkFitting(column, place);
    if (entry.type !== undefined) checkType(column, definition, `${place}.type`);
    return column;
  });
}

const plain = (entry: ColumnEntry, known?: Column): ColumnEntry =>
  withPlainDefault(entry, entry.type === undefined && known !== undefined ? known.type : typeNamed(entry.type));

/** Keys and indexes go with their columns. */
function wantedTable(called: Table, change: TableChange, added: readonly Column[], changed: readonly Column[]): Table {
  const { columns, uniqueKeys, foreignKeys, indexes = [] } = called;
  const stays = (names: readonly string[]) => !names.some((name) => change.drop.includes(name));
  const kept = <Key extends { readonly columns: readonly string[] }>(list: readonly Key[]): Key[] =>
    list.filter((key) => stays(key.columns));
  const wanted = {
    ...called,
    columns: [
      ...columns
        .filter(({ name }) => stays([name]))
        .map((column) => changed.find(({ name }) => name === column.name) ?? column),
      ...added,
    ],
    uniqueKeys: kept(uniqueKeys),
    foreignKeys: kept(foreignKeys),
  };
  if (change.primaryKey !== undefined) return withIndexes(withKey(wanted, change), change, kept(indexes));
  return withIndexes(wanted, change, kept(indexes));
}

/** Columns of a key are never NULL. */
function withKey(wanted: Table, { primaryKey = [], rename }: TableChange): Table {
  const key = primaryKey.map((name) => rename[name] ?? name);
  requireColumns(key, wanted, `${CHANGE}.primaryKey`);
  return {
    ...wanted,
    primaryKey: key,
    columns: wanted.columns.map((column) => (key.includes(column.name) ? { ...column, nullable: false } : column)),
  };
}

function withIndexes(wanted: Table, change: TableChange, kept: readonly Index[]): Table {
  for (const [i, index] of change.indexes.entries()) requireColumns([index].flat(), wanted, `${CHANGE}.indexes[${i}]`);
  const made = change.indexes.map((index) => ({ name: null, columns: [index].flat() }));
  return { ...wanted, indexes: [...kept, ...made] };
}
