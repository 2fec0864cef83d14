// A plan and a dialect → a statement. Identifiers come from the schema that was read, values only as placeholders.
import type { Dialect } from "../dialect/dialect.js";
import type {
  Assignment,
  Comparison,
  Condition,
  DeletePlan,
  Hop,
  InsertPlan,
  LinkPlan,
  ListPlan,
  Plan,
  ReadPlan,
  Sorting,
  UpdatePlan,
  Value,
  ValueIndex,
} from "../plan/plan.js";
import { columnOf, type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf, type Table } from "../schema/schema.js";

export interface Statement {
  readonly text: string;
  /** The plan's values in the order of the text's placeholders; one may stand at several. */
  readonly order: readonly ValueIndex[];
}

/** What a statement's rows hold: `json` one JSON text a row; `count` a number; `exists` anything; `none` nothing. */
export function compile(plan: Plan, lookup: Lookup, dialect: Dialect): Statement {
  const writer = new Writer(lookup, dialect);
  const text = writer.statement(plan);
  return { text, order: writer.order };
}

/** The values of one request, as the driver takes them. */
export function bindings(statement: Statement, values: readonly Value[], dialect: Dialect): unknown[] {
  return statement.order.map((index) => {
    const { value, type, pattern } = values[index] as Value;
    if (pattern !== undefined) return dialect.likePattern(value as string, pattern.matchCase);
    return value === null ? null : dialect.encode(value, type);
  });
}

const signs: Record<Comparison, string> = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" };

class Writer {
  readonly order: ValueIndex[] = [];
  private aliases = 0;

  constructor(
    private readonly lookup: Lookup,
    private readonly dialect: Dialect,
  ) {}

  statement(plan: Plan): string {
    const entry = tableOf(this.lookup, plan.table);
    switch (plan.kind) {
      case "list":
        return this.list(plan, entry);
      case "read":
        return this.read(plan, entry);
      case "count":
        return `SELECT count(*) FROM ${this.name(entry.table)}${this.where(plan.where, entry)}`;
      case "exists":
        return `SELECT 1 FROM ${this.name(entry.table)}${this.where(plan.where, entry)}${this.dialect.limit("1", undefined, false)}`;
      case "default":
        return `SELECT (${columnOf(entry, plan.column).default})`;
      case "insert":
        return this.insert(plan, entry);
      case "update":
        return this.update(plan, entry);
      case "delete":
        return this.delete(plan, entry);
      case "link":
        return this.link(plan, entry);
    }
  }

  private read(plan: ReadPlan, entry: TableLookup): string {
    const lock = plan.lock ? this.dialect.lock : { hint: "", clause: "" };
    return this.select(entry, this.where(plan.where, entry) + lock.clause, lock.hint);
  }

  private list(plan: ListPlan, entry: TableLookup): string {
    const where = this.where(plan.where, entry);
    // A column that stands a second time changes nothing, and is an error on some databases.
    const names = plan.order.map(({ through, column }) => JSON.stringify([through, column]));
    const items = plan.order.filter((_, i) => names.indexOf(names[i] as string) === i);
    const order = items.length === 0 ? "" : ` ORDER BY ${items.map((item) => this.sorting(item, entry)).join(", ")}`;
    const number = (index: ValueIndex | undefined) => (index === undefined ? undefined : this.put(index));
    const limit = this.dialect.limit(number(plan.limit), number(plan.offset), items.length > 0);
    return this.select(entry, `${where}${order}${limit}`);
  }

  private select(entry: TableLookup, rest: string, hint = ""): string {
    return this.dialect.selectJson(
      this.fields(entry.table, this.qualifier(entry.table)),
      ` FROM ${this.name(entry.table)}${hint}${rest}`,
    );
  }

  private fields(table: Table, qualifier: string) {
    return table.columns.map((column) => ({
      name: fieldOf(column),
      expression: this.dialect.json(qualifier + this.dialect.quote(column.name), column.type),
    }));
  }

  private sorting(sorting: Sorting, entry: TableLookup): string {
    const through = sorting.through ?? [];
    const target = through.reduce((_, hop) => tableOf(this.lookup, hop.table), entry);
    const column = columnOf(target, sorting.column);
    const own = this.qualifier(entry.table);
    const value = through.length === 0 ? this.column(column, own) : this.through(through, sorting.column, entry, own);
    const nullable = column.nullable || through.length > 0;
    const sortable = this.dialect.sortable(value, column.type);
    return this.dialect.order(sortable, sorting.descending, sorting.nullsFirst, nullable);
  }

  /** The one row that a chain of to-one relations leads to: its column, or NULL. */
  private through([hop, ...rest]: readonly Hop[], name: string, entry: TableLookup, qualifier: string): string {
    const { table, columns, references } = hop as Hop;
    const target = tableOf(this.lookup, table);
    const alias = this.dialect.quote(`via ${++this.aliases}`);
    const value =
      rest.length === 0 ? `${alias}.${this.dialect.quote(name)}` : this.through(rest, name, target, `${alias}.`);
    const on = references.map((reference, i) => {
      const other = this.column(columnOf(entry, columns[i] as string), qualifier);
      return `${alias}.${this.dialect.quote(reference)} = ${other}`;
    });
    return `(SELECT ${value} FROM ${this.name(target.table)} ${alias} WHERE ${on.join(" AND ")})`;
  }

  private insert(plan: InsertPlan, entry: TableLookup): string {
    const columns = plan.set.map(({ column }) => this.dialect.quote(column));
    const values = plan.set.map((assignment) => this.assigned(assignment, entry));
    const into = `INSERT INTO ${this.name(entry.table)}`;
    return columns.length === 0
      ? this.write(plan, entry, into, this.dialect.insertDefaults)
      : this.write(plan, entry, `${into} (${columns.join(", ")})`, `VALUES (${values.join(", ")})`);
  }

  private update(plan: UpdatePlan, entry: TableLookup): string {
    const set = plan.set.map(
      (assignment) => `${this.dialect.quote(assignment.column)} = ${this.assigned(assignment, entry)}`,
    );
    const where = this.where(plan.where, entry).trimStart();
    return this.write(plan, entry, `UPDATE ${this.name(entry.table)} SET ${set.join(", ")}`, where);
  }

  /** A write with its answer, where the database has one. */
  private write(plan: InsertPlan | UpdatePlan, { table }: TableLookup, head: string, tail: string): string {
    const { dialect } = this;
    const whole = `${head} ${tail}`.trimEnd();
    if (!dialect.returning[plan.kind]) return whole;
    if (dialect.answering === undefined) return `${whole} RETURNING ${dialect.jsonObject(this.fields(table, ""))}`;
    const fields = this.fields(table, this.qualifier(table));
    const columns = plan.set.map(({ column }) => column);
    return dialect.answering({ head, tail, table, name: this.name(table), columns, fields });
  }

  private delete(plan: DeletePlan, entry: TableLookup): string {
    return `DELETE FROM ${this.name(entry.table)}${this.where(plan.where, entry)}`;
  }

  /** INSERT … SELECT from the two ends: types and existence come from them, so nothing is asked beforehand. */
  private link(plan: LinkPlan, entry: TableLookup): string {
    const [one, other] = plan.ends.map((end, i) => ({
      ...end,
      alias: this.dialect.quote(`end ${i + 1}`),
      entry: tableOf(this.lookup, end.table),
    }));
    if (one === undefined || other === undefined) throw new Error("a link has two ends");
    const ends = [one, other];
    const columns = [...ends.flatMap((end) => end.columns), ...plan.set.map(({ column }) => column)];
    const sources = ends.flatMap((end) => end.references.map((name) => `${end.alias}.${this.dialect.quote(name)}`));
    const further = plan.set.map((assignment) => this.assigned(assignment, entry));
    const from = ends.map((end) => `${this.name(end.entry.table)} ${end.alias}`).join(", ");
    const where = ends.flatMap((end) =>
      end.where.map((condition) => this.condition(condition, end.entry, `${end.alias}.`)),
    );
    const standing = ends.flatMap((end) =>
      end.columns.map(
        (name, i) =>
          `${this.qualifier(entry.table)}${this.dialect.quote(name)} = ${end.alias}.${this.dialect.quote(end.references[i] as string)}`,
      ),
    );
    const lock = this.dialect.askedLock === undefined ? "" : ` ${this.dialect.askedLock}`;
    const absent = `NOT EXISTS (SELECT 1 FROM ${this.name(entry.table)}${lock} WHERE ${standing.join(" AND ")})`;
    return (
      `INSERT INTO ${this.name(entry.table)} (${columns.map((name) => this.dialect.quote(name)).join(", ")}) ` +
      `SELECT ${[...sources, ...further].join(", ")} FROM ${from} WHERE ${[...where, absent].join(" AND ")}` +
      ` ${this.dialect.ignoreConflict(columns[0] as string, this.qualifier(entry.table))}`.trimEnd()
    );
  }

  private assigned({ column: name, value }: Assignment, entry: TableLookup): string {
    const column = columnOf(entry, name);
    return value === undefined ? this.dialect.defaultOf(column) : this.put(value, column.type);
  }

  private where(conditions: readonly Condition[], entry: TableLookup): string {
    return conditions.length === 0 ? "" : ` WHERE ${this.all(conditions, entry, this.qualifier(entry.table))}`;
  }

  private all(conditions: readonly Condition[], entry: TableLookup, qualifier: string): string {
    return conditions.map((condition) => this.condition(condition, entry, qualifier)).join(" AND ");
  }

  private condition(condition: Condition, entry: TableLookup, qualifier: string): string {
    switch (condition.type) {
      case "never":
        return "1 = 0";
      case "all":
      case "any": {
        const parts = condition.where.map((part) => this.condition(part, entry, qualifier));
        return `(${parts.join(condition.type === "all" ? " AND " : " OR ")})`;
      }
      case "not":
        return `NOT (${this.all(condition.where, entry, qualifier)})`;
      case "within":
        return this.within(condition, entry, qualifier);
      case "null": {
        const column = columnOf(entry, condition.column);
        return `${this.column(column, qualifier)} IS ${condition.negated ? "NOT " : ""}NULL`;
      }
      case "like": {
        const column = columnOf(entry, condition.column);
        return this.dialect.like(this.column(column, qualifier), this.put(condition.value), condition.matchCase);
      }
      case "in": {
        if (condition.values.length === 0) return "1 = 1";
        const { expression, type } = this.comparable(condition.column, entry, qualifier);
        const list = condition.values.map((value) => this.put(value, type)).join(", ");
        return `${expression} ${condition.negated ? "NOT " : ""}IN (${list})`;
      }
      case "compare": {
        const { expression, type } = this.comparable(condition.column, entry, qualifier);
        return `${expression} ${signs[condition.operator]} ${this.put(condition.value, type)}`;
      }
    }
  }

  /** One column: IN, which every planner turns into index look-ups. Several: EXISTS, which every database has. */
  private within(condition: Extract<Condition, { type: "within" }>, entry: TableLookup, qualifier: string): string {
    const inner = tableOf(this.lookup, condition.table);
    const alias = this.dialect.quote(`via ${++this.aliases}`);
    const from = `FROM ${this.name(inner.table)} ${alias}`;
    const outer = condition.columns.map((name) => this.column(columnOf(entry, name), qualifier));
    const selected = condition.select.map((name) => `${alias}.${this.dialect.quote(name)}`);
    const where = this.all(condition.where, inner, `${alias}.`);
    if (outer.length === 1 && !condition.exists)
      return `${outer[0]} IN (SELECT ${selected[0]} ${from}${where === "" ? "" : ` WHERE ${where}`})`;
    const pairs = outer.map((name, i) => `${selected[i]} = ${name}`).join(" AND ");
    return `EXISTS (SELECT 1 ${from} WHERE ${pairs}${where === "" ? "" : ` AND ${where}`})`;
  }

  private comparable(name: string, entry: TableLookup, qualifier: string): { expression: string; type: ColumnType } {
    const column = columnOf(entry, name);
    return { expression: this.dialect.comparable(this.column(column, qualifier), column.type), type: column.type };
  }

  private put(index: ValueIndex, type?: ColumnType): string {
    const position = this.order.push(index);
    const placeholder = this.dialect.placeholder(position);
    return type === undefined ? placeholder : this.dialect.bind(placeholder, type);
  }

  private name(table: Table): string {
    const name = this.dialect.quote(table.name);
    return table.schema === null ? name : `${this.dialect.quote(table.schema)}.${name}`;
  }

  /** Main tables are named, not aliased: not every database has aliases in DELETE. */
  private qualifier(table: Table): string {
    return `${this.dialect.quote(table.name)}.`;
  }

  private column(column: Column, qualifier: string): string {
    return qualifier + this.dialect.quote(column.name);
  }
}
