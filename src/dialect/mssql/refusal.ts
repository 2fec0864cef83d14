// What SQL Server and tedious say no with, in the words of the contract's error codes. By number: sys.messages has one for each.
import { isAway } from "../back-off.js";
import { chosenStatus, type DatabaseRefusal } from "../connection.js";

interface DriverError extends Error {
  readonly code?: string;
  readonly number?: number;
  /** The trigger or procedure that it happened in. */
  readonly procName?: string;
}

// https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
const refusals: readonly (readonly [DatabaseRefusal["code"], readonly number[]])[] = [
  ["unique_violation", [2601, 2627]],
  ["same_row", [8672]],
  ["foreign_key_violation", [547]],
  ["not_null_violation", [515]],
  ["check_violation", [550]],
  // Conversions, overflows, truncation, malformed JSON.
  ["invalid_value", [206, 220, 232, 237, 241, 242, 244, 245, 248, 257, 295, 296, 402, 517, 529, 1007, 2628]],
  ["invalid_value", [6522, 8007, 8023, 8114, 8115, 8152, 8169, 13608, 13609, 13610]],
  ["refused", [229, 230, 262, 271, 272, 273, 544, 1088, 3609, 3906, 3908, 3930, 4405, 4406, 8102, 13559, 13560]],
  ["conflict", [1204, 1205, 1222, 3960, 3961, 41301, 41302, 41305, 41325]],
  // Collations that disagree; text, ntext and image in aggregates and groups.
  ["not_supported", [306, 421, 446, 447, 448, 449, 451, 457, 468, 8117, 8120]],
  // Levels, tables, columns, more than 2,100 parameters in one statement, a plan that cannot be found.
  ["too_complex", [106, 191, 1056, 8003, 8623, 8631, 8632]],
  ["timeout", [8645, 8649]],
  ["schema_changed", [207, 208, 213, 4104, 4121, 4413, 4502]],
  ["database_away", [596, 601, 701, 904, 911, 916, 924, 927, 942, 976, 983, 1105, 3413, 4060, 6005, 8651, 9001, 9002]],
  ["database_away", [10928, 10929, 10936, 17142, 17809, 18452, 18456, 40197, 40501, 40544, 40613, 49918, 49919, 49920]],
];
const codeOf = new Map(refusals.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)));

/** As many sessions as there may be: of a database in the cloud, of a pool there, of a server. */
const full = [10928, 10936, 17809];
/** The same while logging in, where tedious hands over the text alone. */
export const isFullText = (message: string): boolean =>
  /maximum number of '\d+' user connections|Resource ID ?: ?\d+\. The (session|request|login|worker)s? limit/i.test(
    message,
  );

const driverCodes: Readonly<Record<string, DatabaseRefusal["code"]>> = {
  ECLOSE: "database_away",
  EENCRYPT: "database_away",
  EFEDAUTH: "database_away",
  EINSTLOOKUP: "database_away",
  // The connection has ended: requests on it stand in line, so it is never merely busy.
  EINVALIDSTATE: "database_away",
  ESOCKET: "database_away",
  ETDS: "database_away",
  ECANCEL: "timeout",
  // tedious checks parameters by their type before it sends them.
  EPARAM: "invalid_value",
};

export function refusal(error: unknown): DatabaseRefusal | undefined {
  // Several at once: the statement's own comes first («Violation of …»), what it led to behind («The batch has been aborted»).
  if (error instanceof AggregateError) return error.errors.map(refusal).find((found) => found !== undefined);
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  const { code = "", number = 0, message, procName } = error as DriverError;
  if (code === "ETIMEOUT") return { code: message.startsWith("Timeout: Request") ? "timeout" : "database_away" };
  if (code === "ELOGIN")
    return { code: "database_away", ...(isFullText(message) ? { full: true } : { lasting: true }) };
  if (code !== "EREQUEST") return driverCodes[code] && ({ code: driverCodes[code] } as DatabaseRefusal);
  // RAISERROR and THROW: `50xyz` names a status.
  if (number >= 50_000) return { code: "raised", message, ...(number < 51_000 ? chosenStatus(number - 50_000) : {}) };
  // XML that is none.
  const known = number >= 9400 && number < 9500 ? "invalid_value" : codeOf.get(number);
  // What a trigger or a procedure names is its own affair.
  if (known === "schema_changed" && procName) return { code: "database_error" };
  switch (known) {
    case "unique_violation":
      return { code: known, constraint: /(?:constraint|unique index) '(.+?)'\. /i.exec(message)?.[1] };
    case "foreign_key_violation": {
      const [, kind, constraint] = /with the (.+?) constraint "(.+?)"\. The conflict/.exec(message) ?? [];
      return { code: kind === "CHECK" ? "check_violation" : known, constraint };
    }
    case "not_null_violation":
      return { code: known, columns: column(message, /NULL into column '(.+?)', table '/) };
    case "invalid_value":
      return { code: known, columns: column(message, /in table '.+', column '(.+?)'\. Truncated/) };
    case undefined:
      // A text that does not parse (102, 156) is ours.
      return number > 0 && number !== 102 && number !== 156 ? { code: "database_error" } : undefined;
    case "check_violation":
      return { code: known };
    case "database_away":
      return { code: known, ...(full.includes(number) && { full: true }) };
    default:
      return { code: known } as DatabaseRefusal;
  }
}

function column(message: string, pattern: RegExp): readonly string[] | undefined {
  const name = pattern.exec(message)?.[1];
  return name === undefined ? undefined : [name];
}
