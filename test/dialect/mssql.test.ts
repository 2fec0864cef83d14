// tedious over a real socket, against a server of the tests' own: what arrives there, and what becomes of its answers.
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { typeOf } from "../../src/dialect/mssql/column-type.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import type { ColumnType } from "../../src/schema/schema.js";
import { closing, connect, refused, serve, texts } from "../support/tds/connect.js";
import { PASSWORD } from "../support/tds/server.js";

describe("logging in", () => {
  test("says who, with what, and where to", async () => {
    const server = await serve(() => ({ rows: [{ version: "16.0.4135.4", name: "shop" }] }));
    const database = connect(server.url());
    const ask = async (text: string) => (await database.knex.raw(text)) as Record<string, unknown>[];
    expect(await mssql.identify(ask)).toEqual({ database: "shop", version: "16.0.4135.4" });
    expect(server.logins).toEqual([{ user: "sapwood", password: PASSWORD, database: "shop" }]);
  });

  test("a wrong password, a port where nobody listens, one where nobody answers: the database is away", async () => {
    const server = await serve(() => undefined);
    const wrong = connect(server.url().replace(/:[^:@]+@/, ":wrong@"));
    expect(await refused(wrong.run("SELECT 1", []))).toEqual({ code: "database_away", lasting: true });

    const closed = await serve(() => undefined);
    const url = closed.url();
    await closed.close();
    expect(await refused(connect(url).run("SELECT 1", []))).toEqual({ code: "database_away" });

    const mute = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((done) => mute.once("listening", done));
    closing(async () => void mute.close());
    const { port } = mute.address() as { port: number };
    const silent = connect(`mssql://sa@127.0.0.1:${port}/db?encrypt=false&connectTimeout=200`);
    expect(await refused(silent.run("SELECT 1", []))).toEqual({ code: "database_away" });
  });
});

describe("parameters", () => {
  const big = "é".repeat(4001);
  const cases: readonly (readonly [ColumnType, unknown, string, unknown])[] = [
    [typeOf({ name: "int" }), 7, "int", 7],
    [typeOf({ name: "tinyint" }), 255, "int", 255],
    // Past 2^53 as digits: not every tedious has such numbers, and none has what a sum may be.
    [typeOf({ name: "bigint" }), 9223372036854775807n, "nvarchar(4000)", "9223372036854775807"],
    [{ kind: "integer", native: "" }, 9232379236109516800n, "nvarchar(4000)", "9232379236109516800"],
    [{ kind: "integer", native: "bigint" }, 100, "bigint", 100n],
    [typeOf({ name: "decimal", precision: 38, scale: 10 }), "-1.5e3", "nvarchar(4000)", "-1500.0"],
    [typeOf({ name: "decimal", precision: 10, scale: 2 }), "12e-4", "nvarchar(4000)", "0.0012"],
    [typeOf({ name: "decimal", precision: 38, scale: 2 }), "0.999999", "nvarchar(4000)", "0.99"],
    // A number in JSON is rounded by the server, as its column's side is.
    [
      { kind: "decimal", native: "json", precision: 38, scale: 10 },
      "3.141592653589793",
      "nvarchar(4000)",
      "3.141592653589793",
    ],
    [
      { kind: "decimal", native: "json", precision: 38, scale: 10 },
      `${"9".repeat(28)}.${"1".repeat(40)}`,
      "nvarchar(4000)",
      `${"9".repeat(28)}.${"1".repeat(10)}`,
    ],
    [typeOf({ name: "money" }), "922337203685477.5807", "nvarchar(4000)", "922337203685477.5807"],
    [typeOf({ name: "float" }), 0.1, "float", 0.1],
    [typeOf({ name: "bit" }), true, "bit", true],
    [typeOf({ name: "bit" }), false, "bit", false],
    [typeOf({ name: "nvarchar", length: 80 }), "", "nvarchar(4000)", ""],
    [typeOf({ name: "nvarchar", length: 80 }), "Zoë 👋 'x'", "nvarchar(4000)", "Zoë 👋 'x'"],
    [typeOf({ name: "nvarchar", length: -1 }), big, "nvarchar(max)", big],
    // An index on varchar is of use to varchar only; what its code page may lack travels as Unicode.
    [typeOf({ name: "varchar", length: 80 }), "plain", "varchar(8000)", "plain"],
    [typeOf({ name: "varchar", length: 80 }), "Zoë", "nvarchar(4000)", "Zoë"],
    [typeOf({ name: "uniqueidentifier" }), "123e4567-e89b-12d3-a456-426614174000", "uniqueidentifier", undefined],
    [typeOf({ name: "varbinary", length: 20 }), Buffer.from([0, 255]), "varbinary(8000)", Buffer.from([0, 255])],
    [typeOf({ name: "varbinary", length: -1 }), Buffer.alloc(8001, 7), "varbinary(max)", Buffer.alloc(8001, 7)],
    [typeOf({ name: "image" }), Buffer.alloc(0), "varbinary(8000)", Buffer.alloc(0)],
    // No zone of this machine (New York in the tests) touches them: they travel as text.
    [typeOf({ name: "date" }), "2024-02-29", "nvarchar(4000)", "2024-02-29"],
    [typeOf({ name: "datetime2", scale: 7 }), "2024-03-10T02:30:00.5", "nvarchar(4000)", "2024-03-10T02:30:00.5"],
    [typeOf({ name: "datetimeoffset", scale: 7 }), "2024-03-10T02:30:00Z", "nvarchar(4000)", "2024-03-10T02:30:00Z"],
    [typeOf({ name: "xml" }), "<a/>", "nvarchar(4000)", "<a/>"],
    [{ kind: "any", native: "" }, 1.5, "float", 1.5],
    [{ kind: "any", native: "" }, 15, "bigint", 15n],
    [{ kind: "any", native: "" }, "15", "nvarchar(4000)", "15"],
    [typeOf({ name: "int" }), null, "nvarchar(4000)", null],
  ];

  test("arrive with their types", async () => {
    const server = await serve(() => undefined);
    const names = cases.map((_, i) => `@p${i + 1}`).join(", ");
    await connect(server.url()).run(
      `SELECT ${names}`,
      cases.map(([type, value]) => mssql.encode(value, type)),
    );
    const [request] = server.heard;
    expect(request).toMatchObject({ kind: "sql", text: `SELECT ${names}`, inside: false });
    const arrived = request?.kind === "sql" ? request.parameters : [];
    expect(arrived).toEqual(
      cases.map(([, value, type, as], i) => ({ name: `@p${i + 1}`, type, value: as === undefined ? value : as })),
    );
  });
});

describe("answers", () => {
  test("values keep their digits, their bytes and their length", async () => {
    const json = JSON.stringify({ text: "ä👋".repeat(20_000) });
    const row = { json, n: 7, big: 9223372036854775807n, yes: true, half: 0.5, bytes: Buffer.from([0, 1, 255]) };
    const server = await serve(() => ({ rows: [row, { ...row, json: null, n: null, bytes: null }] }));
    const { rows, affected } = await connect(server.url()).run("SELECT 1", []);
    const { n, yes, half, bytes } = row;
    expect(rows).toEqual([
      [json, n, "9223372036854775807", yes, half, bytes],
      [null, null, "9223372036854775807", yes, half, null],
    ]);
    expect(affected).toBe(2);
  });

  test("a write says how many rows were its own, whatever its triggers did and answered", async () => {
    const server = await serve(() => ({ results: [[{ logged: "by a trigger" }], [{ "": 3 }]] }));
    const answer = await connect(server.url()).run("DELETE FROM [t]", []);
    expect(answer).toEqual({ rows: [], affected: 3 });
    expect(texts(server.heard)).toEqual(["DELETE FROM [t]; SELECT @@ROWCOUNT"]);
  });

  test("requests on one connection stand in line, also behind one that fails", async () => {
    const server = await serve((text) =>
      text === "bad" ? { errors: [{ number: 208, message: "Invalid object name 'bad'." }] } : { rows: [{ text }] },
    );
    await connect(server.url()).transaction(async (session) => {
      const answers = ["one", "bad", "two"].map((text) => session.run(text, []));
      const [one, bad, two] = await Promise.allSettled(answers);
      expect([one, two]).toMatchObject([{ value: { rows: [["one"]] } }, { value: { rows: [["two"]] } }]);
      expect(bad).toMatchObject({ status: "rejected" });
    });
    expect(texts(server.heard)).toEqual(["begin", "one", "bad", "two", "commit"]);
    expect(server.heard.map((one) => one.kind === "sql" && one.inside)).toEqual([false, true, true, true, false]);
  });

  test("a statement past its time is called off, and the connection goes on", async () => {
    const server = await serve((text) => (text === "slow" ? "silence" : { rows: [{ ok: 1 }] }));
    const database = connect(server.url("&requestTimeout=100"));
    await database.transaction(async (session) => {
      expect(await refused(session.run("slow", []))).toEqual({ code: "timeout" });
      expect((await session.run("quick", [])).rows).toEqual([[1]]);
    });
    expect(texts(server.heard)).toEqual(["begin", "slow", "attention", "quick", "commit"]);
  });

  test("a connection that breaks is no longer used", async () => {
    let broken = true;
    const server = await serve(() => (broken ? "hang up" : { rows: [{ ok: 1 }] }));
    const database = connect(server.url());
    expect(await refused(database.run("SELECT 1", []))).toEqual({ code: "database_away" });
    broken = false;
    expect((await database.run("SELECT 1", [])).rows).toEqual([[1]]);
  });
});
