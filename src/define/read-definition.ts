// A schema that was read → the same with its indexes and the actions of its foreign keys: what is copied and compared. I/O: two questions.
import type { Ask } from "../dialect/connection.js";
import type { Definition, ObjectText } from "../dialect/parts/definition.js";
import type { ForeignKey, Index, ReferentialAction, Schema, Table } from "../schema/schema.js";

/** A schema with what its tables are made and changed by. */
export interface DefinedSchema extends Schema {
  /** Where tables are copied: what the database says that they were made by. */
  readonly texts?: readonly ObjectText[];
  /** Where a key goes by its name: that of each table. */
  readonly keyNames?: Readonly<Record<string, string>>;
}

type Row = Readonly<Record<string, unknown>>;

/** The columns of one index or one foreign key, and its first row. */
interface Group {
  readonly row: Row;
  readonly columns: readonly string[];
}

export async function withTexts(schema: Schema, ask: Ask, definition: Definition): Promise<DefinedSchema> {
  const defined = await withDefinitions(schema, ask, definition);
  const { copying, keyNames } = definition;
  return {
    ...defined,
    ...(copying && { texts: (await ask(copying.texts)).map(textOf) }),
    ...(keyNames !== undefined && { keyNames: keysOf(defined, await ask(keyNames)) }),
  };
}

const keysOf = ({ tables }: Schema, rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(
    tables.flatMap((table) => {
      const row = rows.find((found) => isOf(table)({ row: found, columns: [] }));
      return row === undefined ? [] : [[table.id, String(row.name)]];
    }),
  );

const textOf = ({ type, name, table, sql }: Row): ObjectText => ({
  type: type as ObjectText["type"],
  name: String(name),
  table: String(table),
  sql: String(sql),
});

export async function withDefinitions(schema: Schema, ask: Ask, { indexes, actions }: Definition): Promise<Schema> {
  const found = grouped(await ask(indexes), "name");
  const acting = grouped(await ask(actions), "id");
  return {
    ...schema,
    tables: schema.tables.map((table) =>
      table.kind === "view" ? table : tableWith(table, found.filter(isOf(table)), acting.filter(isOf(table))),
    ),
  };
}

/** A database without schemas tells none. */
const isOf =
  ({ name, schema }: Table) =>
  ({ row }: Group): boolean =>
    row.table === name && (row.schema === null || row.schema === schema);

function tableWith(table: Table, indexes: readonly Group[], actions: readonly Group[]): Table {
  return {
    ...table,
    ...(indexes.length > 0 && {
      indexes: indexes.map(({ row, columns }): Index => ({ name: String(row.name), columns })),
    }),
    foreignKeys: table.foreignKeys.map((key) => {
      const own = actions.find(({ columns }) => columns.join("\0") === key.columns.join("\0"));
      return own === undefined ? key : { ...key, ...actionsOf(own.row) };
    }),
  };
}

function actionsOf({ onDelete, onUpdate }: Row): Pick<ForeignKey, "onDelete" | "onUpdate"> {
  const [deleted, updated] = [actionOf(onDelete), actionOf(onUpdate)];
  return { ...(deleted && { onDelete: deleted }), ...(updated && { onUpdate: updated }) };
}

const actionOf = (word: unknown): ReferentialAction | undefined =>
  (["cascade", "set null", "set default"] as const).find((action) => action === String(word).toLowerCase());

function grouped(rows: readonly Row[], id: "name" | "id"): Group[] {
  const groups = new Map<string, { row: Row; columns: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.schema, row.table, row[id]]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { row, columns: [String(row.column)] });
    else group.columns.push(String(row.column));
  }
  return [...groups.values()];
}
