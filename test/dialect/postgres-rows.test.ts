// Rows taken off a connection's stream as bytes: however they are cut, whatever else comes, and whoever else listens.
import { EventEmitter } from "node:events";
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { execute } from "../../src/dialect/postgres/driver.js";
import { Tap } from "../../src/dialect/postgres/wire/tap.js";
import { RECORD_SEPARATOR } from "../../src/dialect/row-form.js";
import { rowForm } from "../../src/dialect/row-texts.js";
import { fc } from "../support/any.js";
import { type Created, postgres } from "../support/databases.js";

describe("a stream of messages", () => {
  const message = (letter: string, content: string) => {
    const bytes = Buffer.from(`${letter}0000${content}`);
    bytes.writeInt32BE(4 + Buffer.byteLength(content), 1);
    return bytes;
  };
  const messages = fc.array(fc.tuple(fc.constantFrom("D", "D", "C", "Z", "N", "2"), fc.string({ maxLength: 12 })));
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });

  test("its rows are taken whole, and all else goes on as it came, however it is cut", () => {
    fc.assert(
      fc.property(messages, cuts, fc.boolean(), (sent, cuts, taking) => {
        const all = Buffer.concat(sent.map(([letter, content]) => message(letter, content)));
        const stream = new EventEmitter();
        const [passed, taken]: [Buffer[], string[]] = [[], []];
        stream.on("data", (bytes: Buffer) => passed.push(Buffer.from(bytes)));
        const tap = Tap.on(stream) as Tap;
        if (taking) tap.take = (bytes, at, end) => void taken.push(bytes.toString("utf8", at, end));
        for (let at = 0, i = 0; at < all.length; i++) {
          const next = at + (cuts[i % cuts.length] as number);
          stream.emit("data", all.subarray(at, next));
          at = next;
        }
        const rest = sent.filter(([letter]) => !taking || (letter !== "D" && letter !== "2"));
        expect(Buffer.concat(passed)).toEqual(Buffer.concat(rest.map(([letter, content]) => message(letter, content))));
        expect(taken).toEqual(taking ? sent.filter(([letter]) => letter === "D").map(([, content]) => content) : []);
      }),
      { numRuns: 2000 },
    );
  });

  test("has one tap, and none where others listen", () => {
    const stream = new EventEmitter();
    expect(Tap.on(stream)).toBeUndefined();
    stream.on("data", () => {});
    expect(Tap.on(stream)).toBe(Tap.on(stream));
    const shared = new EventEmitter();
    shared.on("data", () => {}).on("data", () => {});
    expect(Tap.on(shared)).toBeUndefined();
  });
});

describe.skipIf(postgres.skip)("on a server", () => {
  let created: Created;
  let db: Knex;
  const row = rowForm(
    [
      { name: "n", form: "number" },
      { name: "text", form: "string" },
    ],
    1,
  );
  const rows = async (text: string, connection: unknown) => {
    const { rows, affected } = await execute(connection, text, [], row);
    const [texts = [], places = []] = (rows[0] ?? []).map((text) => (text as string).split(RECORD_SEPARATOR));
    expect(affected).toBe(texts.length);
    return { rows: texts.map((text, i) => [text, places[i]]) };
  };
  const series = (last: number, text = "repeat('é\"', n % 7)") =>
    `SELECT n, ${text}, 'place ' || n FROM generate_series(1, ${last}) n`;
  const expected = (last: number) =>
    Array.from({ length: last }, (_, i) => [
      JSON.stringify({ n: i + 1, text: 'é"'.repeat((i + 1) % 7) }),
      `place ${i + 1}`,
    ]);

  const lent = async <T>(work: (connection: { connection: { stream: EventEmitter } }) => Promise<T>): Promise<T> => {
    const connection = await db.client.acquireConnection();
    try {
      return await work(connection);
    } finally {
      await db.client.releaseConnection(connection);
    }
  };

  beforeAll(async () => {
    created = await postgres.create(
      "CREATE TABLE notes (id int PRIMARY KEY, text text, flag boolean, doc json, price float8)",
    );
    db = knex({ client: "pg", connection: created.url, pool: { min: 0, max: 3 } });
  });
  afterAll(async () => {
    await db?.destroy();
    await created?.drop();
  });

  test("rows of many packets, and one that is longer than many", () =>
    lent(async (connection) => {
      expect((await rows(series(20_000), connection)).rows).toEqual(expected(20_000));
      const [long] = (await rows(series(1, "repeat('x', 5000000)"), connection)).rows;
      expect(JSON.parse(long?.[0] as string).text).toHaveLength(5_000_000);
      expect((await rows(series(0), connection)).rows).toEqual([]);
    }));

  test("an error amid rows is the statement's alone, and pg's own queries get their rows", () =>
    lent(async (connection) => {
      const failing = "SELECT n, '', (1 / (3000 - n))::text FROM generate_series(1, 5000) n";
      await expect(rows(failing, connection)).rejects.toMatchObject({ code: "22012" });
      const own = connection as unknown as { query(text: string): Promise<{ rows: unknown }> };
      expect((await own.query("SELECT 1 AS one, 'a' AS two")).rows).toEqual([{ one: 1, two: "a" }]);
      expect((await rows(series(2), connection)).rows).toEqual(expected(2));
      const noted = await own.query("DO $$ BEGIN RAISE NOTICE 'heard'; END $$").then(() => rows(series(3), connection));
      expect(noted.rows).toEqual(expected(3));
    }));

  test("the same where somebody else listens to the stream", () =>
    lent(async (connection) => {
      const other = await db.client.acquireRawConnection();
      other.connection.stream.on("data", () => {});
      expect((await rows(series(500), other)).rows).toEqual(expected(500));
      const nulls = "SELECT NULL::int, NULL::text, NULL::text";
      expect((await rows(nulls, other)).rows).toEqual((await rows(nulls, connection)).rows);
      await other.end();
    }));

  test("several connections at once, each with its own rows", async () => {
    const asked = [700, 1, 300, 2_000, 50, 900].map((last) => lent((connection) => rows(series(last), connection)));
    const found = await Promise.all(asked);
    expect(found.map(({ rows }) => rows)).toEqual([700, 1, 300, 2_000, 50, 900].map(expected));
  });

  test("what a schema takes for something else is an answer all the same", async () => {
    await db.raw(
      `INSERT INTO notes VALUES (1, '01', true, '{"a": [1]}', 'NaN'), (2, 'x "y"', NULL, NULL, '-Infinity')`,
    );
    const columns = { id: "text", text: "integer", flag: "integer", doc: "text", price: "decimal" } as const;
    const tables = [
      { name: "notes", primaryKey: "id", columns: Object.entries(columns).map(([name, type]) => ({ name, type })) },
    ];
    const api = await createApi(db, { tables });
    const answer = await api.handle({ method: "GET", path: "/notes", query: "", header: () => undefined } as never);
    expect(JSON.parse(answer?.body as string)).toEqual([
      { id: "1", text: "01", flag: "t", doc: '{"a": [1]}', price: "NaN" },
      { id: "2", text: 'x "y"', flag: null, doc: null, price: "-Infinity" },
    ]);
    await api.close();
  });
});
