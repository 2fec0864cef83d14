// A statement and its values → a text that says all of it, for a server that prepares no more (max_prepared_stmt_count).

/** ER_MAX_PREPARED_STMT_COUNT_REACHED, of all connections together; ER_UNSUPPORTED_PS; ER_PS_MANY_PARAM. Nothing was done. */
const refused: readonly unknown[] = [1461, 1295, 1390];

export const isUnpreparable = (error: unknown): boolean => refused.includes((error as { errno?: unknown }).errno);

/** How long a connection then asks for nothing to be prepared, in milliseconds: each time would be a way for nothing. */
const PAUSE = 10_000;

const pauses = new WeakMap<object, number>();

export const pausePreparing = (connection: object): void => void pauses.set(connection, Date.now() + PAUSE);

export function isPreparing(connection: object): boolean {
  const until = pauses.get(connection);
  if (until === undefined) return true;
  if (Date.now() < until) return false;
  pauses.delete(connection);
  return true;
}

/** What stands in quotes, and placeholders. A quote within is written twice, which reads as two that follow each other. */
const parts = /'[^']*'|"[^"]*"|`[^`]*`|\?/g;

/** Throws where there is not one value for each placeholder. */
export function unprepared(text: string, values: readonly unknown[]): string {
  if (values.length === 0) return text;
  let next = 0;
  const whole = text.replace(parts, (part) => (part === "?" ? literal(values[next++]) : part));
  if (next !== values.length) throw new Error(`a statement of ${next} placeholders has ${values.length} values`);
  return whole;
}

/**
 * As a prepared statement would take it. Letters go as hexadecimal digits: what a backslash does depends on sql_mode
 * (NO_BACKSLASH_ESCAPES), and what a byte is on the character set.
 */
function literal(value: unknown): string {
  switch (typeof value) {
    case "number":
      // Without an exponent a fraction would be a DECIMAL.
      return signed(Number.isSafeInteger(value) || /e/.test(String(value)) ? String(value) : `${value}e0`);
    case "bigint":
      return signed(String(value));
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "string":
      return `_utf8mb4 X'${Buffer.from(value).toString("hex")}'`;
    default:
      if (value === null) return "NULL";
      if (Buffer.isBuffer(value)) return `_binary X'${value.toString("hex")}'`;
      throw new Error(`no value for a statement: ${typeof value}`);
  }
}

/** Behind a minus another one would begin a comment. */
const signed = (digits: string): string => (digits.startsWith("-") ? `(${digits})` : digits);
