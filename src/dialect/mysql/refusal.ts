// What MySQL, MariaDB and mysql2 say no with, in the words of the contract's error codes.
import { isAway } from "../back-off.js";
import { chosenStatus, type DatabaseRefusal, type Raised } from "../connection.js";

interface DriverError extends Error {
  readonly errno?: number;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
  readonly code?: string;
  readonly fatal?: boolean;
}

// By number: mysql2 names some of MariaDB's wrongly (4025). https://mariadb.com/kb/en/mariadb-error-code-reference/
const refusals: readonly (readonly [DatabaseRefusal["code"], readonly number[]])[] = [
  ["unique_violation", [1062, 1169, 1586]],
  ["several_rows", [1242]],
  ["foreign_key_violation", [1216, 1217, 1451, 1452]],
  ["not_null_violation", [1048, 1364, 1423]],
  ["check_violation", [1369, 3819, 4025]],
  [
    "invalid_value",
    [
      1153, 1264, 1265, 1267, 1270, 1271, 1292, 1300, 1366, 1367, 1406, 1411, 1416, 3037, 3516, 3616, 3617, 3643, 1525,
      1690, 3140, 3141, 3156, 4035, 4036, 4037, 4038, 4039, 4040,
    ],
  ],
  ["refused", [1142, 1143, 1227, 1288, 1290, 1370, 1471, 1792, 1836, 1906, 3105]],
  // 1412, 1615: the table was altered meanwhile. 3572: MySQL's for a row that NOWAIT finds locked, where MariaDB has 1205.
  // TiDB's own: a write that met another one, at its commit too, or a schema that changed meanwhile (docs.pingcap.com: error-codes).
  ["conflict", [1020, 1205, 1213, 1412, 1615, 3572, 8002, 8022, 8028, 9007]],
  // ER_REGEXP_TIME_OUT: its own limit of steps (regexp_time_limit).
  ["timeout", [1317, 1969, 3024, 3699]],
  ["invalid_pattern", [1139, 3685, 3686, 3687, 3688, 3689, 3690, 3691, 3692, 3693, 3694, 3695, 3696, 3697, 3698, 3700]],
  ["schema_changed", [1054, 1146, 1356]],
  // What an engine or a type cannot do.
  ["not_supported", [1178, 1235, 1273, 3995]],
  // Too many tables, columns or placeholders; the stack.
  ["too_complex", [1116, 1117, 1119, 1390, 1436]],
  // Disk, memory, a sort's own, a table in memory.
  ["exhausted", [1021, 1037, 1038, 1041, 1114]],
  ["database_away", [1040, 1044, 1045, 1047, 1049, 1053, 1203, 1226, 1927, 2006, 2013, 3159, 4031]],
];
/** A result that is out of range, a division by zero: no value is refused by it as it is given. */
const computed = (errno: number) =>
  errno === 1690 || errno === 1365 ? ({ computed: "unless written" } as const) : undefined;
/** What a READ ONLY transaction refuses. */
const READ_ONLY = 1792;
/** Too many connections: of all, of a user. */
const full = [1040, 1203, 1226];
/** A user, a password or a database that there is not. */
const lasting = [1044, 1045, 1049];
const codeOf = new Map(refusals.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)));

export function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  const { errno = 0, sqlState = "", code = "", message, fatal } = error as DriverError;
  if (code === "PROTOCOL_SEQUENCE_TIMEOUT") return { code: "timeout" };
  if (code.startsWith("PROTOCOL_") || (fatal && errno <= 0)) return { code: "database_away" };
  const raised = raisedBy(error);
  if (raised !== undefined) return raised;
  const known = codeOf.get(errno);
  switch (known) {
    case "unique_violation":
      return { code: known, constraint: /.* for key '(?:.*\.)?([^']+)'$/s.exec(message)?.[1] };
    case "foreign_key_violation": {
      const [, constraint, list] = /CONSTRAINT `([^`]+)` FOREIGN KEY \(([^)]+)\)/.exec(message) ?? [];
      const columns = errno === 1452 ? list?.split(", ").map((name) => name.slice(1, -1)) : undefined;
      return { code: known, columns, constraint };
    }
    case "check_violation":
      return { code: known, constraint: /onstraint ['`]([^'`]+)['`] (?:is violated|failed)/i.exec(message)?.[1] };
    case "not_null_violation":
      return { code: known, columns: column(message, /(?:Column|Field) '([^']+)' (?:cannot be null|doesn't have)/) };
    case "invalid_value":
      return {
        code: known,
        columns: column(message, /.* for column (?:`.*`\.)?[`']([^`']+)[`'] at row \d+$/s),
        ...computed(errno),
      };
    case "refused":
      return { code: known, ...(errno === READ_ONLY && { writes: true }) };
    case "database_away":
      return {
        code: known,
        ...(full.includes(errno) && { full: true }),
        ...(lasting.includes(errno) && { lasting: true }),
      };
    case undefined:
      if (sqlState.startsWith("22")) return { code: "invalid_value", ...computed(errno) };
      // Vitess says it of a shard's transaction that was given up, by numbers of its own.
      if (sqlState === "40001") return { code: "conflict" };
      // A definer or a function that is missing, a trigger on its own table (1442) … A statement that does not parse is ours.
      return errno > 0 && sqlState !== "" && errno !== 1064 ? { code: "database_error" } : undefined;
    default:
      return { code: known } as DatabaseRefusal;
  }
}

/**
 * SIGNAL: class 45, or any other without a number of its own (1643, 1644), or MYSQL_ERRNO from 30000, where no server has errors:
 * `30xyz` names a status.
 */
function raisedBy({ errno = 0, sqlState = "", sqlMessage, message }: DriverError): Raised | undefined {
  const isOwn = errno >= 30_000 && errno < 31_000;
  if (!isOwn && !sqlState.startsWith("45") && errno !== 1643 && errno !== 1644) return undefined;
  return { code: "raised", message: sqlMessage ?? message, ...(isOwn ? chosenStatus(errno - 30_000) : {}) };
}

function column(message: string, pattern: RegExp): readonly string[] | undefined {
  const name = pattern.exec(message)?.[1];
  return name === undefined ? undefined : [name];
}
