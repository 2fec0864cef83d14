// What PostgreSQL and pg say no with, in the words of the contract's error codes (manual: appendix A, error codes).
import { isAway } from "../back-off.js";
import { chosenStatus, type DatabaseRefusal, type Raised } from "../connection.js";
import { OtherColumns } from "./columns.js";
import { isStale } from "./driver.js";

interface DriverError extends Error {
  readonly code?: string;
  readonly position?: string;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly column?: string;
  readonly table?: string;
  readonly constraint?: string;
  /** The domain whose rule it is. */
  readonly dataType?: string;
  readonly severity?: string;
  /** The server's own function that reported it. */
  readonly routine?: string;
}

export function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  if (error instanceof OtherColumns || isStale(error)) return { code: "schema_changed", otherwise: "again" };
  const raised = raisedBy(error);
  if (raised !== undefined) return raised;
  const known = byCode(error);
  // Where the database's own code met it, what the statement named is not at fault.
  const isOwn = known !== undefined && ofTexts.has(known.code);
  if (isOwn && isWithin(error)) return { code: "database_error", ...(isMisdeclared(error) && { writes: true }) };
  return known ?? (isFault(error) ? { code: "database_error" } : undefined);
}

/** What depends on how a statement is written. */
const ofTexts: ReadonlySet<string> = new Set([
  "schema_changed",
  "not_supported",
  "same_row",
  "invalid_pattern",
  "too_complex",
]);

/** RAISE and ASSERT of PL/pgSQL, whatever SQLSTATE they choose (src/pl/plpgsql/src/pl_exec.c). `PTxyz` names a status. */
function raisedBy({ code = "", routine, message, detail, hint }: DriverError): Raised | undefined {
  const isRaised = routine === "exec_stmt_raise" || routine === "exec_stmt_assert" || /^(P0001|PT\d{3})$/.test(code);
  if (!isRaised) return undefined;
  const status = /^PT\d{3}$/.test(code) ? chosenStatus(Number(code.slice(2))) : {};
  return { code: "raised", message, ...(detail && { details: detail }), ...(hint && { hint }), ...status };
}

/** Did it happen in a function, and not in the statement itself? The words around the language's name are in the server's own. */
const isWithin = ({ internalQuery, where = "" }: DriverError): boolean =>
  internalQuery !== undefined || /(^|[^\w$'"])(PL\/\w+|SQL)(?![\w'"])/m.test(where);

/** A function that is not VOLATILE and writes (src/backend/executor/functions.c, spi.c). */
const isMisdeclared = ({ code, routine = "", message }: DriverError): boolean =>
  code === "0A000" && (/non-volatile function/.test(message) || /^_?SPI_/.test(routine));

/** The server said it of a statement that it understood: one that does not parse is made here, and has a place. */
const isFault = ({ code = "", severity, position }: DriverError): boolean =>
  severity !== undefined && code !== "" && !(position !== undefined && /^(42601|42P0[1-9])/.test(code));

/** What is said whatever else the error says (PostgreSQL's manual, appendix A). */
const byCodeAlone: ReadonlyMap<string, DatabaseRefusal> = new Map(
  (
    [
      // An invalid regular expression.
      [{ code: "invalid_pattern" }, ["2201B"]],
      [{ code: "conflict" }, ["40001", "40P01", "55P03"]],
      [{ code: "timeout" }, ["57014"]],
      [{ code: "schema_changed" }, ["42P01", "42703", "42704", "3F000"]],
      // A prepared statement that the session has lost, or has already: its connection does without from then on.
      [{ code: "schema_changed", otherwise: "again" }, ["26000", "42P05"]],
      // 42P10: ON CONFLICT names a key that is not there (any more).
      [{ code: "schema_changed", otherwise: "not_supported" }, ["42883", "42804", "42P10"]],
      // Collations that disagree, casts and functions that are not there for a type; a view without data, a key that is deferrable.
      [{ code: "not_supported" }, ["0A000", "42P21", "42P22", "42846", "42725", "55000"]],
      [{ code: "refused", writes: true }, ["25006"]],
      [{ code: "refused" }, ["42501", "428C9"]],
      // Statements that are nested too deeply for the stack, too many columns, too many arguments.
      [{ code: "too_complex" }, ["54001", "54011", "54023"]],
      // An index takes so many bytes of a value.
      [{ code: "invalid_value", computed: "unless written" }, ["54000"]],
      // Out of disk, of memory; past a limit of the configuration (temp_file_limit).
      [{ code: "exhausted" }, ["53000", "53100", "53200", "53400"]],
    ] as const
  ).flatMap(([refusal, codes]) => codes.map((code) => [code, refusal])),
);

function byCode(error: DriverError): DatabaseRefusal | undefined {
  const { code = "", detail, column, table, constraint, dataType: domain, message } = error;
  const columns = column === undefined ? undefined : [column];
  if (isAboutValue(error)) return { code: "invalid_value", columns, ...parameterOf(error) };
  const alone = byCodeAlone.get(code);
  if (alone !== undefined) return alone;
  switch (code) {
    case "23505":
    case "23P01":
      return { code: "unique_violation", columns: keyColumns(detail), constraint, table };
    case "23503":
      // On deleting a referenced row the detail names the other table's columns.
      return {
        code: "foreign_key_violation",
        columns: /^insert or update/.test(message) ? keyColumns(detail) : undefined,
        constraint,
        table,
      };
    case "23001":
      return { code: "foreign_key_violation", constraint };
    case "21000":
      return { code: /^Exec(OnConflict|Merge)/.test(error.routine ?? "") ? "same_row" : "database_error" };
    case "23502":
      return { code: "not_null_violation", columns, table, domain };
    case "23514":
    case "44000":
      return { code: "check_violation", constraint, domain };
    // What was looked up while another session dropped it; what PostGIS does not read (liblwgeom/lwin_wkt.c).
    case "XX000":
      if (/^(parse error - |geometry (contains|requires|must) |can not mix |Invalid hex string)/.test(message))
        return { code: "invalid_value" };
      return /^(could not open relation|cache lookup failed)/.test(message) ? { code: "schema_changed" } : undefined;
    case "":
      return message === "Query read timeout" ? { code: "timeout" } : undefined;
  }
  if (code.startsWith("22")) return { code: "invalid_value", columns, ...(parameterOf(error) ?? computedBy(error)) };
  // Connections, authorisation on connecting, insufficient resources, an administrator's or a crash's shutdown.
  if (!/^(08|28|53|57P|3D000)/.test(code)) return undefined;
  // pgbouncer says it as a violation of the protocol.
  const full = code === "53300" || /^no more connections allowed/.test(message);
  return { code: "database_away", ...(full && { full }), ...(/^(28|3D)/.test(code) && { lasting: true }) };
}

/** A regclass that is no table, a tsquery that does not parse: class 42, but of a parameter (`$1` in the context) and of no statement. */
const isAboutValue = ({ code = "", position, internalQuery, where = "" }: DriverError): boolean =>
  code.startsWith("42") && position === undefined && internalQuery === undefined && /\$\d/.test(where);

/** `unnamed portal parameter $1 = '…'`, in the server's language (src/backend/tcop/postgres.c, bind_param_error_callback). */
function parameterOf({ where = "", message }: DriverError): { readonly parameter: number } | undefined {
  // Behind what was read within the value (`JSON data, line 1: …`). CockroachDB says it in the message.
  const found = [...where.matchAll(/^[^='$]*\$(\d+)/gm)].at(-1) ?? /^error in argument for \$(\d+)/.exec(message);
  return found ? { parameter: Number(found[1]) } : undefined;
}

/** Every value that is given is looked at where it is bound; what is written is put into its column later. */
const computedBy = (error: DriverError): { readonly computed: "always" | "unless written" } => ({
  computed: isWithin(error) && arithmetic.test(error.code ?? "") ? "always" : "unless written",
});
/** A division by zero, a root, a logarithm, a bucket; a substring's length, a subscript, an argument of a function. */
const arithmetic = /^22(012|01[EFG]|011|02E|023)$/;

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
