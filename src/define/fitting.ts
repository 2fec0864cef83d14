// A schema that is wanted, and a database → a `ConfigError` for a name that it does not take; and what it will have otherwise.
import { ConfigError } from "../base/config-error.js";
import type { Definition } from "../dialect/parts/definition.js";
import type { Column, ColumnType, Schema, Table } from "../schema/schema.js";
import { isPossibleDefault } from "./default-value.js";
import { isKeyed } from "./differences.js";
import { checkName } from "./names.js";

/** MySQL's columns take no more. */
const LONGEST_COMMENT = 255;

/** Throws `ConfigError`. */
export function checkNames({ tables }: Schema, definition: Definition): void {
  for (const [i, table] of tables.entries()) {
    const place = `tables[${i}]`;
    checkTableName(table, definition, `${place}.name`);
    checkComment(table.comment, `${place}.comment`);
    for (const [n, column] of table.columns.entries()) checkFitting(column, `${place}.columns[${n}]`);
  }
}

/** Throws `ConfigError`. */
export function checkFitting({ name, comment }: Column, place: string): void {
  checkName(name, `${place}.name`);
  checkComment(comment, `${place}.comment`);
}

function checkTableName({ id, name, schema }: Table, { schemas }: Definition, place: string): void {
  checkName(name, place);
  if (schema === null) return;
  if (!schemas) throw new ConfigError(place, `${id}: this database has no schemas. Try ${name}.`);
  checkName(schema, place);
}

/** knex writes a comment's text as it comes. */
function checkComment(comment: string | undefined, place: string): void {
  if (comment === undefined) return;
  if (/[\\\0]/.test(comment)) throw new ConfigError(place, "has no backslash.");
  if (comment.length > LONGEST_COMMENT) throw new ConfigError(place, `has ${LONGEST_COMMENT} characters at most.`);
}

/** Sentences without their end: what cannot be had as it is wanted. */
export const fittingNotes = ({ tables }: Schema, definition: Definition): string[] =>
  tables.flatMap((table) => table.columns.flatMap((column) => columnNotes(table, column, definition)));

/** Values of a list, where any text will do. */
const isLostEnum = (type: ColumnType, { typeName }: Definition): boolean =>
  type.kind === "enum" && !typeName(type, false).startsWith("enum");

function columnNotes(table: Table, column: Column, definition: Definition): string[] {
  const { name, type, generated, identity } = column;
  const at = `${table.id}.${name}`;
  const isForeign = !definition.isOwn(type.native) && (type.kind === "other" || isLostEnum(type, definition));
  const isPossible = isPossibleDefault(column, definition, isKeyed(table, name));
  return [
    ...(isForeign ? [`${at} is of the type ${type.native}, and is kept as text`] : []),
    ...(generated && !identity ? [`${at} is computed where it comes from, and is a plain column here`] : []),
    ...(isPossible ? [] : [`${at} has no default here: ${column.default}`]),
  ];
}
