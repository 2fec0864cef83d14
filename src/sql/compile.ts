// A plan and a dialect → a statement. Identifiers come from the schema that was read, values only as placeholders.
import type { Dialect } from "../dialect/dialect.js";
import type {
  Assignment,
  Comparison,
  Condition,
  DeletePlan,
  InsertPlan,
  LinkPlan,
  ListPlan,
  Plan,
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
        return this.select(entry, this.where(plan.where, entry));
      case "count":
        return `SELECT count(*) FROM ${this.name(entry.table)}${this.where(plan.where, entry)}`;
      case "exists":
        return `SELECT 1 FROM ${this.name(entry.table)}${this.where(plan.where, entry)}${this.dialect.limit("1", undefined)}`;
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

  private list(plan: ListPlan, entry: TableLookup): string {
    const where = this.where(plan.where, entry);
    const order =
      plan.order.length === 0 ? "" : ` ORDER BY ${plan.order.map((item) => this.sorting(item, entry)).join(", ")}`;
    const number = (index: ValueIndex | undefined) => (index === undefined ? undefined : this.put(index));
    return this.select(entry, `${where}${order}${this.dialect.limit(number(plan.limit), number(plan.offset))}`);
  }

  private select(entry: TableLookup, rest: string): string {
    return this.dialect.selectJson(
      this.fields(entry.table, this.qualifier(entry.table)),
      ` FROM ${this.name(entry.table)}${rest}`,
    );
  }

  private fields(table: Table, qualifier: string) {
    return table.columns.map((column) => ({
      name: fieldOf(column),
      expression: this.dialect.json(qualifier + this.dialect.quote(column.name), column.type),
    }));
  }

  private sorting(sorting: Sorting, entry: TableLookup): string {
    const column = columnOf(entry, sorting.column);
    const expression = this.dialect.comparable(this.column(column, this.qualifier(entry.table)), column.type);
    return this.dialect.order(expression, sorting.descending, sorting.nullsFirst, column.nullable);
  }

  private insert(plan: InsertPlan, entry: TableLookup): string {
    const into = `INSERT INTO ${this.name(entry.table)}`;
    const returning = this.dialect.returning.insert ? this.returning(entry.table) : "";
    if (plan.set.length === 0) return `${into} ${this.dialect.insertDefaults}${returning}`;
    const columns = plan.set.map(({ column }) => this.dialect.quote(column));
    const values = plan.set.map((assignment) => this.assigned(assignment, entry));
    return `${into} (${columns.join(", ")}) VALUES (${values.join(", ")})${returning}`;
  }

  private update(plan: UpdatePlan, entry: TableLookup): string {
    const set = plan.set.map(
      (assignment) => `${this.dialect.quote(assignment.column)} = ${this.assigned(assignment, entry)}`,
    );
    const returning = this.dialect.returning.update ? this.returning(entry.table) : "";
    return `UPDATE ${this.name(entry.table)} SET ${set.join(", ")}${this.where(plan.where, entry)}${returning}`;
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
    const absent = `NOT EXISTS (SELECT 1 FROM ${this.name(entry.table)} WHERE ${standing.join(" AND ")})`;
    return (
      `INSERT INTO ${this.name(entry.table)} (${columns.map((name) => this.dialect.quote(name)).join(", ")}) ` +
      `SELECT ${[...sources, ...further].join(", ")} FROM ${from} WHERE ${[...where, absent].join(" AND ")}` +
      ` ${this.dialect.ignoreConflict(columns[0] as string)}`.trimEnd()
    );
  }

  private assigned({ column: name, value }: Assignment, entry: TableLookup): string {
    const column = columnOf(entry, name);
    return value === undefined ? this.dialect.defaultOf(column) : this.put(value, column.type);
  }

  private returning(table: Table): string {
    return ` RETURNING ${this.dialect.jsonObject(this.fields(table, ""))}`;
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
    if (outer.length === 1)
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
