// Steps → the statements that do them, written by knex's schema builder for a database. No connection is opened.
import knexPackage, { type Knex } from "knex";
import type { Dialect } from "../dialect/dialect.js";
import type { Copying, CopyStatement, Definition } from "../dialect/parts/definition.js";
import type { Column, ForeignKey, Table } from "../schema/schema.js";
import { copyOf } from "./copy-statements.js";
import { defaultValueOf, isPossibleDefault } from "./default-value.js";
import { isKeyed } from "./differences.js";
import { madeName } from "./names.js";
import type { DefinedSchema } from "./read-definition.js";
import type { CopyStep, DefinitionStep, StepPlace } from "./step.js";

export interface DefinitionStatement extends CopyStatement {
  readonly bindings: readonly unknown[];
}

/** A dialect that makes tables. */
export interface Maker extends Dialect {
  readonly definition: Definition;
}

export const isMaker = (dialect: Dialect): dialect is Maker => dialect.definition !== undefined;

type Change = (table: Knex.AlterTableBuilder) => void;

/** The statements of each step, for a database that has these tables. */
export function statementsOf(
  steps: readonly DefinitionStep[],
  dialect: Maker,
  is: DefinedSchema,
): DefinitionStatement[][] {
  const knex = knexPackage({ client: dialect.clients[0], useNullAsDefault: true });
  const { definition } = dialect;
  return steps.map((step) =>
    step.do === "copy table" ? copiedBy(step, is, knex, definition) : builtBy(step, is, knex, definition),
  );
}

function copiedBy(step: CopyStep, is: DefinedSchema, knex: Knex, definition: Definition): DefinitionStatement[] {
  const make = (table: Table) => builtBy({ do: "add table", table }, is, knex, definition)[0]?.sql ?? "";
  const { copy } = definition.copying as Copying;
  return copy(copyOf(step, is, make)).map((statement) => ({ ...statement, bindings: [] }));
}

type BuiltStep = Exclude<DefinitionStep, CopyStep>;

function builtBy(step: BuiltStep, is: DefinedSchema, knex: Knex, definition: Definition): DefinitionStatement[] {
  const before = step.do === "drop table" && step.onlyEmpty ? refusingRows(step.table, knex, definition) : [];
  const built = rawOf(step, knex, definition) ?? builderOf(step, is, knex, definition);
  const { uncut = (sql: string) => sql } = definition;
  const own = [built.toSQL()].flat().map(({ sql, bindings = [] }) => ({ sql: uncut(sql), bindings }));
  return [...before, ...own];
}

/** Nobody writes a row between the look and the DROP. */
const refusingRows = (table: StepPlace, knex: Knex, { anyRow }: Definition): DefinitionStatement[] =>
  anyRow.map((text, i) => ({
    sql: knex.raw(text, [pathOf(table)]).toSQL().sql,
    bindings: [],
    ...(i === anyRow.length - 1 && { refusedBy: "rows" as const }),
  }));

/** What knex has no word for, or not one statement. */
function rawOf(step: BuiltStep, knex: Knex, { renameColumn, changeKey }: Definition): Knex.Raw | undefined {
  if (step.do === "rename column" && renameColumn !== undefined)
    return knex.raw(renameColumn, [pathOf(step.table), step.from, step.to]);
  if (step.do === "change primary key" && changeKey !== undefined)
    return knex.raw(changeKey(step.from, step.to), [pathOf(step.table), ...step.to]);
  return undefined;
}

function builderOf(step: BuiltStep, is: DefinedSchema, knex: Knex, definition: Definition): Knex.SchemaBuilder {
  const builder = schemaOf(step.table, knex);
  const { name } = step.table;
  if (step.do === "add table")
    return builder.createTable(name, (table) => addTable(table, step.table, knex, definition));
  if (step.do === "drop table") return builder.dropTable(name);
  return builder.alterTable(name, changeOf(step, is, knex, definition));
}

/** As knex splits it: a name has no point (`checkName`). */
const pathOf = ({ schema, name }: StepPlace): string => (schema === null ? name : `${schema}.${name}`);

const schemaOf = ({ schema }: StepPlace, knex: Knex): Knex.SchemaBuilder =>
  schema === null ? knex.schema : knex.schema.withSchema(schema);

function addTable(builder: Knex.CreateTableBuilder, table: Table, knex: Knex, definition: Definition): void {
  for (const column of table.columns)
    addColumn(builder, column, { knex, definition, keyed: isKeyed(table, column.name) });
  if (table.primaryKey.length > 0) builder.primary([...table.primaryKey]);
  for (const { columns } of table.uniqueKeys) builder.unique([...columns], unique(table, columns));
  for (const { columns } of table.indexes ?? []) builder.index([...columns], madeName(table.name, columns, "index"));
  for (const key of table.foreignKeys) addForeignKey(builder, table, key);
  if (table.comment !== undefined && definition.comments !== undefined)
    builder.comment(definition.comments.table(table.comment));
}

const unique = ({ name }: StepPlace, columns: readonly string[]) => ({
  indexName: madeName(name, columns, "unique"),
  useConstraint: true,
});

interface Form {
  readonly knex: Knex;
  readonly definition: Definition;
  readonly keyed: boolean;
}

function addColumn(builder: Knex.TableBuilder, column: Column, form: Form): Knex.ColumnBuilder {
  const { definition } = form;
  const built = column.identity ? numbered(builder, column, definition) : plainColumn(builder, column, form);
  if (column.comment !== undefined && definition.comments !== undefined)
    built.comment(definition.comments.column(column.comment));
  return built;
}

function plainColumn(builder: Knex.TableBuilder, column: Column, form: Form): Knex.ColumnBuilder {
  const { knex, definition, keyed } = form;
  const built = builder.specificType(column.name, definition.typeName(column.type, keyed));
  if (column.nullable) built.nullable();
  else built.notNullable();
  const value = isPossibleDefault(column, definition, keyed) ? defaultOf(column, definition) : undefined;
  if (value !== undefined) built.defaultTo(value.raw ? knex.raw(value.text) : value.text);
  return built;
}

/** The key's constraint is said with the table. */
function numbered(builder: Knex.TableBuilder, { name, type }: Column, definition: Definition): Knex.ColumnBuilder {
  const { numbered: own } = definition;
  if (own !== undefined) return builder.specificType(name, own(definition.typeName(type, true))).notNullable();
  const isBig = type.max !== undefined && BigInt(type.max) > 2n ** 32n;
  return isBig ? builder.bigIncrements(name, { primaryKey: false }) : builder.increments(name, { primaryKey: false });
}

/** `raw` is one of a few words, or a number; all else is quoted by knex. */
function defaultOf(column: Column, definition: Definition): { text: string; raw: boolean } | undefined {
  const given = defaultValueOf(column);
  if (given === undefined || given.is === "sql") return undefined;
  if (given.is === "now") return { text: String(definition.now(column.type)), raw: true };
  if (typeof given.value === "boolean") return { text: definition.boolean(given.value), raw: true };
  return { text: given.value, raw: !given.quoted };
}

function addForeignKey(builder: Knex.TableBuilder, { name }: StepPlace, key: ForeignKey): void {
  const { columns, references, table, onDelete, onUpdate } = key;
  const built = builder
    .foreign([...columns], madeName(name, columns, "foreign"))
    .references([...references])
    .inTable(table);
  if (onDelete !== undefined && onDelete !== "restrict") built.onDelete(onDelete);
  if (onUpdate !== undefined && onUpdate !== "restrict") built.onUpdate(onUpdate);
}

type TableStep = Exclude<BuiltStep, { readonly do: "add table" | "drop table" }>;

function changeOf(step: TableStep, { keyNames = {} }: DefinedSchema, knex: Knex, definition: Definition): Change {
  const { table } = step;
  switch (step.do) {
    case "comment table":
      return (builder) => builder.comment(definition.comments?.table(step.comment) ?? "");
    case "add column":
      return (builder) => addColumn(builder, step.column, { knex, definition, keyed: step.keyed });
    case "change column":
      return (builder) => addColumn(builder, step.to, { knex, definition, keyed: step.keyed }).alter();
    case "rename column":
      return (builder) => builder.renameColumn(step.from, step.to);
    case "drop column":
      return (builder) => builder.dropColumn(step.column.name);
    case "change primary key":
      return (builder) => {
        if (step.from.length > 0) builder.dropPrimary(keyNames[table.id]);
        if (step.to.length > 0) builder.primary([...step.to]);
      };
    case "add unique":
      return (builder) => builder.unique([...step.key.columns], unique(table, step.key.columns));
    case "drop unique":
      return (builder) => builder.dropUnique([...step.key.columns], step.key.name ?? undefined);
    case "add index":
      return (builder) => builder.index([...step.index.columns], madeName(table.name, step.index.columns, "index"));
    case "drop index":
      return (builder) => builder.dropIndex([...step.index.columns], step.index.name ?? undefined);
    case "add foreign key":
      return (builder) => addForeignKey(builder, table, step.key);
    case "drop foreign key":
      return (builder) => builder.dropForeign([...step.key.columns], step.key.name ?? undefined);
  }
}
