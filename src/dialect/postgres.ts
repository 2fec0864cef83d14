// PostgreSQL through pg. The catalogue is read in postgres-catalogue.ts.
import type { Client } from "pg";
import type { ColumnType } from "../schema/schema.js";
import { isAway } from "./away.js";
import { averageScale, type DatabaseRefusal, type DatabaseResult, type Dialect, type JsonField } from "./dialect.js";
import { onConflict } from "./on-conflict.js";
import { readSchema } from "./postgres-catalogue.js";
import { jsonArray, jsonAt, jsonPath } from "./postgres-json.js";
import { search } from "./postgres-search.js";
import { Statements } from "./statements.js";

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const asText = (expression: string): string => `CAST(${expression} AS text)`;

export const postgres: Dialect = {
  name: "postgres",
  driver: "pg",
  schemes: ["postgres", "postgresql"],
  clients: ["pg", "postgres", "postgresql"],
  configure,
  readSchema,
  readVersion: async (ask) =>
    String((await ask("SELECT current_setting('server_version') AS version"))[0]?.version).replace(/ .*/, ""),
  execute,
  refusal,

  quote,
  placeholder: (position) => `$${position}`,
  bind: (placeholder, type) => (type.native === "money" ? `${placeholder}::numeric::money` : placeholder),
  encode: (value) => (typeof value === "bigint" ? String(value) : (value ?? null)),
  comparable,
  sortable: comparable,
  // As text every type keeps all it has (infinity, the fields of an interval), and a bare placeholder takes the column's type.
  position: (expression, type) => ({
    kept: asText(comparable(expression, type)),
    compared: comparable(expression, type),
    type: { kind: "other", native: "unknown" },
    shown: type.kind === "integer" || type.kind === "text" || type.kind === "uuid",
  }),

  json,
  jsonDigits: (c, type) => (type.kind === "array" ? arrayDigits(c, type) : asText(json(c, type))),
  // `r.*`, because plain `r` would be a column of that name.
  jsonObject: (fields) =>
    fits(fields) ? `(SELECT row_to_json(r.*)::text FROM (SELECT ${aliased(fields)}) r)` : builtObject(fields),
  selectJson: (fields, rest, second) =>
    second !== undefined
      ? `SELECT ${postgres.jsonObject(fields)}, ${second} ${rest}`
      : fits(fields)
        ? `SELECT row_to_json(r.*)::text FROM (SELECT ${aliased(fields)} ${rest}) r`
        : `SELECT ${builtObject(fields)} ${rest}`,

  embedOne: (fields, rest) => `(SELECT ${rowObject(fields)} FROM (SELECT ${rowFields(fields)}${rest}) r)`,
  embedMany: (fields, from, order, limit) =>
    `(SELECT coalesce(json_agg(${rowObject(fields)}), '[]') FROM (SELECT ${rowFields(fields)}${from}${order}${limit}) r)`,

  aggregate(of, c, type) {
    if (type.kind === "float") return { expression: `${of}(${c}::float8)`, type: { kind: "float", native: "float8" } };
    const exact = type.native === "money" ? `${c}::numeric` : c;
    if (of === "sum")
      return { expression: `sum(${exact})`, type: { kind: "decimal", native: "numeric", scale: type.scale ?? 0 } };
    const scale = averageScale(type);
    return { expression: `round(avg(${exact}), ${scale})`, type: { kind: "decimal", native: "numeric", scale } };
  },

  like: (expression, placeholder, matchCase) =>
    `${asText(expression)} ${matchCase ? "LIKE" : "ILIKE"} ${placeholder} ESCAPE '\\'`,
  likePattern: (pattern) => pattern,
  jsonAt,
  jsonPath,
  jsonArray,
  search,
  arrayContains: (expression, placeholder, type) =>
    isComparable(type)
      ? `${expression} @> ${placeholder}`
      : `CAST(${expression} AS text[]) @> CAST(${placeholder} AS text[])`,
  order(expression, descending, nullsFirst, nullable) {
    const direction = `${expression} ${descending ? "DESC" : "ASC"}`;
    // NULL is the largest value here.
    return nullable && nullsFirst !== descending ? `${direction} NULLS ${nullsFirst ? "FIRST" : "LAST"}` : direction;
  },
  limit: (limit, offset) =>
    (limit === undefined ? "" : ` LIMIT ${limit}`) + (offset === undefined ? "" : ` OFFSET ${offset}`),

  estimate: {
    filtered: true,
    views: true,
    text: (select) => `EXPLAIN (FORMAT JSON) ${select}`,
    rows: ([row]) => JSON.parse(row?.[0] as string)[0]?.Plan?.["Plan Rows"],
  },

  returning: { insert: true, update: true },
  defaultOf: () => "DEFAULT",
  plus: (expression, placeholder, type) => `${expression} + ${postgres.bind(placeholder, type)}`,
  // As an UPDATE locks it: rows that refer to this one may still come (explicit-locking, «FOR NO KEY UPDATE»).
  lock: { hint: "", clause: " FOR NO KEY UPDATE" },
  insertDefaults: "DEFAULT VALUES",
  ignoreConflict: () => "ON CONFLICT DO NOTHING",
  onConflict: onConflict(quote),
  ignoresByKey: true,
  checkDeferred: "SET CONSTRAINTS ALL IMMEDIATE",
};

/** `other` types with an order and an equality of their own; the rest (xml, point, …) compare as text. */
const ordered = /^(interval|inet|cidr|macaddr8?|bit|bit varying|time.* with time zone|pg_lsn|ltree|\w+range)\b(?!.*\[)/;

const isComparable = ({ kind, native, element }: ColumnType): boolean =>
  !(kind === "json" && native === "json") &&
  (kind !== "other" || ordered.test(native)) &&
  (element === undefined || isComparable(element));

function comparable(expression: string, type: ColumnType): string {
  if (type.kind === "text" && type.native === "json") return `${expression} COLLATE "C"`;
  if (!isComparable(type)) return asText(expression);
  // A domain over an enum has no `=` of its own; of the enum itself the cast makes nothing.
  return type.kind === "enum" ? `CAST(${expression} AS ${type.native})` : expression;
}

function configure(connectionString: string): ReturnType<Dialect["configure"]> {
  if (!/^postgres(ql)?:\/\//i.test(connectionString) || !URL.canParse(connectionString)) {
    throw new Error("A PostgreSQL connection string looks like postgres://user:password@host:5432/database.");
  }
  if (/%(?![\da-f]{2})/i.test(connectionString)) {
    throw new Error('A PostgreSQL connection string writes a "%" in names and passwords as "%25".');
  }
  return {
    client: "pg",
    connection: { connectionString },
    pool: {
      // Not as a startup parameter: pgbouncer refuses those.
      afterCreate(connection: Client, done: (error: Error | null) => void) {
        connection.query("SET TIME ZONE 'UTC'", (error) => done(error));
      },
    },
  };
}

const untouched = { getTypeParser: () => (value: unknown) => value };

interface Connected {
  readonly statements: Statements<string>;
  /** Behind a pooler that mixes sessions, named statements get lost: then none are used. */
  named: boolean;
}

type DriverClient = Client & {
  connection?: { parsedStatements?: Record<string, string> };
  getTransactionStatus?(): string | null;
};

const connected = new WeakMap<object, Connected>();
let named = 0;

async function execute(connection: unknown, text: string, values: readonly unknown[]): Promise<DatabaseResult> {
  const client = connection as DriverClient;
  let state = connected.get(client);
  if (!state) {
    state = { statements: new Statements(500), named: true };
    connected.set(client, state);
  }
  const name = state.named ? await nameOf(client, state, text) : undefined;
  try {
    return await query(client, name, text, values);
  } catch (error) {
    const { code } = error as { code?: unknown };
    // «cached plan must not change result type»: the table changed under the statement.
    if (code === "0A000") await close(client, state, text);
    // 26000: no such prepared statement; 42P05: it exists already. Both mean that sessions are mixed, or were reset.
    if (name === undefined || (code !== "26000" && code !== "42P05")) throw error;
    state.named = false;
    if (client.getTransactionStatus?.() !== "I") throw error;
    return query(client, undefined, text, values);
  }
}

async function query(client: Client, name: string | undefined, text: string, values: readonly unknown[]) {
  const request = { text, values: [...values], rowMode: "array" as const, types: untouched };
  const result = await client.query<unknown[]>(name === undefined ? request : { ...request, name });
  return { rows: result.rows, affected: result.rowCount ?? 0 };
}

async function nameOf(client: DriverClient, { statements }: Connected, text: string): Promise<string | undefined> {
  const known = statements.get(text);
  if (known !== undefined || !statements.takes(text)) return known;
  const name = `sapwood_${++named}`;
  for (const dropped of statements.add(text, name)) await deallocate(client, dropped.handle);
  return name;
}

async function close(client: DriverClient, { statements }: Connected, text: string): Promise<void> {
  const name = statements.get(text);
  statements.forget(text);
  if (name !== undefined) await deallocate(client, name);
}

/** In a failed transaction the server keeps the statement until the session ends; its name is not used again. */
async function deallocate(client: DriverClient, name: string): Promise<void> {
  const parsed = client.connection?.parsedStatements;
  if (parsed?.[name] === undefined) return;
  delete parsed[name];
  await client.query(`DEALLOCATE ${name}`).catch(() => undefined);
}

function json(c: string, type: ColumnType): string {
  switch (type.kind) {
    case "integer":
      // row_to_json knows oid for no number.
      return type.native === "oid" ? `${c}::int8` : c;
    case "decimal":
      return type.native === "money" ? `${c}::numeric` : c;
    case "text":
      // The padding of char(n) goes with the cast.
      return /^(character|bpchar|char)\b(?! varying)/.test(type.native) ? asText(c) : c;
    case "instant":
      // A knex instance that was handed in has a session's zone of its own.
      return `CASE WHEN isfinite(${c}) THEN replace((to_json(${c} AT TIME ZONE 'UTC') #>> '{}') || '+00:00', ' BC+00:00', '+00:00 BC') ELSE ${asText(c)} END`;
    case "binary":
      return `translate(encode(${c}, 'base64'), E'\\n', '')`;
    case "array":
      return arrayJson(c, type.element);
    case "other":
      return asText(c);
    default:
      return c;
  }
}

const arrayDigits = (c: string, { element }: ColumnType): string =>
  element?.native === "money" ? `${c}::numeric[]::text[]` : `${c}::text[]`;

function arrayJson(c: string, element: ColumnType | undefined): string {
  if (element?.native === "money") return `${c}::numeric[]`;
  // An element that `json` would touch: as text, which is what `json` does to most of them.
  return element && element.kind !== "instant" && json("", element) !== "" ? `${c}::text[]` : c;
}

/** A longer alias would be cut (NAMEDATALEN). */
const fits = (fields: readonly JsonField[]): boolean => fields.every((field) => Buffer.byteLength(field.name) < 64);

const aliased = (fields: readonly JsonField[]): string =>
  fields.map((field) => `${field.expression} AS ${quote(field.name)}`).join(", ");

/** A row of a subquery `r`, and what that selects. */
const rowObject = (fields: readonly JsonField[]): string => (fits(fields) ? "row_to_json(r.*)" : "r.object");
const rowFields = (fields: readonly JsonField[]): string =>
  fits(fields) ? aliased(fields) : `${jsonBuild(fields)} AS object`;

const builtObject = (fields: readonly JsonField[]): string => `CAST(${jsonBuild(fields)} AS text)`;

const jsonBuild = (fields: readonly JsonField[]): string =>
  `json_build_object(${fields.map((field) => `${literal(field.name)}, ${field.expression}`).join(", ")})`;

interface DriverError extends Error {
  readonly code?: string;
  readonly position?: string;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly detail?: string;
  readonly column?: string;
  readonly constraint?: string;
}

function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  const { code = "", detail, column, constraint, message } = error as DriverError;
  const columns = column === undefined ? undefined : [column];
  if (isAboutValue(error)) return { code: "invalid_value", columns };
  switch (code) {
    case "23505":
    case "23P01":
      return { code: "unique_violation", columns: keyColumns(detail), constraint };
    case "23503":
      // On deleting a referenced row the detail names the other table's columns.
      return {
        code: "foreign_key_violation",
        columns: /^insert or update/.test(message) ? keyColumns(detail) : undefined,
        constraint,
      };
    case "23001":
      return { code: "foreign_key_violation", constraint };
    case "21000":
      return { code: "same_row" };
    case "23502":
      return { code: "not_null_violation", columns };
    case "23514":
    case "44000":
      return { code: "check_violation", constraint };
    case "40001":
    case "40P01":
    case "55P03":
    case "26000":
    case "42P05":
      return { code: "conflict" };
    case "57014":
      return { code: "timeout" };
    case "42P01":
    case "42703":
    case "42704":
    case "42883":
    // ON CONFLICT names a key that is not there (any more).
    case "42P10":
    case "42804":
    case "3F000":
      return { code: "schema_changed" };
    case "0A000":
      return /cached plan/.test(message) ? { code: "schema_changed" } : { code: "write_refused" };
    case "42501":
    case "25006":
    case "P0001":
    case "428C9":
    case "55000":
      return { code: "write_refused" };
    case "":
      return message === "Query read timeout" ? { code: "timeout" } : undefined;
  }
  if (code.startsWith("22")) return { code: "invalid_value", columns };
  // Connections, authorisation on connecting, insufficient resources, an administrator's or a crash's shutdown.
  return /^(08|28|53|57P|3D000)/.test(code) ? { code: "database_away" } : undefined;
}

/** A regclass that is no table, a tsquery that does not parse: class 42, but of a parameter (`$1` in the context) and of no statement. */
const isAboutValue = ({ code = "", position, internalQuery, where = "" }: DriverError): boolean =>
  code.startsWith("42") && position === undefined && internalQuery === undefined && /\$\d/.test(where);

/** `Key (a, "B")=(1, 2) already exists.` as `a`, `B`; an index over expressions has no columns. */
function keyColumns(detail: string | undefined): readonly string[] | undefined {
  const list = /^[^(]*\((.*?)\)=\(/s.exec(detail ?? "")?.[1];
  if (list === undefined || !/^(?:(?:[a-z_\u0080-\uffff][\w$\u0080-\uffff]*|"(?:[^"]|"")+")(?:, |$))+$/.test(list)) {
    return undefined;
  }
  return [...list.matchAll(/"((?:[^"]|"")+)"|([^\s,"]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
