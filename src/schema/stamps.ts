// The option `stamps` → columns that the API itself writes: when a row was made and changed, and by whom.
import { ConfigError, checkKeys, isText } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import { requireColumns } from "./require-columns.js";
import type { Column, Schema, Stamp, Table, ValueKind } from "./schema.js";

/** By what each column holds: the columns' names in the database. */
export interface StampOptions {
  /** When the row was made: a date and time, a date, or a text, which is ISO 8601 in UTC. */
  readonly created?: string;
  /** Who made it. */
  readonly createdBy?: string;
  /** When it was written last; set when it is made, too. */
  readonly updated?: string;
  /** Who wrote it last. */
  readonly by?: string;
  /** The caller's claim that says who that is. Default `sub`. */
  readonly claim?: string;
}

export type StampedColumn = Column & { readonly stamp: Stamp };

/** By table; those that have none are not among them. */
export function stampsIn({ tables }: Schema): ReadonlyMap<string, readonly StampedColumn[]> {
  const isStamped = (column: Column): column is StampedColumn => column.stamp !== undefined;
  const all = tables.map(({ id, columns }) => [id, columns.filter(isStamped)] as const);
  return new Map(all.filter(([, columns]) => columns.length > 0));
}

/** What it holds, for people. */
export const stampText = ({ at, holds, claim }: Stamp): string => {
  if (at === "delete") return `${holds === "flag" ? "whether" : "when"} the row was deleted`;
  const done = at === "insert" ? "made" : "written last";
  return holds === "moment" ? `when the row was ${done}` : `who has ${done} the row, by the claim '${claim}'`;
};

/** A table, as far as its config entry speaks of stamps. `false`: it has none, whatever holds for the others. */
export interface StampedEntry {
  readonly name: string;
  readonly stamps?: StampOptions | false;
}

type StampName = Exclude<keyof StampOptions, "claim">;

const stampNames: Readonly<Record<StampName, Omit<Stamp, "claim">>> = {
  created: { at: "insert", holds: "moment" },
  createdBy: { at: "insert", holds: "caller" },
  updated: { at: "write", holds: "moment" },
  by: { at: "write", holds: "caller" },
};

const moments: ReadonlySet<ValueKind> = new Set(["datetime", "instant", "date", "text", "any"]);

function checkForm(value: unknown, place: string): void {
  if (value === undefined || value === false) return;
  checkKeys(value as object, [...Object.keys(stampNames), "claim"], place);
  for (const [name, column] of Object.entries(value as object))
    if (!isText(column)) throw new ConfigError(`${place}.${name}`, "is a column's name.");
}

/** The schema with its stamps marked. `all` holds for each table that has such columns, an entry for its own table alone. */
export function withStamps(schema: Schema, all: StampOptions | undefined, entries: readonly StampedEntry[]): Schema {
  checkForm(all, "options.stamps");
  for (const { name, stamps } of entries) checkForm(stamps, placeOf(name));
  const own = new Map(entries.flatMap(({ name, stamps }) => (stamps === undefined ? [] : [[name, stamps] as const])));
  if (all === undefined && own.size === 0) return schema;
  if (all !== undefined) requireSomewhere(schema, all);
  const tables = schema.tables.map((table) => {
    const said = own.get(table.id);
    if (said === undefined) return all === undefined ? table : stamped(table, all, "options.stamps");
    if (said === false) return table;
    const place = placeOf(table.id);
    for (const [name, column] of namesIn(said)) requireColumns([column], table, `${place}.${name}`);
    return stamped(table, said, place);
  });
  return { ...schema, tables };
}

function stamped(table: Table, options: StampOptions, place: string): Table {
  const byColumn = new Map(namesIn(options).map(([name, column]) => [column, name]));
  const mark = (column: Column): Column => {
    const name = byColumn.get(column.name);
    if (name === undefined || column.generated) return column;
    const stamp = stampNames[name];
    if (stamp.holds === "moment" && !holdsMoment(column))
      throw new ConfigError(
        `${place}.${name}`,
        `${table.id}.${column.name} is ${column.type.native}: a stamp is a date and time, or a text of ${ISO_LENGTH} characters and more. Leave the table out by overrides: [{ name: "${table.id}", stamps: false }].`,
      );
    return { ...column, stamp: { ...stamp, ...(stamp.holds === "caller" && { claim: options.claim ?? "sub" }) } };
  };
  return { ...table, columns: table.columns.map(mark) };
}

const placeOf = (table: string): string => `overrides: ${table}.stamps`;

/** A text has room for ISO 8601. */
export const holdsMoment = ({ type: { kind, length = ISO_LENGTH } }: Column): boolean =>
  moments.has(kind) && length >= ISO_LENGTH;

export const ISO_LENGTH = new Date(0).toISOString().length;

const namesIn = ({ claim: _, ...columns }: StampOptions) => Object.entries(columns) as [StampName, string][];

/** A name that no table has is a slip of the hand. */
function requireSomewhere({ tables }: Schema, options: StampOptions): void {
  const known = new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)));
  for (const [name, column] of namesIn(options))
    if (known.size > 0 && !known.has(column))
      throw new ConfigError(`options.stamps.${name}`, `no table has a column '${column}'.${didYouMean(column, known)}`);
}
