// What MySQL, MariaDB and mysql2 say no with, in the words of the contract's error codes.
import { isAway } from "../back-off.js";
import type { DatabaseRefusal } from "../connection.js";

interface DriverError extends Error {
  readonly errno?: number;
  readonly sqlState?: string;
  readonly code?: string;
  readonly fatal?: boolean;
}

// By number: mysql2 names some of MariaDB's wrongly (4025). https://mariadb.com/kb/en/mariadb-error-code-reference/
const refusals: readonly (readonly [DatabaseRefusal["code"], readonly number[]])[] = [
  // 1242: see on-conflict.ts.
  ["unique_violation", [1062, 1169, 1242, 1586]],
  ["foreign_key_violation", [1216, 1217, 1451, 1452]],
  ["not_null_violation", [1048, 1364]],
  ["check_violation", [1369, 3819, 4025]],
  [
    "invalid_value",
    [1153, 1264, 1265, 1267, 1270, 1271, 1292, 1300, 1366, 1367, 1406, 1411, 1416, 1525, 1690, 3140, 3141, 3156],
  ],
  ["write_refused", [1142, 1143, 1288, 1290, 1442, 1471, 1644, 1792, 1836, 1906, 3105]],
  ["conflict", [1020, 1205, 1213]],
  ["timeout", [1317, 1969, 3024]],
  ["schema_changed", [1054, 1146, 1356, 1412, 1615]],
  ["database_away", [1021, 1040, 1041, 1044, 1045, 1047, 1049, 1053, 1203, 1226, 1927, 2006, 2013, 3159, 4031]],
];
const codeOf = new Map(refusals.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)));

export function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  const { errno = 0, sqlState = "", code = "", message, fatal } = error as DriverError;
  if (code === "PROTOCOL_SEQUENCE_TIMEOUT") return { code: "timeout" };
  if (code.startsWith("PROTOCOL_") || (fatal && errno <= 0)) return { code: "database_away" };
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
      return { code: known, columns: column(message, /.* for column (?:`.*`\.)?[`']([^`']+)[`'] at row \d+$/s) };
    case undefined:
      if (sqlState === "45000") return { code: "write_refused" };
      return sqlState.startsWith("22") ? { code: "invalid_value" } : undefined;
    default:
      return { code: known };
  }
}

function column(message: string, pattern: RegExp): readonly string[] | undefined {
  const name = pattern.exec(message)?.[1];
  return name === undefined ? undefined : [name];
}
