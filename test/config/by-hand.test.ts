// `tables`: the database is not asked for its schema, and what was written answers like what is read.
import { parse } from "lossless-json";
import { beforeAll, describe, expect, test } from "vitest";
import type { TableOptions } from "../../src/api/options.js";
import { ddl, expected } from "../fixtures/values.js";
import { samples } from "../fixtures/values-rows.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const types: Readonly<Record<string, string>> = {
  id: "integer",
  big: "bigint",
  amount: "decimal(20,4)",
  ratio: "double",
  flag: "boolean",
  short: "varchar(40)",
  body: "text",
  day: "date",
  clock: "time",
  moment: "datetime",
  instant: "timestamptz",
  document: "json",
  bytes: "blob",
  token: "uuid",
  mood: "varchar(10)",
};
const columns = Object.entries(types).map(([name, type]) => ({ name, type, notNull: name === "id" }));

/** Whether it is MySQL is to be asked. */
const asking = { sqlite: [], postgres: [], mariadb: ["SELECT VERSION() AS version, DATABASE() AS name"] };

onEveryDatabase(ddl, (place) => {
  describe("typed columns", () => {
    let app: App;
    let asked: string[];
    beforeAll(async () => {
      const { knex } = place.db();
      asked = [];
      const listener = ({ sql }: { sql: string }) => asked.push(sql);
      knex.on("query", listener);
      app = await place.app({ tables: [{ name: "samples", columns }] }, knex);
      knex.removeListener("query", listener);
    });

    test("the schema is not asked for at the start", () => {
      expect(asked).toEqual(asking[place.name]);
    });

    test("GET /samples/:id is what a read schema answers", async () => {
      for (const [i, row] of expected.entries()) {
        const answer = await app.ask(`GET /samples/${i + 1}`);
        expect(answer.status, answer.text).toBe(200);
        expect(parse(answer.text)).toEqual(parse(row));
      }
    });

    test("POST /samples takes back what GET answered", async () => {
      for (const row of expected) {
        const body = row.replace(/"id":\d+/, '"id":1000');
        const answer = await app.ask("POST /samples", { body });
        expect(answer.status, answer.text).toBe(201);
        expect(parse(answer.text)).toEqual(parse(body));
        expect((await app.ask("DELETE /samples/1000")).status).toBe(204);
      }
    });

    for (const name of Object.keys(types)) {
      if (name === "document") continue;
      test(`GET /samples?${name}=… finds its row`, async () => {
        const value = samples[0]?.[name as keyof (typeof samples)[number]];
        const answer = await app.ask(`GET /samples?${name}=eq:${encodeURIComponent(String(value))}`);
        expect(answer.status, answer.text).toBe(200);
        expect(answer.json.map(({ id }: { id: number }) => id)).toContain(1);
      });
    }
  });

  describe("columns without a type", () => {
    let app: App;
    beforeAll(async () => {
      const names = ["id", "big", "short", "body"];
      app = await place.app({ tables: [{ name: "samples", columns: names.map((name) => ({ name })) }] });
    });

    test("GET /samples/1 keeps numbers numbers and text text", async () => {
      const answer = await app.ask("GET /samples/1");
      expect(answer.status, answer.text).toBe(200);
      const { id, big, short, body } = parse(expected[0] as string) as Record<string, unknown>;
      expect(parse(answer.text)).toEqual({ id, big, short, body });
    });

    test("POST, PATCH, GET, DELETE", async () => {
      const made = await app.ask("POST /samples", { body: { id: 2000, short: "7", big: 5 } });
      expect(made.status, made.text).toBe(201);
      expect(made.json).toEqual({ id: 2000, short: "7", big: 5, body: null });
      const changed = await app.ask("PATCH /samples/2000", { body: { short: "x" } });
      expect(changed.status, changed.text).toBe(200);
      expect(changed.json.short).toBe("x");
      expect((await app.ask("GET /samples?big=5&id=2000")).json).toHaveLength(1);
      expect((await app.ask("DELETE /samples/2000")).status).toBe(204);
    });
  });

  // A file cannot be away: opening one that is not there is an error at the start.
  test.runIf(place.can.beAway)("a database that is away is missed by the first request, not at the start", async () => {
    const urls: Partial<Record<string, string>> = {
      postgres: "postgres://127.0.0.1:1/none",
      mariadb: "mysql://127.0.0.1:1/none",
    };
    const tables: TableOptions[] = [{ name: "samples", columns }];
    const app = await place.app({ tables }, urls[place.name]);
    const answer = await app.ask("GET /samples");
    expect(answer.status).toBe(503);
    expect(answer.json.code).toBe("database_away");
    expect(answer.headers["retry-after"]).toBeTruthy();
  });
});
