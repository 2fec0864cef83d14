// What every part of a statement is written with: names from the schema, placeholders, aliases. One a statement.
import type { Dialect } from "../dialect/dialect.js";
import type { ListPlan, ValueIndex } from "../plan/plan.js";
import type { Lookup } from "../schema/lookup.js";
import type { ColumnType, Table } from "../schema/schema.js";

export class Writer {
  /** The plan's values in the order of the text's placeholders. */
  readonly order: ValueIndex[] = [];
  private aliases = 0;

  constructor(
    readonly lookup: Lookup,
    readonly dialect: Dialect,
  ) {}

  /** A placeholder for a value; as the type needs it, where one is named. */
  put(index: ValueIndex, type?: ColumnType): string {
    const position = this.order.push(index);
    const placeholder = this.dialect.placeholder(position);
    return type === undefined ? placeholder : this.dialect.bind(placeholder, type);
  }

  /** A list's slice, at the end of its SELECT. */
  limit({ limit, offset }: Pick<ListPlan, "limit" | "offset">, ordered: boolean): string {
    return this.dialect.limit(limit, offset === undefined ? undefined : this.put(offset), ordered);
  }

  /** A new alias, quoted. */
  alias(): string {
    return this.dialect.quote(`via ${++this.aliases}`);
  }

  name(table: Table): string {
    const name = this.dialect.quote(table.name);
    return table.schema === null ? name : `${this.dialect.quote(table.schema)}.${name}`;
  }

  /** Main tables are named, not aliased: not every database has aliases in DELETE. */
  qualifier(table: Table): string {
    return `${this.dialect.quote(table.name)}.`;
  }

  column(name: string, qualifier: string): string {
    return qualifier + this.dialect.quote(name);
  }
}
