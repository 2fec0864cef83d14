// One error type, one catalogue of stable codes, and their RFC 9457 problem documents.
import { STATUS_CODES } from "node:http";
import type { ApiResponse } from "./message.js";

/** Every code a client can meet: its status and its title. The table in README.md is compared with this by a test. */
export const problems = {
  malformed_query: [400, "The query string cannot be understood"],
  malformed_path: [400, "The path cannot be understood"],
  malformed_header: [400, "A header cannot be understood"],
  malformed_json: [400, "The body is not valid JSON"],
  malformed_csv: [400, "The body is not valid CSV"],
  unknown_parameter: [400, "There is no such query parameter or column"],
  unknown_column: [400, "There is no such column"],
  unknown_relation: [400, "There is no such relation"],
  unknown_argument: [400, "There is no such argument"],
  ambiguous_call: [400, "Several functions or procedures may be meant"],
  unknown_operator: [400, "There is no such operator"],
  invalid_filter: [400, "A filter's value does not fit its column"],
  too_complex: [400, "The request asks for more than the limits allow"],
  filter_required: [400, "A write on a list needs a filter"],
  too_many_rows: [400, "More rows would be affected than are allowed"],
  not_transactional: [400, "The table keeps what is written, whatever becomes of the request"],
  not_supported: [400, "The database cannot do this with these columns"],
  raised: [400, "The database's own rules refuse this"],
  invalid_body: [400, "The body does not have the form this route takes"],
  invalid_grant: [400, "The name or the password is wrong"],
  unsupported_grant_type: [400, "There is no such way to sign in"],
  unauthorized: [401, "Valid credentials are needed"],
  forbidden: [403, "Not allowed"],
  cross_origin: [403, "Pages of other sites may change nothing here"],
  write_refused: [403, "The database refused this write"],
  read_refused: [403, "The database does not show this"],
  no_route: [404, "There is nothing at this address"],
  not_found: [404, "There is no such row"],
  parent_not_found: [404, "There is no such parent row"],
  link_not_found: [404, "There is no such link"],
  method_not_allowed: [405, "This method is not allowed here"],
  not_acceptable: [406, "None of the accepted media types can be made"],
  request_timeout: [408, "The request took too long to arrive"],
  unique_violation: [409, "Another row has this value already"],
  foreign_key_violation: [409, "A related row is missing, or still refers to this one"],
  table_exists: [409, "There is such a table already"],
  table_in_use: [409, "The table is still in use"],
  name_taken: [409, "There is a database or a user of this name already"],
  still_in_use: [409, "The database or the user is still in use"],
  breaks_clients: [409, "This would break the API's clients"],
  definition_refused: [409, "The database refused this change"],
  patch_conflict: [409, "The patch does not fit what the row holds"],
  conflict: [409, "Another write came in between"],
  key_in_use: [409, "A request with this Idempotency-Key is under way"],
  precondition_failed: [412, "The row has changed"],
  body_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "The body's media type is not understood"],
  range_not_satisfiable: [416, "The list ends before this range"],
  misdirected: [421, "The server does not go by this name"],
  invalid_value: [422, "A value does not fit its column"],
  missing_argument: [422, "An argument is missing"],
  related_row_missing: [422, "There is no such related row"],
  not_null_violation: [422, "A value is missing"],
  check_violation: [422, "A value breaks a rule of the table"],
  key_used: [422, "The Idempotency-Key belongs to another request"],
  read_only_column: [422, "A column cannot be written"],
  too_many_requests: [429, "This client has sent too many requests"],
  client_left: [499, "The client left before it was answered"],
  internal_error: [500, "Something went wrong in the server"],
  database_error: [500, "The database's own code failed"],
  busy: [503, "Too much is asked for at once"],
  schema_not_read: [503, "The schema could not be read again"],
  database_away: [503, "The database does not answer"],
  stopping: [503, "The server is about to stop"],
  sign_in_away: [503, "Who asks cannot be checked at the moment"],
  timeout: [504, "The database took too long"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface ProblemParts {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly index?: number;
  /** Further members of the document, which JSON can show: what the database's own code says beside its message. */
  readonly further?: Readonly<Record<string, unknown>>;
  /** What the database's driver threw: for the log alone. */
  readonly cause?: unknown;
}

/**
 * An answer that is not the one asked for. Thrown anywhere on a request's way, by hooks too:
 * `throw new HttpError(403, "Members cannot rename their group.", { code: "not_the_owner" })`.
 */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  /** The place of the entry at fault, where the request is a list. */
  readonly index: number | undefined;
  readonly further: Readonly<Record<string, unknown>>;

  constructor(status: number, detail: string, more: ProblemParts & { code?: string } = {}) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "HttpError";
    this.status = status;
    this.code = more.code ?? `http_${status}`;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
    this.index = more.index;
    this.further = more.further ?? {};
  }

  /** The same refusal, said otherwise. */
  said(detail: string, more: ProblemParts): HttpError {
    return new HttpError(this.status, detail, { ...problemParts(this), ...more });
  }
}

export const problemParts = ({
  code,
  errors,
  headers,
  index,
  further,
  cause,
}: HttpError): ProblemParts & { code: string } => ({
  code,
  errors,
  headers,
  further,
  cause,
  ...(index === undefined ? {} : { index }),
});

/** A refusal from the catalogue. */
export function problem(code: ProblemCode, detail: string, more: ProblemParts = {}): HttpError {
  return new HttpError(problems[code][0], detail, { code, ...more });
}

export const bodyTooLarge = (limit: number): HttpError =>
  problem("body_too_large", `A body has at most ${limit} bytes here, and this one has more. Send it in parts.`);

/** What stands before the code in a problem's `type`, where no address does (`problemBase`). */
export const PROBLEM_URN = "urn:sapwood:problem:";

/**
 * RFC 9457's document. `type` is a stable URN of the code, or what `problemBase` makes of it. `requestId` leads to the log
 * of an error that no client caused.
 */
export function problemResponse(error: HttpError, requestId?: string): ApiResponse {
  const known = (problems as Readonly<Record<string, readonly [number, string]>>)[error.code];
  const document = {
    type: PROBLEM_URN + error.code,
    title: known?.[1] ?? STATUS_CODES[error.status] ?? "Refused",
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.index === undefined ? {} : { index: error.index }),
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
    ...error.further,
    ...(requestId === undefined ? {} : { requestId }),
  };
  return {
    status: error.status,
    headers: { "content-type": "application/problem+json; charset=utf-8", ...error.headers },
    body: JSON.stringify(document),
  };
}
