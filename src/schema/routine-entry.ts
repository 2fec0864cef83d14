// `routines` of a config → routines like the database's own. Mistakes name their place and the nearest valid word.
import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Column } from "./column.js";
import type { Routine, RoutineArgument, RoutineReturns } from "./routine.js";
import { keyed, keyedTable } from "./routine-override.js";
import type { Schema } from "./schema.js";
import { typeNamed } from "./type-name.js";
import { type WrittenSql, writtenSql } from "./written-sql.js";

export interface ArgumentEntry {
  readonly name: string;
  /** As in SQL: `integer`, `varchar(40)`, `decimal(10,2)`, `boolean`, `json`. */
  readonly type?: string;
  /** What it is when it is left out. */
  readonly default?: string | number | boolean | null;
}

export interface RoutineEntry {
  /** The path's name: `/rpc/name`. */
  readonly name: string;
  /** The table that it belongs to: its first argument is the row's key, and it stands below the row too. */
  readonly table?: string;
  /** It changes nothing: GET may call it. Default `false`. */
  readonly reads?: boolean;
  readonly arguments?: readonly ArgumentEntry[];
  /** A type, a table whose rows they are, or columns. Left out: nothing is answered, or with `run` whatever that returns. */
  readonly returns?: string | readonly { readonly name: string; readonly type?: string }[];
  /** Where it returns columns: which of them tell its rows apart. */
  readonly key?: string | readonly string[];
  /** One statement, with `:name` where an argument stands. */
  readonly sql?: string;
  readonly comment?: string;
}

const keys = ["name", "table", "reads", "arguments", "returns", "key", "sql", "run", "comment"];

export const entryId = ({ name, arguments: all = [] }: RoutineEntry): string =>
  `${name}(${all.map(({ type }) => type ?? "any").join(",")})`;

/** The schema with them. One that is called as the database's own stands in its place. */
export function routinesFromConfig(entries: readonly RoutineEntry[], schema: Schema): Schema {
  if (!Array.isArray(entries))
    throw new ConfigError("options.routines", 'is an array: [{ name: "transfer", arguments: […], sql: "…" }].');
  if (entries.length === 0) return schema;
  const made = entries.map((entry, i) => routineFrom(entry, schema, `options.routines[${i}]`));
  const twice = made.find(({ name }, i) => made.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new ConfigError("options.routines", `${twice.name} stands twice.`);
  const names = new Set(made.map(({ name }) => name));
  const others = (schema.routines ?? []).filter(({ name }) => !names.has(name));
  return { ...schema, routines: [...others, ...made] };
}

function routineFrom(entry: RoutineEntry, schema: Schema, place: string): Routine {
  checkKeys(entry, keys, place);
  const { name, table, reads = false, sql, comment } = entry;
  if (typeof name !== "string" || !/^[^/\s(]+$/.test(name))
    throw new ConfigError(`${place}.name`, "is one segment of a path, without '/'.");
  checkBoolean(entry.reads, `${place}.reads`);
  const runs = "run" in entry && entry.run !== undefined;
  if (runs === (sql !== undefined)) throw new ConfigError(place, "says either sql or run.");
  const all = (entry.arguments ?? []).map((argument, i) => argumentFrom(argument, `${place}.arguments[${i}]`));
  if (table !== undefined) keyedTable(table, schema, `${place}.table`);
  if (table !== undefined && all.length === 0)
    throw new ConfigError(`${place}.arguments`, "the first one is the row's key, and there is none.");
  const written = sql === undefined ? undefined : writtenSql(sql);
  if (written !== undefined) requireArguments(written, all, `${place}.sql`);
  const said = runs ? ({ type: "results" } as const) : returnsFrom(entry.returns, schema, `${place}.returns`);
  const returns = entry.key === undefined ? said : keyed(said, entry.key, `${place}.key`);
  if (written !== undefined) requireShown(returns, reads, `${place}.returns`);
  return {
    ...{ id: entryId(entry), name, schema: null, kind: "function", arguments: all, returns, reads },
    ...(comment === undefined ? {} : { comment }),
    ...(table === undefined ? {} : { table }),
    ...(written === undefined ? { runs: true as const } : { sql: written }),
  };
}

function argumentFrom(entry: ArgumentEntry, place: string): RoutineArgument {
  checkKeys(entry, ["name", "type", "default"], place);
  const { name, type, default: value } = entry;
  if (typeof name !== "string" || !/^[A-Za-z_]\w*$/.test(name))
    throw new ConfigError(`${place}.name`, "is a name of letters, digits and _.");
  return {
    ...{ name, mode: "in", type: typeNamed(type) },
    ...(value === undefined ? {} : { default: JSON.stringify(value) }),
  };
}

function requireArguments({ arguments: names }: WrittenSql, all: readonly RoutineArgument[], place: string): void {
  const known = all.flatMap(({ name }) => name ?? []);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(place, `there is no argument ':${unknown}'.${didYouMean(unknown, known)}`);
}

/** What writes answers its own rows, which are no source of others. */
function requireShown(returns: RoutineReturns, reads: boolean, place: string): void {
  if (reads && returns.type === "nothing") throw new ConfigError(place, "what reads says what it returns.");
  if (!reads && returns.type === "rows")
    throw new ConfigError(place, "rows of a table are for sql that reads. Say its columns, or use run.");
}

function returnsFrom(said: RoutineEntry["returns"], { tables }: Schema, place: string): RoutineReturns {
  if (said === undefined) return { type: "nothing" };
  if (Array.isArray(said)) {
    const columns = said.map((entry, i): Column => {
      checkKeys(entry, ["name", "type"], `${place}[${i}]`);
      const { name, type } = entry;
      if (typeof name !== "string" || name === "")
        throw new ConfigError(`${place}[${i}].name`, "is the column's name.");
      return { name, type: typeNamed(type), nullable: true, default: null, generated: false, identity: false };
    });
    return { type: "columns", columns, many: true };
  }
  if (typeof said !== "string") throw new ConfigError(place, "is a type, a table, or an array of columns.");
  if (tables.some(({ id }) => id === said)) return { type: "rows", table: said, many: true };
  const of = typeNamed(said);
  if (of.kind !== "other") return { type: "value", of, many: false };
  throw new ConfigError(
    place,
    `'${said}' is neither a table nor a type.${didYouMean(
      said,
      tables.map(({ id }) => id),
    )}`,
  );
}
