// What SQLite says no with, in the words of the contract's error codes (https://sqlite.org/rescode.html).
import { isAway } from "../back-off.js";
import type { DatabaseRefusal } from "../connection.js";
import { OutOfRange } from "./increment.js";
import { STEP_FAILED } from "./statements.js";

/** https://sqlite.org/limits.html */
const TOO_COMPLEX =
  /^(too many (SQL variables|columns in|terms in|arguments on|FROM clause terms)|Expression tree is too large|parser stack overflow|LIKE or GLOB pattern too complex|at most \d+ tables in a join)/;

export function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (error instanceof OutOfRange) return { code: "invalid_value" };
  if (!(error instanceof Error)) return undefined;
  const code = String((error as { code?: unknown }).code);
  const { message } = error;
  if (/^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/.test(code)) {
    return { code: "unique_violation", columns: columnsIn(message, /.*constraint failed: (.+)$/s) };
  }
  if (code === "SQLITE_CONSTRAINT_FOREIGNKEY") return { code: "foreign_key_violation" };
  if (code === "SQLITE_CONSTRAINT_NOTNULL") {
    return { code: "not_null_violation", columns: columnsIn(message, /.*constraint failed: (.+)$/s) };
  }
  if (code === "SQLITE_CONSTRAINT_CHECK") {
    return { code: "check_violation", constraint: /.*constraint failed: (\w+)$/s.exec(message)?.[1] };
  }
  // RAISE in a trigger: the whole message is its own.
  if (code === "SQLITE_CONSTRAINT_TRIGGER") return { code: "raised", message };
  if (/^SQLITE_READONLY/.test(code)) return { code: "refused", writes: true };
  if (/^SQLITE_(PERM|AUTH)/.test(code)) return { code: "refused" };
  if (code === "SQLITE_CONSTRAINT_DATATYPE") {
    return { code: "invalid_value", columns: columnsIn(message, /.* column (\S+)$/s) };
  }
  if (/^SQLITE_(MISMATCH|TOOBIG)/.test(code)) return { code: "invalid_value", computed: "unless written" };
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return { code: "conflict" };
  if (code === "SQLITE_INTERRUPT") return { code: "timeout" };
  if (/^SQLITE_(FULL|NOMEM)/.test(code)) return { code: "exhausted" };
  if (/^SQLITE_(CANTOPEN|NOTADB|CORRUPT|IOERR|PROTOCOL)/.test(code)) return { code: "database_away", lasting: true };
  if (/database connection is not open/.test(message)) return { code: "database_away" };
  if (TOO_COMPLEX.test(message)) return { code: "too_complex" };
  const gone =
    /no such (table|column)|has no column named|cannot modify .* because it is a view|ON CONFLICT clause does not match/.test(
      message,
    );
  if (code === "SQLITE_SCHEMA" || (/^SQLITE_ERROR/.test(code) && gone)) return { code: "schema_changed" };
  if (code === STEP_FAILED) return { code: "database_error" };
  // Of a trigger, a view, a generated column, or a foreign key that leads to no key.
  const own =
    /no such (function|module|collation sequence)|foreign key mismatch|levels of trigger recursion|error in \w+ /;
  return code === "SQLITE_ERROR" && own.test(message) ? { code: "database_error" } : undefined;
}

/** `t.a, t.b` as `a`, `b`; an index over expressions is named instead (`index 'i'`) and has no columns. */
function columnsIn(message: string, pattern: RegExp): readonly string[] | undefined {
  const list = pattern.exec(message)?.[1];
  if (list === undefined || list.startsWith("index '")) return undefined;
  return list.split(", ").map((name) => name.slice(name.lastIndexOf(".") + 1));
}
