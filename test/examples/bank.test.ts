// examples/bank: a transfer that refuses, by hand on SQLite, and as the database's own function or procedure elsewhere.
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
// @ts-expect-error an example is plain JavaScript
import { routines } from "../../examples/bank/routines.mjs";
import { HttpError } from "../../src/http/problem.js";
import { type App, frameworks } from "../support/apps.js";
import { request } from "../support/http.js";
import { onEveryServer } from "../support/matrix.js";
import { startProgram } from "../support/program.js";

const folder = fileURLToPath(new URL("../../examples/bank", import.meta.url));
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const tables = read("bank.sql");
const ddl = {
  sqlite: tables,
  postgres: `${tables}${read("postgres.sql")}`,
  mariadb: `${tables}${read("mysql.sql")}`,
};

onEveryServer(ddl, ({ can, db }) => {
  let app: App;
  beforeAll(async () => {
    const options = can.keepRoutines ? {} : { routines: routines(HttpError) };
    app = await (frameworks[0] as (typeof frameworks)[number]).start(db().url, options);
  });
  afterAll(() => app?.close());
  const transfer = async (from: number, to: number, amount: unknown) => {
    const { status, json } = await app.ask("POST /rpc/transfer", { body: { from, to, amount } });
    return [status, json?.detail];
  };
  const balances = async () =>
    (await app.ask("GET /accounts?select=balance&order-by=id:asc")).json.map((row: { balance: number }) => row.balance);

  test("a transfer moves money, or refuses and moves none", async () => {
    expect(await transfer(1, 2, 30)).toEqual([204, undefined]);
    expect(await balances()).toEqual([70, 50]);
    expect(await transfer(1, 2, 71)).toEqual([402, "Account 1 has less than 71."]);
    expect(await transfer(1, 9, 5)).toEqual([404, "There is no account 9."]);
    expect(await transfer(1, 2, -5)).toEqual([422, "An amount is more than nothing."]);
    expect((await transfer(1, 2, "much"))[0]).toBe(422);
    expect(await balances()).toEqual([70, 50]);
  });

  test("transfers that meet leave no money behind and make none", async () => {
    const both = await Promise.all([...Array(10)].map((_, i) => transfer(1 + (i % 2), 2 - (i % 2), 10)));
    expect(both.every(([status]) => status === 204 || status === 402 || status === 409)).toBe(true);
    const [one, other] = await balances();
    expect(one + other).toBe(120);
  });
});

test("node examples/bank/app.mjs transfers on a file of its own", async () => {
  const TMPDIR = await mkdtemp(join(inject("files"), "bank-"));
  const app = await startProgram([join(folder, "app.mjs")], { env: { TMPDIR } });
  try {
    const moved = await request(app.base, "POST", "/rpc/transfer", { body: { from: 1, to: 2, amount: 30 } });
    expect(moved.status, moved.text).toBe(204);
    const refused = await request(app.base, "POST", "/rpc/transfer", { body: { from: 1, to: 2, amount: 1000 } });
    expect(refused.json).toMatchObject({ status: 402, detail: "Account 1 has less than 1000." });
    expect((await request(app.base, "GET", "/accounts/1")).json).toMatchObject({ balance: 70 });
  } finally {
    await app.stop();
  }
});
