// tedious: values as typed parameters, statements by sp_executesql, whose plans the server remembers by their text.
import type { Knex } from "knex";
import type { Connection, Request } from "tedious";
import type { ColumnType } from "../../schema/schema.js";
import { type DatabaseResult, lengthOf, type ResultColumn, TooLarge } from "../connection.js";
import type { Dialect } from "../dialect.js";
import type { RowForm } from "../row-texts.js";
import { CALL, resultColumn, resultValue, type WireColumn } from "./wire-column.js";

type TypeName = "BigInt" | "Bit" | "Float" | "Int" | "NVarChar" | "UniqueIdentifier" | "VarBinary" | "VarChar";

class Parameter {
  constructor(
    readonly type: TypeName,
    readonly value: unknown,
  ) {}
}

export function encode(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "integer":
      // tedious has numbers past 2^53 since 19 only, and sums go past 2^63: the server reads their digits.
      if (typeof value === "bigint") return new Parameter("NVarChar", String(value));
      return new Parameter(type.max !== undefined && Number(type.max) < 2 ** 31 ? "Int" : "BigInt", value);
    case "decimal":
      return new Parameter("NVarChar", plainDigits(String(value), sentScale(type)));
    case "float":
      return new Parameter("Float", value);
    case "boolean":
      return new Parameter("Bit", value);
    case "uuid":
      return new Parameter("UniqueIdentifier", value);
    case "binary":
      return new Parameter("VarBinary", value);
    case "any":
      if (typeof value === "string") return new Parameter("NVarChar", value);
      if (typeof value === "boolean") return new Parameter("Bit", value);
      return new Parameter(Number.isInteger(value) || typeof value === "bigint" ? "BigInt" : "Float", value);
    default:
      return text(String(value), type);
  }
}

/** Compared with nvarchar, a varchar column is converted row by row and its index not used (data-types/data-type-precedence). */
const text = (value: string, { native }: ColumnType): Parameter =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every code page agrees on these
  new Parameter(/^(var)?char\b/i.test(native) && /^[\x01-\x7f]*$/.test(value) ? "VarChar" : "NVarChar", value);

/** Digits behind the point that a decimal is compared with: more than the column has, so that no filter is rounded into it. */
export const castScale = ({ precision = 28, scale = 10 }: ColumnType): number =>
  scale + Math.max(0, Math.min(10, 38 - precision));

/** A number in JSON is rounded by the server to what its column's side is rounded to: not cut before that. */
const sentScale = (type: ColumnType): number => (type.native === "json" ? 30 : castScale(type));

/** `1.5e3` as `1500`: text with an exponent is no decimal here. */
function plainDigits(text: string, scale: number): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const point = whole.length + Number(exponent);
  const digits = `${"0".repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, "0");
  const start = Math.max(0, point);
  // A decimal is read of 38 digits at the most.
  const end = start + Math.min(scale, Math.max(10, 38 - start));
  return `${sign}${digits.slice(0, start) || "0"}.${digits.slice(start, end) || "0"}`;
}

/** Declared at full length, so that the server's plan does not depend on the value's. */
const lengths: Partial<Record<TypeName, number>> = { NVarChar: 4000, VarChar: 8000, VarBinary: 8000 };

let driver: Promise<typeof import("tedious")> | undefined;

/** tedious takes one request at a time, and refuses the next instead of queueing it. */
const busy = new WeakMap<object, Promise<unknown>>();

export function execute(
  connection: unknown,
  text: string,
  values: readonly unknown[],
  _row?: RowForm,
  most?: number,
): Promise<DatabaseResult> {
  const client = connection as Connection;
  const answer = (busy.get(client) ?? Promise.resolve()).then(() => request(client, text, values, most));
  const settled = answer.catch(() => undefined);
  busy.set(client, settled);
  return answer;
}

export async function say(connection: unknown, statement: string): Promise<void> {
  driver ??= import("tedious");
  const { Request } = await driver;
  await new Promise<void>((resolve, reject) => {
    const request = new Request(statement, (error) => (error ? reject(error) : resolve()));
    (connection as Connection).execSqlBatch(request);
  });
}

/** The driver ends what takes too long. There is no session that only reads: the routes are all that keeps to that. */
export const restrict: Dialect["restrict"] = (config, { statementTimeout, yields }) => {
  if (statementTimeout === undefined) return config;
  const connection = config.connection as Knex.MsSqlConnectionConfig;
  const { requestTimeout: own } = (yields ? (connection.options ?? {}) : {}) as { requestTimeout?: number };
  const options = { ...connection.options, requestTimeout: own ?? statementTimeout };
  return { ...config, connection: { ...connection, options } as Knex.MsSqlConnectionConfig };
};

/** The driver tells the server (TDS: Attention), and waits for it to agree before the next request. */
export const cancel = async (connection: unknown): Promise<void> => {
  (connection as Connection).cancel();
};

export function discard(connection: unknown): void {
  const client = connection as Connection;
  client.on("error", () => {});
  client.close();
}

type CallResult = { readonly columns: readonly ResultColumn[]; readonly rows: unknown[][] };

const writes = /^(INSERT|UPDATE|DELETE)\b/;

/** The driver's own count adds up what triggers did; @@ROWCOUNT is the statement's. */
export const counted = (text: string): string => (writes.test(text) ? `${text}; SELECT @@ROWCOUNT` : text);

async function request(
  client: Connection,
  text: string,
  values: readonly unknown[],
  most = Number.POSITIVE_INFINITY,
): Promise<DatabaseResult> {
  driver ??= import("tedious");
  const tedious = await driver;
  const isCall = text.startsWith(CALL);
  const sets: CallResult[] = [];
  const rows = await new Promise<unknown[][]>((resolve, reject) => {
    let rows: unknown[][] = [];
    let left = most;
    let failure: TooLarge | undefined;
    const done = (error: Error | null | undefined) => (failure || error ? reject(failure ?? error) : resolve(rows));
    const request: Request = new tedious.Request(counted(text), done);
    // A trigger may answer with rows too, all before ours: the last result is the statement's.
    request.on("columnMetadata", (columns) => {
      rows = [];
      if (isCall) sets.push({ columns: (columns as readonly WireColumn[]).map(resultColumn), rows });
    });
    request.on("row", (columns: readonly { value: unknown }[]) => {
      const types = sets.at(-1)?.columns;
      const row = columns.map(({ value }, i) => (types?.[i] ? resultValue(value, types[i].type) : value));
      left -= lengthOf(row);
      if (left >= 0) rows.push(row);
      else if (failure === undefined) {
        // The request ends when the server has heard of it.
        failure = new TooLarge();
        client.cancel();
      }
    });
    values.forEach((given, index) => {
      const { type, value } = given instanceof Parameter ? given : new Parameter("NVarChar", given);
      const length = lengths[type];
      const size = (value as { length?: number } | null)?.length ?? 0;
      const options = length !== undefined && size <= length ? { length } : {};
      request.addParameter(`p${index + 1}`, tedious.TYPES[type], value, options);
    });
    client.execSql(request);
  });
  if (isCall) return { rows: [], affected: 0, sets };
  return writes.test(text) ? { rows: [], affected: Number(rows[0]?.[0]) } : { rows, affected: rows.length };
}
