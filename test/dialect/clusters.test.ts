// Clusters that speak the protocol of PostgreSQL or MySQL and were not tried: what they are known to say, and what comes of it.
import { expect, test } from "vitest";
import { refusal as ofMysql } from "../../src/dialect/mysql/refusal.js";
import { refusal as ofPostgres } from "../../src/dialect/postgres/refusal.js";

const postgres = (code: string, message: string) =>
  ofPostgres(Object.assign(new Error(message), { code, severity: "ERROR" }));
const mysql = (errno: number, sqlState: string, message: string) =>
  ofMysql(Object.assign(new Error(message), { errno, sqlState, code: "ER_UNKNOWN" }));

test.each([
  [
    "CockroachDB: a write that met another one",
    "40001",
    "restart transaction: TransactionRetryWithProtoRefreshError: …",
  ],
  ["YugabyteDB: a write that met another one", "40001", "could not serialize access due to concurrent update"],
  ["YugabyteDB: a deadlock", "40P01", "deadlock detected"],
])("%s is tried again", (_what, code, message) => {
  expect(postgres(code, message)).toEqual({ code: "conflict" });
});

test.each([
  ["TiDB: FOR UPDATE met another write", 8002, "HY000", "[5] can not retry select for update statement"],
  [
    "TiDB: a commit that is to be tried again",
    8022,
    "HY000",
    "Error: KV error safe to retry Error: KV error safe to retry",
  ],
  [
    "TiDB: the schema changed meanwhile",
    8028,
    "HY000",
    "Information schema is changed during the execution of the statement",
  ],
  ["TiDB: a write that met another one", 9007, "HY000", "Write conflict, txnStartTS is stale"],
  [
    "Vitess: a shard gave the transaction up",
    1105,
    "40001",
    "target: shop.-80.primary: vttablet: rpc error: code = Aborted",
  ],
])("%s is tried again", (_what, errno, sqlState, message) => {
  expect(mysql(errno, sqlState, message)).toEqual({ code: "conflict" });
});
