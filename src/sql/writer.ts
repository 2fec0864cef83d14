// What every part of a statement is written with: names from the schema, placeholders, aliases. One a statement.

import type { Dialect } from "../dialect/dialect.js";
import { limitOptions } from "../http/limits.js";
import type { ListPlan } from "../plan/plan.js";
import type { Hop, ValueIndex } from "../plan/terms.js";
import type { Lookup, TableLookup } from "../schema/lookup.js";
import type { ColumnType, Table } from "../schema/schema.js";

/** Stands for a value until the text is finished. No name of a database's has a NUL in it. */
const MARK = /\0(-?\d+)\0/g;

/** A row, by what stands before its columns' names. */
export interface RowPlace {
  readonly entry: TableLookup;
  readonly qualifier: string;
}

/** What must hold of the row is said by the join alone. */
const joinKey = (qualifier: string, through: readonly Hop[]): string =>
  qualifier + JSON.stringify(through.map(({ table, columns, references }) => [table, columns, references]));

export class Writer {
  private readonly order: ValueIndex[] = [];
  private aliases = 0;
  /** Is one of the lists in it such that `Dialect.isTruncated` must look at the rows? */
  mayTruncate = false;
  /** How many rows of one list what is written now is made for. */
  copies = 1;
  /** What `mostOfEachList` found. */
  mostOfEachList: number | undefined;

  private readonly joined = new Map<string, RowPlace>();

  /** Placeholders without a number are counted in the finished text: a dialect may write an expression twice. */
  private readonly numbered: boolean;

  constructor(
    readonly lookup: Lookup,
    readonly dialect: Dialect,
    /** How many rows an answer has at the most. */
    readonly mostRows: number = limitOptions.maxAnswerRows.default,
  ) {
    this.numbered = dialect.placeholder(1) !== dialect.placeholder(2);
  }

  /** A placeholder for a value; as the type needs it, where one is named. */
  put(index: ValueIndex, type?: ColumnType): string {
    const position = this.order.push(index);
    const placeholder = this.numbered ? this.dialect.placeholder(position) : `\0${index}\0`;
    return type === undefined ? placeholder : this.dialect.bind(placeholder, type);
  }

  /** The text as the driver takes it, and the plan's values in the order of its placeholders. */
  finished(text: string): { readonly text: string; readonly order: readonly ValueIndex[] } {
    if (this.numbered) return { text, order: this.order };
    const order: ValueIndex[] = [];
    const counted = text.replace(MARK, (_, index) => this.dialect.placeholder(order.push(Number(index))));
    return { text: counted, order };
  }

  /** A list's slice, at the end of its SELECT. */
  limit({ limit, offset }: Pick<ListPlan, "limit" | "offset">, ordered: boolean): string {
    return this.dialect.limit(limit, offset === undefined ? undefined : this.put(offset), ordered);
  }

  /** What `write` writes is made for each of so many rows of a list. */
  inList<T>(rows: number, write: () => T): T {
    const { copies } = this;
    // Also where no row of it is shown, as with `limit=0`.
    this.copies = Math.max(1, rows);
    const written = write();
    this.copies = copies;
    return written;
  }

  /** The row that is joined to one, by the relations that lead to it. */
  joinedRow(qualifier: string, through: readonly Hop[]): RowPlace | undefined {
    return through.length === 0 ? undefined : this.joined.get(joinKey(qualifier, through));
  }

  joinRow(qualifier: string, through: readonly Hop[], { entry, qualifier: own }: RowPlace): void {
    this.joined.set(joinKey(qualifier, through), { entry, qualifier: own });
  }

  /** A new alias, quoted. */
  alias(): string {
    return this.dialect.quote(`via ${++this.aliases}`);
  }

  name(table: Pick<Table, "name" | "schema">): string {
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
