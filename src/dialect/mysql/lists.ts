// Related rows as one JSON array within their row's SELECT, on MariaDB: GROUP_CONCAT can sort and cut there, MySQL's cannot.
// It ends at group_concat_max_len without an error, and holds all rows that it sorts: so it is only made where both are
// known to suffice. Elsewhere it is a mark, which makes the whole row one that is asked for by a statement a level.
import type { EmbeddedList } from "../statement-parts.js";

/** What a server with less than its default sends no lists at all for, in bytes. */
const LEAST_LENGTH = 1_048_576;
/**
 * A text has at most three bytes for each of its UTF-16 units, and one that was cut ends within three bytes of its limit: in a
 * shorter one no list was.
 */
const LONGEST = Math.floor(LEAST_LENGTH / 3) - 2;
/** So many rows are sorted, though fewer may be shown. */
const MOST_ROWS = 1_000;

/** No JSON has it. */
const MARK = "\u001e";
const mark = "_utf8mb4 0x1e";

/** `object` is a row's JSON: NULL where it is longer than max_allowed_packet, which GROUP_CONCAT would step over. */
export function embedMany(object: string, from: string, order: string, limit: string, list: EmbeddedList): string {
  const most = list.most ?? (list.nests ? list.limit : Math.max(list.limit, MOST_ROWS));
  const fits = `@@group_concat_max_len >= ${LEAST_LENGTH} AND (SELECT 1${from} LIMIT 1 OFFSET ${most}) IS NULL`;
  const items = `GROUP_CONCAT(IFNULL(${object}, ${mark})${order} SEPARATOR ','${limit})`;
  return `IF(${fits}, (SELECT IFNULL(CONCAT('[', IFNULL(${items}, ''), ']'), ${mark})${from}), ${mark})`;
}

/** One row that has lists within it. */
export const embedOne = (object: string, rest: string): string =>
  `IFNULL((SELECT IFNULL(${object}, ${mark})${rest}), 'null')`;

/** A group's aggregates are no part of another aggregate, and an offset takes no placeholder there. */
export const embedsList = ({ grouped, offset }: EmbeddedList): boolean => !grouped && !offset;

export const isCut = (json: unknown): boolean =>
  typeof json !== "string" || json.length > LONGEST || json.includes(MARK);

/** `10.11.6-MariaDB-1:10.11.6+maria~deb12`; some proxies put another version before it. */
export function sortsInGroupConcat(version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)\.\d+(?:-\d+)?-mariadb/i.exec(version) ?? [];
  return major !== undefined && (Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 5));
}
