// The tests' own tools: databases that do not know of each other, fixtures that load everywhere, a client over real sockets.
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import knex from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ddl as community, rows } from "./fixtures/community.js";
import { expected, ddl as values } from "./fixtures/values.js";
import { type Created, databases, mssql, mysql } from "./support/databases.js";
import { leftIn } from "./support/fresh-home.js";
import { exchange, type Listening, listen, request } from "./support/http.js";

test("HOME and TMPDIR are the run's own, and what is left there under sapwood's name is found", () => {
  expect(homedir()).toMatch(/sapwood-run-\w+.home$/);
  expect(tmpdir()).toBe(join(homedir(), "..", "tmp"));
  const folder = mkdtempSync(join(tmpdir(), "sapwood-left-"));
  expect(leftIn(tmpdir())).toContain(folder.slice(tmpdir().length + 1));
  rmSync(folder, { recursive: true });
  expect(leftIn(tmpdir())).not.toContain(folder.slice(tmpdir().length + 1));
});

test("where CI is true, MySQL itself is there", () => {
  expect(process.env.CI === "true" ? mysql.skip : undefined).toBeUndefined();
});

describe.skipIf(mysql.skip)("databases on mysql", () => {
  test("a database of its own on MySQL itself, and no other server in its stead", async () => {
    const [first, second] = await Promise.all([mysql.create("CREATE TABLE a (id INTEGER)"), mysql.create()]);
    try {
      const [[row]] = await first.knex.raw("SELECT VERSION() AS version");
      expect(row.version).not.toMatch(/mariadb/i);
      expect(await first.knex("a")).toEqual([]);
      await expect(second.knex("a").select()).rejects.toThrow();
    } finally {
      await Promise.all([first.drop(), second.drop()]);
    }
  });
});

// Where nobody named a SQL Server, the conformance suite says so, once.
for (const database of mssql.skip === undefined ? [...databases, mssql] : databases) {
  describe.skipIf(database.skip)(`databases on ${database.name}`, () => {
    let first: Created;
    let second: Created;
    beforeAll(async () => {
      [first, second] = await Promise.all([
        database.create(community[database.name]),
        database.create(values[database.name]),
      ]);
    });
    afterAll(() => Promise.all([first?.drop(), second?.drop()]));
    const count = async (created: Created, table: string): Promise<number> => {
      const [row] = await created.knex(table).count({ n: "*" });
      return Number(row?.n);
    };

    test("the community has the same rows everywhere", async () => {
      for (const [table, list] of Object.entries(rows)) expect(await count(first, table), table).toBe(list.length);
      expect(await count(first, "group_sizes")).toBe(rows.groups?.length);
      const [odd] = await first.knex("groups").where({ id: 4 });
      expect(odd).toMatchObject({ name: "snake_case fans", description: rows.groups?.[3]?.description });
    });

    test("the values are there, and what the API owes for them is JSON", async () => {
      expect(await count(second, "samples")).toBe(expected.length);
      const texts = await second.knex("samples").select("short", "body").orderBy("id");
      expect(texts).toEqual(expected.map((text) => JSON.parse(text)).map(({ short, body }) => ({ short, body })));
    });

    test("one database knows nothing of another", async () => {
      expect(first.url).not.toBe(second.url);
      await expect(first.knex("samples").select()).rejects.toThrow();
      await expect(second.knex("members").select()).rejects.toThrow();
    });

    test("constraints hold", async () => {
      await expect(first.knex("meetups").insert({ title: "x", group_id: 1, seats: -1 })).rejects.toThrow();
      await expect(first.knex("members").insert({ name: "x", email: "ada@example.org" })).rejects.toThrow();
      await expect(first.knex("venues").insert({ name: "x", country_id: 99 })).rejects.toThrow();
      await expect(first.knex("stock_moves").insert({ warehouse: "north", sku: "x", delta: 1 })).rejects.toThrow();
    });

    test("a database is created empty, and goes even though somebody left a transaction open in it", async () => {
      const third = await database.create();
      const stray = knex({ ...third.knex.client.config, pool: { min: 0, max: 1 } });
      try {
        await expect(stray("members").select()).rejects.toThrow();
        await third.knex.schema.createTable("a", (table) => table.integer("id"));
        const open = await stray.transaction();
        await open("a").insert({ id: 1 });
        await expect(third.drop()).resolves.toBeUndefined();
        await open.rollback().catch(() => undefined);
      } finally {
        await stray.destroy();
      }
    });
  });
}

describe("http", () => {
  let server: Listening;
  beforeAll(async () => {
    server = await listen((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("end", () => {
        const { method, url, headers } = incoming;
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
      });
    });
  });
  afterAll(() => server.close());

  test("paths go out as they are written", async () => {
    for (const path of ["/a/../b", "/%zz", "//x", "/a?x=%00&&=", "/%2e%2e/"]) {
      expect((await request(server.base, "GET", path)).json.url).toBe(path);
    }
  });

  test("bodies go out as JSON, or as the text they are", async () => {
    const sent = await request(server.base, "POST", "/", { body: { a: 1 } });
    expect(sent.json).toMatchObject({ body: '{"a":1}', headers: { "content-type": "application/json" } });
    const raw = await request(server.base, "PUT", "/", { body: "{nope", headers: { "Content-Type": "text/plain" } });
    expect(raw.json).toMatchObject({ method: "PUT", body: "{nope", headers: { "content-type": "text/plain" } });
  });

  test("HEAD has no text; what is no HTTP is answered all the same", async () => {
    expect(await request(server.base, "HEAD", "/")).toMatchObject({ status: 200, text: "", json: undefined });
    expect(await exchange(server.base, "GET /a b HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 400/);
  });
});
