// `api.health()`: what the database is, and which schema is served.
import { expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl =
  "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'none'); CREATE TABLE logs (text VARCHAR(9));";
const driver = { sqlite: "better-sqlite3", postgres: "pg", mariadb: "mysql2" };
const dialect = { sqlite: "sqlite", postgres: "postgres", mariadb: "mysql" };

onEveryDatabase({ sqlite: ddl, postgres: ddl, mariadb: ddl }, (place) => {
  async function asking<T>(work: (api: Api) => Promise<T>): Promise<T> {
    const api = await createApi(place.db().url);
    try {
      return await work(api);
    } finally {
      await api.close();
    }
  }

  test("database, dialect, driver, version, and the schema that is served", async () => {
    const before = Date.now();
    const health = await asking((api) => api.health());
    expect(health).toEqual({
      status: "ok",
      database: new URL(place.db().url).pathname.split("/").at(-1),
      dialect: dialect[place.name],
      driver: driver[place.name],
      version: expect.stringMatching(/^\d+\.\d+/),
      schema: { digest: expect.stringMatching(/^[\da-f]{16}$/), tables: 2, readAt: expect.any(String) },
    });
    const readAt = Date.parse(health.schema.readAt);
    expect(readAt).toBeGreaterThanOrEqual(before);
    expect(readAt).toBeLessThanOrEqual(Date.now());
  });

  test("who asks at the same moment shares one statement; who asks later is told anew", async () => {
    await asking(async (api) => {
      const texts: string[] = [];
      api.knex.on("query", ({ sql }: { sql: string }) => texts.push(sql));
      const answers = await Promise.all(Array.from({ length: 20 }, () => api.health()));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["ok"]));
      expect(texts).toHaveLength(1);
      await api.health();
      expect(texts).toHaveLength(2);
    });
  });

  test("the digest outlives a restart, and changes with the schema", async () => {
    const digest = () => asking(async (api) => (await api.health()).schema.digest);
    const before = await digest();
    expect(await digest()).toBe(before);
    await place.db().knex.raw("ALTER TABLE clubs ADD COLUMN city VARCHAR(20)");
    expect(await digest()).not.toBe(before);
    await place.db().knex.raw("ALTER TABLE clubs DROP COLUMN city");
    expect(await digest()).toBe(before);
  });

  test("a re-read that fails is told", async () => {
    const api = await createApi(place.db().url, { overrides: [{ name: "logs", resource: "journal" }] });
    try {
      await place.db().knex.schema.renameTable("logs", "diaries");
      await expect(api.refresh()).rejects.toThrow(/logs/);
      const { status, schema } = await api.health();
      expect(status).toBe("ok");
      expect(schema.problem).toEqual({ at: expect.stringMatching(/Z$/), message: expect.stringContaining("logs") });
      await place.db().knex.schema.renameTable("diaries", "logs");
      await api.refresh();
      expect((await api.health()).schema).not.toHaveProperty("problem");
    } finally {
      await api.close();
    }
  });

  test("a database that is gone is away, with no more said of it", async () => {
    await asking(async (api) => {
      await api.close();
      expect(await api.health()).toMatchObject({
        status: "away",
        database: null,
        version: null,
        schema: { tables: 2 },
      });
    });
  });
});
