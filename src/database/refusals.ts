// What the database refused → a problem in the API's words: fields instead of columns, no SQL, no driver text.
import type { DatabaseRefusal, Raised } from "../dialect/connection.js";
import { type FieldError, HttpError, problem, problemParts, problems } from "../http/problem.js";
import { readsWhole, type TableLookup } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";

/** Seconds a client is asked to wait when the database is away. */
export const RETRY_AFTER_REFUSAL = "5";

/** Two writes met: run again, this one may well succeed. */
export class Collision extends HttpError {
  override said(detail: string, more: Parameters<HttpError["said"]>[1]): Collision {
    return new Collision(this.status, detail, { ...problemParts(this), ...more });
  }
}

/** A statement named what the database does not have (any more): run again once the schema was read, it may well succeed. */
export class Outdated extends HttpError {
  /** What it is where the schema is known to be the one that was read. Nothing where only the moment was bad. */
  otherwise?: HttpError;

  override said(detail: string, more: Parameters<HttpError["said"]>[1]): Outdated {
    const made = new Outdated(this.status, detail, { ...problemParts(this), ...more });
    made.otherwise = this.otherwise?.said(this.otherwise.message, more);
    return made;
  }
}

/** What the statement was for, and whether the words of the database's own code may be shown. */
export interface AskedStatement {
  readonly entry?: TableLookup;
  readonly does?: "read" | "write" | "delete";
  readonly hidesWords?: boolean;
  /** What the driver threw. */
  readonly cause?: unknown;
}

/** The problem, with its cause for the log. */
export function refusalProblem(refusal: DatabaseRefusal, asked: AskedStatement = {}): HttpError {
  const made =
    asked.does === "delete" ? (deletionProblem(refusal) ?? toProblem(refusal, asked)) : toProblem(refusal, asked);
  if (asked.cause === undefined) return made;
  made.cause = asked.cause;
  if (made instanceof Outdated && made.otherwise !== undefined) made.otherwise.cause = asked.cause;
  return made;
}

/** A DELETE has no body that could be at fault: what it would change elsewhere is. */
function deletionProblem({ code }: DatabaseRefusal): HttpError | undefined {
  switch (code) {
    case "foreign_key_violation":
      return problem(code, "Other rows still refer to this one. Remove or change those first.");
    case "not_null_violation":
      return problem(
        "foreign_key_violation",
        "Other rows still refer to this one, and cannot be without it. Remove or change those first.",
      );
    case "unique_violation":
    case "check_violation":
    case "invalid_value":
      return problem("write_refused", "A rule of the database refuses what this would change in other rows.");
    default:
      return undefined;
  }
}

function toProblem(refusal: DatabaseRefusal, { entry, does, hidesWords }: AskedStatement): HttpError {
  const table = entry?.label ?? "the table";
  const columns = columnsOf(refusal, entry);
  const fields = columns.flatMap((name) => {
    const column = entry?.columns.get(name);
    const field = column && fieldOf(column);
    // Whoever may neither read nor write it does not hear of it.
    return field !== undefined && (entry?.readable.has(field) || entry?.writable.has(field)) ? [field] : [];
  });
  const errors = (message: string): { errors: FieldError[] } => ({
    errors: fields.map((field) => ({ field, message })),
  });
  const named = fields.length === 0 ? "" : ` (${fields.join(", ")})`;
  const broken = does === "read" ? undefined : entry?.table.brokenKeys;
  if (broken !== undefined && (refusal.code === "database_error" || refusal.code === "schema_changed"))
    return problem(
      "write_refused",
      `The database refuses this, as a foreign key leads to no key: ${isCut(entry) ? table : broken.join("; ")}.`,
    );
  switch (refusal.code) {
    case "unique_violation":
      return problem(
        "unique_violation",
        `Another row of ${table} has the same value${named}. Choose another, or change that row.`,
        errors("is taken already"),
      );
    case "foreign_key_violation":
      return problem(
        "foreign_key_violation",
        `A row that this one refers to is missing, or other rows still refer to it${named}. Write or remove the related row first.`,
        errors("refers to a row that is not there"),
      );
    case "not_null_violation":
      return problem(
        "not_null_violation",
        `A value is missing${named}: send one, as it has no default.`,
        errors("cannot be null"),
      );
    case "check_violation":
      return problem(
        "check_violation",
        `A rule of ${table} refuses these values${isCut(entry) ? "" : constraint(refusal.constraint)}.`,
      );
    case "same_row":
      return problem("invalid_body", `Two rows of the body are the same row of ${table}: send each row once.`);
    case "invalid_value":
      return problem("invalid_value", `A value does not fit its column${named}.`, errors("does not fit"));
    case "invalid_pattern":
      return problem("invalid_filter", "This is no regular expression that the database understands.");
    case "refused":
      return does === "read"
        ? problem(
            "read_refused",
            "The database does not show this: its connection has no right to read all of it, or something would be written.",
          )
        : problem(
            "write_refused",
            "The database refuses this: it is read-only, a policy forbids it, or the right is missing.",
          );
    case "raised":
      return raisedProblem(refusal, hidesWords === true);
    case "database_error":
    case "several_rows":
      return faultProblem();
    case "not_supported":
      return unsupportedProblem();
    case "too_complex":
      return problem(
        "too_complex",
        "This is more than one statement of the database takes. Send fewer values, fields or levels at once.",
      );
    case "exhausted":
      return problem("busy", "The database has no room left for this. Ask for less, or try again later.", {
        headers: { "retry-after": RETRY_AFTER_REFUSAL },
      });
    case "conflict":
      return new Collision(409, "Another write came in between. Send the request again.", { code: "conflict" });
    case "timeout":
      return problem("timeout", "The database did not finish in time. Ask for less, or try again later.");
    case "schema_changed":
      return outdated(meaning(refusal.otherwise));
    case "database_away":
      return problem("database_away", refusal.full ? TOO_MANY : AWAY, {
        headers: { "retry-after": RETRY_AFTER_REFUSAL },
      });
  }
}

const AWAY = "The database cannot be reached at the moment. Try again in a few seconds.";
const TOO_MANY =
  "The database has too many connections, and takes no more. Try again in a few seconds; whoever runs this can set poolMax lower, or let the database take more.";

function raisedProblem({ message, details, hint, status }: Raised, hidesWords: boolean): HttpError {
  const parts = { code: "raised", further: { ...(details && { details }), ...(hint && { hint }) } };
  if (hidesWords)
    return new HttpError(status ?? problems.raised[0], "The database's own rules refuse this.", { code: "raised" });
  return new HttpError(status ?? problems.raised[0], message, parts);
}

const faultProblem = () =>
  problem(
    "database_error",
    "A trigger, a function or a view of the database failed. Whoever runs it finds more in the log.",
  );

const unsupportedProblem = () =>
  problem(
    "not_supported",
    "The database knows no such operation for these columns: their types, collations or keys do not allow it.",
  );

/** What it is where the schema has not changed. */
function meaning(otherwise?: "not_supported" | "again"): HttpError | undefined {
  if (otherwise === "again") return undefined;
  return otherwise === "not_supported" ? unsupportedProblem() : faultProblem();
}

function outdated(otherwise: HttpError | undefined): Outdated {
  const detail =
    "The database's tables are not what they were when they were read, and reading them again did not help. Try again in a few seconds.";
  const headers = { "retry-after": RETRY_AFTER_REFUSAL };
  const made = new Outdated(503, detail, { code: "database_away", headers });
  return otherwise === undefined ? made : Object.assign(made, { otherwise });
}

/** The columns at fault: said by the driver, or those of the key it names. */
function columnsOf(refusal: DatabaseRefusal, entry?: TableLookup): readonly string[] {
  // A trigger's statement may break a rule of another table.
  const of = "table" in refusal ? refusal.table : undefined;
  if (of !== undefined && entry !== undefined && of !== entry.table.name) return [];
  if ("columns" in refusal && refusal.columns !== undefined) return refusal.columns;
  if (refusal.code !== "unique_violation" || entry === undefined) return [];
  const key = entry.table.uniqueKeys.find(({ name }) => name !== null && name === refusal.constraint);
  return key?.columns ?? (refusal.constraint === "PRIMARY" ? entry.table.primaryKey : []);
}

/** A constraint's name may tell of columns that are not there for whoever asks. */
const isCut = (entry?: TableLookup): boolean => entry !== undefined && !readsWhole(entry);

const constraint = (name: string | undefined) => (name === undefined ? "" : ` (${name})`);
