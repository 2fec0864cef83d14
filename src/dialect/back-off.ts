// Errors that mean «the database cannot be reached», whatever the driver: the system's codes and knex's own.

const codes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

// pg and knex's pool say these in words only.
const words =
  /Connection terminated|Connection ended|connection is in closed state|not queryable|timeout exceeded when trying to connect|^timeout expired$|Timeout acquiring a connection|Unable to acquire a connection|^aborted$/;

export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isAway)) return true;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // A Unix socket that is not there.
  if (code === "ENOENT") return syscall === "connect";
  if (typeof code === "string") return codes.has(code);
  return error.name === "KnexTimeoutError" || words.test(error.message);
}
