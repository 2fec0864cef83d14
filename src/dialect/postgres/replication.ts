// Streaming replication: positions are places in the write-ahead log (manual: functions-admin, "Backup Control Functions" and
// "Recovery Information Functions").
import type { Replication } from "../parts/replication.js";

const FORM = /^([\dA-F]{1,8})\/([\dA-F]{1,8})$/;

/** A place in the log as one number: it is shown as the two halves of its 64 bits. */
function placeOf(position: string): bigint {
  const [, high = "0", low = "0"] = FORM.exec(position) ?? [];
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export const replication: Replication = {
  // What is inserted, and not only what is written: with synchronous_commit = off a commit is answered before it is written.
  position: "SELECT pg_catalog.pg_current_wal_insert_lsn()::text AS position",
  standing: `SELECT pg_catalog.pg_is_in_recovery() AS follows,
    CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
      ELSE pg_catalog.pg_current_wal_insert_lsn() END::text AS position`,
  isPosition: (text) => FORM.test(text),
  hasReached: (at, wanted) => placeOf(at) >= placeOf(wanted),
  writable: `SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery()
    AND pg_catalog.current_setting('default_transaction_read_only') = 'off' THEN 1 ELSE 0 END AS writable`,
  // Appendix A: read_only_sql_transaction.
  isReadOnly: (error) => (error as { code?: unknown } | undefined)?.code === "25006",
};
