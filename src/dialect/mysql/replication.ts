// Replication by global transaction identifiers. MySQL and MariaDB write them differently.
import type { Replication } from "../parts/replication.js";

/** Only MariaDB reads what stands between the signs: a Galera node that has lost the others, or was told to, refuses all queries. */
const WRITABLE = `SELECT @@GLOBAL.read_only = 0 /*M!
    AND NOT EXISTS (SELECT 1 FROM information_schema.GLOBAL_VARIABLES
      WHERE VARIABLE_NAME = 'WSREP_REJECT_QUERIES' AND VARIABLE_VALUE <> 'NONE')
    AND NOT EXISTS (SELECT 1 FROM information_schema.GLOBAL_VARIABLES v, information_schema.GLOBAL_STATUS s
      WHERE v.VARIABLE_NAME = 'WSREP_ON' AND v.VARIABLE_VALUE = 'ON'
        AND s.VARIABLE_NAME = 'WSREP_READY' AND s.VARIABLE_VALUE = 'OFF') */ AS writable`;

/** ER_OPTION_PREVENTS_STATEMENT (--read-only), ER_READ_ONLY_MODE, and a Galera node that has lost the others (ER_UNKNOWN_COM_ERROR). */
const isReadOnly: Replication["isReadOnly"] = (error) =>
  [1290, 1836, 1047].includes((error as { errno?: number } | undefined)?.errno ?? 0);

const MARIADB_FORM = /^\d{1,10}-\d{1,10}-\d{1,20}(,\d{1,10}-\d{1,10}-\d{1,20}){0,63}$/;

/** Domain → number: `domain-server-number,…` (https://mariadb.com/kb/en/gtid/). */
const numbersOf = (position: string): ReadonlyMap<string, bigint> =>
  new Map(
    position.split(",").map((part) => {
      const [domain = "", , number = "0"] = part.split("-");
      return [domain, BigInt(number)];
    }),
  );

export const mariadbReplication: Replication = {
  position: "SELECT @@GLOBAL.gtid_binlog_pos AS position",
  // A replica that was made the primary does not go on here, so that it falls behind and is passed over.
  standing: "SELECT @@GLOBAL.gtid_slave_pos AS position, 1 AS follows",
  isPosition: (text) => MARIADB_FORM.test(text),
  hasReached(at, wanted) {
    const reached = numbersOf(at);
    return [...numbersOf(wanted)].every(([domain, number]) => (reached.get(domain) ?? -1n) >= number);
  },
  writable: WRITABLE,
  isReadOnly,
};

/** Past this a position is not understood: it goes in a header. */
const MOST = 4_000;
const MYSQL_FORM = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}[-\da-z_:,]*$/;

/** First and last of numbers that follow each other. */
type Interval = readonly [bigint, bigint];

/**
 * Server and tag → the intervals of their numbers: `uuid:1-5:7,uuid:tag:1-3` (manual: replication-gtids-concepts). A tag holds
 * for the intervals behind it.
 */
function intervalsOf(position: string): ReadonlyMap<string, readonly Interval[]> {
  const found = new Map<string, Interval[]>();
  for (const part of position.split(",")) {
    const [uuid = "", ...rest] = part.split(":");
    let source = uuid;
    for (const piece of rest) {
      const [, first, last = first] = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(piece) ?? [];
      if (first === undefined || last === undefined) source = `${uuid}:${piece}`;
      else found.set(source, [...(found.get(source) ?? []), [BigInt(first), BigInt(last)]]);
    }
  }
  return found;
}

export const mysqlReplication: Replication = {
  position: "SELECT REPLACE(LOWER(@@GLOBAL.gtid_executed), '\\n', '') AS position",
  standing: "SELECT REPLACE(LOWER(@@GLOBAL.gtid_executed), '\\n', '') AS position, 1 AS follows",
  isPosition: (text) => text.length <= MOST && MYSQL_FORM.test(text),
  hasReached(at, wanted) {
    const reached = intervalsOf(at);
    return [...intervalsOf(wanted)].every(([source, intervals]) =>
      intervals.every(([first, last]) => (reached.get(source) ?? []).some(([from, to]) => from <= first && last <= to)),
    );
  },
  writable: WRITABLE,
  isReadOnly,
};
