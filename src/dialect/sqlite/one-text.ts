// Many rows' JSON in one text, made within one step of a SELECT: SQLite cannot be stopped there. A row that would make the text too
// long makes the statement fail instead, and so does a list of too many rows: the fallback dialect answers then, row by row.
import type { Dialect } from "../dialect.js";
import type { JsonField } from "../statement-parts.js";

/** Bytes of one such text, and how many rows are taken for it where nobody says. */
const MOST_BYTES = 8_388_608;
const MOST_ROWS = 1_000;

/** SQLite's own words for what `failing` does (json.c). */
const isTooLong = (error: unknown): boolean => error instanceof Error && error.message === "malformed JSON";

/** No JSON, and made of what stands there: a constant would be looked at once, before the statement runs. */
const failing = (text: string): string => `json(substr('?' || ${text}, 1, 1))`;

/** `jsonObject` as the dialect makes it. */
export function inOneText(
  jsonObject: (fields: readonly JsonField[]) => string,
): Pick<Dialect, "selectJoined" | "embedMany" | "isTooLong"> {
  return {
    // An aggregate other than count, sum and the like keeps its subquery's order (select.c, «Omit the ORDER BY»).
    selectJoined: (fields, rest, second, limit) =>
      second === undefined
        ? `SELECT ${joined(short("j", limit))} FROM (SELECT ${jsonObject(fields)} AS j ${rest})`
        : `SELECT ${joined(short("j", limit))}, ${joined("p")} FROM (SELECT ${jsonObject(fields)} AS j, ${second} AS p ${rest})`,
    embedMany(fields, from, order, limit, { limit: rows, most }) {
      const list = `'[' || ifnull(group_concat(${short("j", most ?? rows)}, ','), '') || ']'`;
      const few =
        most === undefined ? list : `CASE WHEN count(*) > ${most} THEN ${failing("count(*)")} ELSE ${list} END`;
      return `json((SELECT ${few} FROM (SELECT ${jsonObject(fields)} AS j${from}${order}${limit})))`;
    },
    isTooLong,
  };
}

const joined = (text: string): string => `group_concat(${text}, char(30))`;

/** The row's text, where it takes no more than its part of the whole. */
const short = (text: string, rows = MOST_ROWS): string =>
  `CASE WHEN octet_length(${text}) > ${Math.floor(MOST_BYTES / Math.max(1, rows))} THEN ${failing(text)} ELSE ${text} END`;
