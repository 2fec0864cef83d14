// The statements on sapwood's own tables as SQL Server and MySQL take them, held against their grammars: neither runs here.
import knex from "knex";
import { expect, test } from "vitest";
import { Attempts } from "../../src/auth/attempts.js";
import { Keys } from "../../src/auth/key-rows.js";
import { Sessions } from "../../src/auth/sessions.js";
import { Users } from "../../src/auth/users.js";
import { answerTables, keyTables, makingOf, outboxTables, signInTables } from "../../src/database/making-own-tables.js";
import type { Database } from "../../src/database/session.js";
import { Store } from "../../src/database/store.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { IdempotentAnswers } from "../../src/idempotency/answers.js";
import { Leases } from "../../src/outbox/leases.js";
import { Messages } from "../../src/outbox/messages.js";
import { mysqlMistakes, tsqlMistakes } from "../sql/grammar.js";

const kinds = [
  { name: "mssql", client: "mssql", dialect: mssql, mistakes: tsqlMistakes },
  { name: "mysql", client: "mysql2", dialect: mysql, mistakes: mysqlMistakes },
];

/** All that is said, to a database that finds one user, and whose writes reach no row. */
async function said(dialect: Dialect): Promise<readonly string[]> {
  const texts = new Set<string>();
  const run = async (text: string) => {
    texts.add(text);
    return { rows: [["1", "ada", "member", "{}", "0", "0", null, null, null, null, null]], affected: 0 };
  };
  const store = new Store({ dialect, run, read: run } as unknown as Database);
  const [users, sessions, attempts] = [new Users(store, 8), new Sessions(store), new Attempts(store, {})];
  await users.add({ username: "ada", password: "a long enough one", role: "member" });
  await users.list(10, 10);
  await users.change(1, { password: "a long enough one", role: "member", disabled: true });
  await users.remove(1);
  await sessions.find("swt_x");
  await sessions.end("swt_x");
  await sessions.begin({ id: 1, sessions: 0 }, 60);
  const keys = new Keys(store);
  await keys.add({ name: "x", role: "member", expiresAt: new Date(Date.now() + 60_000) });
  await keys.list(10, 10);
  await keys.find(1);
  await keys.judge("x");
  await keys.remove(1);
  const answers = new IdempotentAnswers(store, 1000);
  const session = store.database;
  await answers.find("x", session);
  await answers.take({ keyHash: "x", requestHash: "y" }, session);
  await answers.keep({ keyHash: "x", requestHash: "y" }, "{}", session);
  await answers.clean();
  const [messages, leases] = [new Messages(store), new Leases(store, "holder", 1000)];
  const message = { messageId: "msg_1", queue: "q", subject: "s", text: "{}" };
  await messages.add([message, message], session);
  await messages.due("q", 20).catch(() => undefined);
  await messages.nextDue("q");
  await messages.failed(1, 1, "no", undefined);
  await messages.delivered(1);
  await messages.list(10, 10).catch(() => undefined);
  await messages.again();
  await messages.again(1);
  await messages.sizes();
  await leases.open("q");
  await leases.take("q");
  await leases.give("q");
  const attempt = await attempts.begin("ada", "127.0.0.1");
  await attempt.succeeded();
  await attempt.undone();
  return [...texts];
}

test.each(kinds)("$name takes each statement", async ({ dialect, mistakes }) => {
  const texts = await said(dialect);
  expect(texts.length).toBeGreaterThan(20);
  for (const text of texts) expect(mistakes(text), text).toEqual([]);
});

test.each(kinds)("$name takes what makes the tables", ({ client, mistakes }) => {
  const db = knex({ client });
  for (const name of [...signInTables, ...keyTables, ...answerTables, ...outboxTables])
    for (const { sql } of makingOf(db, name).toSQL()) expect(mistakes(sql.replaceAll("?", "''")), sql).toEqual([]);
});
