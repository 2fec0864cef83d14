// Plans that write → INSERT, UPDATE, DELETE.
import { returnsInserted } from "../dialect/returns.js";
import type { KeyConflict } from "../dialect/statement-parts.js";
import type { ValueIndex } from "../plan/terms.js";
import type { Assignment, DeletePlan, InsertPlan, LinkEndPlan, LinkPlan, UpdatePlan } from "../plan/write-plan.js";
import { columnOf, type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { isEnforced } from "../schema/schema.js";
import { jsonFields } from "./embed.js";
import { allConditions, whereOf } from "./expression.js";
import { plainRow } from "./plain-row.js";
import type { SelectStatement } from "./read.js";
import type { Writer } from "./writer.js";

export function insertText(writer: Writer, plan: InsertPlan, entry: TableLookup): string | SelectStatement {
  const { dialect } = writer;
  const name = writer.name(entry.table);
  const tuples = tuplesOf(writer, plan, entry);
  const conflict = conflictOf(writer, plan, entry);
  if ((plan.rows > 1 || conflict !== undefined) && dialect.insertRows !== undefined) {
    const fields = jsonFields(writer, entry, writer.qualifier(entry.table));
    return dialect.insertRows({ table: entry.table, name, columns: plan.columns, tuples, fields, conflict });
  }
  const answering = (columns: readonly string[], head: string, tail: string) =>
    plan.unanswered ? `${head} ${tail}`.trimEnd() : answered(writer, { kind: "insert", columns, head, tail }, entry);
  // To say nothing of any column takes the right to all of them (MariaDB).
  const mayAll = entry.table.columns.every(({ denied }) => !denied?.includes("insert"));
  if (plan.columns.length === 0 && plan.rows === 1 && mayAll) {
    return answering([], `INSERT INTO ${name}`, dialect.insertDefaults);
  }
  const [columns, rows] = plan.columns.length === 0 ? defaultsOf(writer, plan, entry) : [plan.columns, tuples];
  const head = `INSERT INTO ${name} (${columns.map((column) => dialect.quote(column)).join(", ")})`;
  const clause = conflict === undefined ? "" : ` ${dialect.onConflict?.(conflict)}`;
  const tail = `VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}${clause}`;
  return answering(columns, head, tail);
}

function conflictOf(writer: Writer, { columns, conflict }: InsertPlan, entry: TableLookup): KeyConflict | undefined {
  if (conflict === undefined) return undefined;
  const { kept = [], ...key } = conflict;
  const update = columns
    .filter((name) => !key.columns.includes(name) && !kept.includes(name))
    .map((name) => ({ name, type: columnOf(entry, name).type }));
  return { ...key, update, own: writer.qualifier(entry.table) };
}

/** The placeholders of each row, in the order of its values. */
function tuplesOf(writer: Writer, { columns, rows }: InsertPlan, entry: TableLookup): string[][] {
  const types = columns.map((name) => columnOf(entry, name).type);
  return Array.from({ length: rows }, (_, row) => types.map((type, i) => writer.put(row * types.length + i, type)));
}

/** Several rows that say nothing: there is no text for that but one column's default, said. */
function defaultsOf(writer: Writer, { rows }: InsertPlan, { table }: TableLookup): [string[], string[][]] {
  const column = table.columns.find(({ generated, denied }) => !generated && !denied?.includes("insert"));
  if (column === undefined) throw new Error(`no column of ${table.id} can be written`);
  return [[column.name], Array.from({ length: rows }, () => [writer.dialect.defaultOf(column)])];
}

export function updateText(writer: Writer, plan: UpdatePlan, entry: TableLookup): string | SelectStatement {
  const set = plan.set.map(
    (assignment) => `${writer.dialect.quote(assignment.column)} = ${changedExpression(writer, assignment, entry)}`,
  );
  const where = whereOf(writer, plan.where, entry).trimStart();
  const columns = plan.set.map(({ column }) => column);
  const head = `UPDATE ${writer.name(entry.table)} SET ${set.join(", ")}`;
  return plan.unanswered ? `${head} ${where}` : answered(writer, { kind: "update", columns, head, tail: where }, entry);
}

export function deleteText(writer: Writer, plan: DeletePlan, entry: TableLookup): string {
  return `DELETE FROM ${writer.name(entry.table)}${whereOf(writer, plan.where, entry)}`;
}

/** A write in two pieces: SQL Server has its answer between them. */
interface WriteText {
  readonly kind: "insert" | "update";
  /** Those that are written. */
  readonly columns: readonly string[];
  readonly head: string;
  readonly tail: string;
}

/** A write with its answer, where the database has one. */
function answered(
  writer: Writer,
  { kind, columns, head, tail }: WriteText,
  entry: TableLookup,
): string | SelectStatement {
  const { table } = entry;
  const { dialect } = writer;
  const whole = `${head} ${tail}`.trimEnd();
  const returns = kind === "insert" ? returnsInserted(dialect, table) : dialect.returning.update;
  if (!returns) return whole;
  if (dialect.returningStatement === undefined) {
    const fields = jsonFields(writer, entry, "");
    const plain = plainRow(fields);
    if (plain === undefined) return `${whole} RETURNING ${dialect.jsonObject(fields)}`;
    return { text: `${whole} RETURNING ${plain.columns}`, ...plain.made };
  }
  const fields = jsonFields(writer, entry, writer.qualifier(table));
  return dialect.returningStatement({ head, tail, table, name: writer.name(table), columns, fields });
}

/** INSERT … SELECT from the two ends: types and existence come from them, so nothing is asked beforehand. A new link answers with its row. */
export function linkText(writer: Writer, plan: LinkPlan, entry: TableLookup): string | SelectStatement {
  const { dialect } = writer;
  const own = writer.qualifier(entry.table);
  const [one, other] = plan.ends.map((end, i) => ({
    ...end,
    alias: dialect.quote(`end ${i + 1}`),
    entry: tableOf(writer.lookup, end.table),
  }));
  if (one === undefined || other === undefined) throw new Error("a link has two ends");
  const ends = [one, other];
  const pairs = ends.flatMap((end) =>
    end.columns.map((name, i) => ({ name, source: writer.column(end.references[i] as string, `${end.alias}.`) })),
  );
  // A column that both foreign keys hold is written once, and both ends say the same of it.
  const written = pairs.filter(({ name }, i) => pairs.findIndex((pair) => pair.name === name) === i);
  const shared = pairs.filter((pair) => !written.includes(pair));
  const columns = [...written.map(({ name }) => name), ...plan.set.map(({ column }) => column)];
  const sources = written.map(({ source }) => source);
  const further = plan.set.map((assignment) => assigned(writer, assignment, entry));
  const from = ends.map((end) => `${writer.name(end.entry.table)} ${end.alias}`).join(", ");
  const agreeing = shared.map(
    ({ name, source }) => `${source} = ${written.find((pair) => pair.name === name)?.source}`,
  );
  const found = [
    ...ends.flatMap((end) =>
      end.where.length === 0 ? [] : [allConditions(writer, end.where, end.entry, `${end.alias}.`)],
    ),
    ...agreeing,
  ];
  const standing = pairs.map(({ name, source }) => `${writer.column(name, own)} = ${source}`);
  const lock = dialect.insertSelectLock === undefined ? "" : ` ${dialect.insertSelectLock}`;
  const absent = `NOT EXISTS (SELECT 1 FROM ${writer.name(entry.table)}${lock} WHERE ${standing.join(" AND ")})`;
  const head = `INSERT INTO ${writer.name(entry.table)} (${columns.map((name) => dialect.quote(name)).join(", ")})`;
  const select = (where: readonly string[]) =>
    `SELECT ${[...sources, ...further].join(", ")} FROM ${from} WHERE ${where.join(" AND ")}`;
  if (plan.refused) {
    const said = shared.length > 0 ? undefined : saidEnds(plan.ends, entry, writer.lookup);
    const rest = said
      ? `VALUES (${[...said.map((value) => writer.put(value)), ...further].join(", ")})`
      : select(found);
    return answered(writer, { kind: "insert", columns, head, tail: rest }, entry);
  }
  const steps = isArbiter(entry) ? ` ${dialect.ignoreConflict(columns[0] as string, own)}` : "";
  const tail = `${select([...found, absent])}${steps}`.trimEnd();
  const isMute = plan.unanswered || dialect.returnsExisting;
  return isMute ? `${head} ${tail}` : answered(writer, { kind: "insert", columns, head, tail }, entry);
}

/** Where a key is deferrable, an INSERT that steps over rows is refused (PostgreSQL's manual: INSERT, «ON CONFLICT Clause»). */
const isArbiter = ({ table }: TableLookup): boolean =>
  [table, ...table.uniqueKeys].every(({ arbiter }) => arbiter !== false);

/**
 * What the address says of both ends, where that is what the link holds and a foreign key sees to it that the rows are there.
 * Whole numbers of one type only: of a text, a foreign key may hold another spelling than the row that it names.
 */
function saidEnds(ends: LinkPlan["ends"], entry: TableLookup, lookup: Lookup): ValueIndex[] | undefined {
  const said = ends.flatMap((end) => {
    const target = tableOf(lookup, end.table);
    if (!isChecked(end, entry) || end.where.length !== end.references.length) return [undefined];
    return end.references.map((name, i) => {
      const [own, other] = [columnOf(entry, end.columns[i] as string).type, columnOf(target, name).type];
      if (own.kind !== "integer" || own.native !== other.native) return undefined;
      const is = end.where.find((condition) => condition.type === "compare" && condition.column === name);
      return is?.type === "compare" && is.key ? is.value : undefined;
    });
  });
  return said.includes(undefined) ? undefined : (said as ValueIndex[]);
}

const isChecked = (end: LinkEndPlan, { table }: TableLookup): boolean =>
  table.foreignKeys.some(
    (key) =>
      key.table === end.table &&
      isEnforced(key) &&
      key.columns.length === end.columns.length &&
      end.columns.every((name, i) => key.references[key.columns.indexOf(name)] === end.references[i]),
  );

/** The same in a row that stands. */
export function changedExpression(writer: Writer, assignment: Assignment, entry: TableLookup): string {
  const { dialect } = writer;
  const { column: name, value, increment } = assignment;
  if (value === undefined || increment || dialect.assigned === undefined) return assigned(writer, assignment, entry);
  const { type } = columnOf(entry, name);
  const placeholder = writer.put(value);
  return dialect.assigned(dialect.quote(name), placeholder, dialect.bind(placeholder, type), type);
}

function assigned(writer: Writer, { column: name, value, increment }: Assignment, entry: TableLookup): string {
  const { dialect } = writer;
  const column = columnOf(entry, name);
  if (value === undefined) return dialect.defaultOf(column);
  const placeholder = writer.put(value);
  if (increment) return dialect.addExact(dialect.quote(name), placeholder, column.type);
  return dialect.bind(placeholder, column.type);
}
