// What PostgreSQL and pg say no with, in the words of the contract's error codes (manual: appendix A, error codes).
import { isAway } from "../back-off.js";
import type { DatabaseRefusal } from "../connection.js";
import { OtherColumns } from "./columns.js";
import { isStale } from "./driver.js";

interface DriverError extends Error {
  readonly code?: string;
  readonly position?: string;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly detail?: string;
  readonly column?: string;
  readonly constraint?: string;
}

export function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  if (error instanceof OtherColumns) return { code: "schema_changed" };
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
    // A prepared statement that the session has lost, or has already: its connection does without from then on.
    case "26000":
    case "42P05":
      return { code: "schema_changed" };
    case "0A000":
      return { code: isStale(error) ? "schema_changed" : "write_refused" };
    // What was looked up while another session dropped it.
    case "XX000":
      return /^(could not open relation|cache lookup failed)/.test(message) ? { code: "schema_changed" } : undefined;
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
