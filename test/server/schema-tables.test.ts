// `/schema/tables` on real databases: tables made, used at once, changed and dropped; what is refused changes nothing.
import { setTimeout } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, everyDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const clubs = {
  name: "clubs",
  columns: [
    { name: "id", type: "increments" },
    { name: "name", type: "string(80)", notNull: true },
    { name: "is_open", type: "boolean", notNull: true, default: true },
  ],
  unique: ["name"],
};
const boats = {
  name: "boats",
  columns: [
    { name: "id", type: "increments" },
    { name: "club_id", type: "integer", notNull: true },
    { name: "built", type: "date" },
    { name: "mast", type: "decimal(4,2)", default: 1.5 },
  ],
  indexes: ["built"],
  belongsTo: [{ table: "clubs", column: "club_id", onDelete: "cascade" }],
};
const TABLES = "/schema/tables";

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(`/schema/tables on ${database.name}`, () => {
    let created: Created;
    let server: RunningServer;
    const told: unknown[] = [];
    const tell = (fields: unknown) => void told.push(fields);
    const logger = { debug: tell, info: tell, warn: tell, error: tell };
    beforeAll(async () => {
      created = await database.create();
      server = await serve(created.url, { port: 0, schemaRoutes: true, logger });
    });
    afterAll(async () => {
      await server?.close();
      await created?.drop();
    });
    /** Does somebody wait for the transaction? A file tells nobody. */
    const isWaiting = async (trx: Knex.Transaction): Promise<boolean> =>
      !database.can.beAway || (await trx("pg_locks").where({ granted: false })).length > 0;
    const send = (line: string, body?: unknown, headers = {}) => {
      const [method = "", path = ""] = line.split(" ");
      return request(server.url, method, path, { body, headers });
    };

    test("a dry run says the statements and what is new, and does nothing", async () => {
      const answer = await send(`POST ${TABLES}?dry-run=true`, clubs);
      expect(answer).toMatchObject({ status: 200, json: { severity: "new", notes: [] } });
      expect(answer.json.statements.join()).toMatch(/create table .*clubs/i);
      expect(answer.json.changes.map(({ at }: { at: string }) => at)).toContainEqual(
        expect.stringMatching(/POST .*\/clubs$/),
      );
      expect((await send("GET /schema/tables")).json).toEqual([]);
      const preferred = await send(`POST ${TABLES}`, clubs, { prefer: "tx=rollback" });
      expect(preferred.headers["preference-applied"]).toBe("tx=rollback");
      expect(await created.knex.schema.hasTable("clubs")).toBe(false);
    });

    test("a table is made, and the API has it at once", async () => {
      const made = await send(`POST ${TABLES}`, clubs);
      expect(made).toMatchObject({ status: 201, json: { name: "clubs", unique: ["name"], primaryKey: "id" } });
      expect(made.headers.location).toBe("/schema/tables/clubs");
      expect((await send("GET /schema/tables/clubs")).json).toEqual(made.json);
      expect((await send("POST /api/clubs", { name: "Rowing" })).json).toMatchObject({ id: 1, is_open: true });
      isProblem(await send(`POST ${TABLES}`, clubs), 409, "table_exists");
      isProblem(await send(`POST ${TABLES}`, { ...clubs, name: "CLUBS" }), 409, "table_exists");
    });

    test("what is shown is an entry that makes the same", async () => {
      const { json } = await send(`POST ${TABLES}`, boats);
      expect(json).toMatchObject({
        belongsTo: [{ table: "clubs", column: "club_id", references: "id", onDelete: "cascade" }],
      });
      expect(json.columns).toEqual([{ name: "id", type: "increments", notNull: true }, ...boats.columns.slice(1)]);
      expect(json.indexes).toContain("built");
      const dry = await send(`POST ${TABLES}?dry-run=true`, { ...json, name: "ships" });
      expect(dry).toMatchObject({ status: 200, json: { notes: [] } });
      expect((await send("POST /api/clubs/1/boats", { built: "1999-01-02" })).json).toMatchObject({ mast: 1.5 });
    });

    test("a change adds and renames, and its clients are asked first", async () => {
      const change = {
        add: [{ name: "sail", type: "string(20)", notNull: true, default: "white" }],
        rename: { built: "built_on" },
        indexes: [["club_id", "sail"]],
      };
      const refused = await send(`PATCH ${TABLES}/boats`, change);
      isProblem(refused, 409, "breaks_clients");
      expect(refused.json.changes[0]).toMatchObject({ severity: "breaking", at: "/boats built" });
      expect((await send("GET /api/boats/1")).json).not.toHaveProperty("sail");
      const changed = await send(`PATCH ${TABLES}/boats?allow=breaking`, change);
      expect(changed.status).toBe(200);
      expect(changed.json.columns.map(({ name }: { name: string }) => name).sort()).toEqual(
        ["id", "club_id", "built_on", "mast", "sail"].sort(),
      );
      expect(changed.json.indexes).toEqual(expect.arrayContaining(["built_on", ["club_id", "sail"]]));
      expect((await send("GET /api/boats/1")).json).toMatchObject({ built_on: "1999-01-02", sail: "white" });
    });

    test("columns become others and go", async () => {
      const change = { change: [{ name: "sail", type: "string(40)", default: null }], drop: ["mast"] };
      const answer = await send(`PATCH ${TABLES}/boats?allow=breaking`, change);
      expect(answer.status).toBe(200);
      expect(answer.json.columns).toContainEqual({ name: "sail", type: "string(40)", notNull: true });
      expect((await send("GET /api/boats/1")).json).not.toHaveProperty("mast");
    });

    test("what the database refuses is said without its words, and undone where it can be", async () => {
      await created.knex.raw("CREATE INDEX clubs_is_open_index ON clubs (id, name)");
      const answer = await send(`PATCH ${TABLES}/clubs`, {
        add: [{ name: "motto", type: "text" }],
        indexes: ["is_open"],
      });
      isProblem(answer, 409, "definition_refused");
      expect(answer.json.detail).toMatch(/^add index clubs\(is_open\): the database refuses it/);
      expect(told).toContainEqual(
        expect.objectContaining({ code: "definition_refused", requestId: expect.any(String) }),
      );
      const { columns } = (await send(`GET ${TABLES}/clubs`)).json;
      const kept = columns.some(({ name }: { name: string }) => name === "motto");
      expect(kept).toBe(!dialectOfUrl(created.url).definition?.atomic);
      expect(answer.json.done).toEqual(kept ? ["add column clubs.motto"] : undefined);
      expect("motto" in (await send("GET /api/clubs/1")).json).toBe(kept);
    });

    test("rows that are there are a reason", async () => {
      await send("POST /api/clubs", { name: "Sailing" });
      const answer = await send(`PATCH ${TABLES}/clubs?allow=breaking`, {
        change: [{ name: "name", type: "string(2)" }],
      });
      isProblem(answer, 409, "definition_refused");
      expect(answer.json.detail).toMatch(/values that are there, or the default, do not fit the type/);
    });

    test("a key becomes another, unless others refer to it", async () => {
      isProblem(await send(`PATCH ${TABLES}/clubs?allow=breaking`, { primaryKey: "name" }), 409, "table_in_use");
      isProblem(await send(`PATCH ${TABLES}/boats`, { primaryKey: "nmae" }), 400, "invalid_body");
      const pairs = {
        name: "pairs",
        columns: [
          { name: "one", type: "integer" },
          { name: "two", type: "integer" },
          { name: "rank", type: "integer" },
        ],
        primaryKey: ["one", "two"],
      };
      await send(`POST ${TABLES}`, pairs);
      await send("POST /api/pairs", { one: 1, two: 2, rank: 3 });
      await send("POST /api/pairs", { one: 1, two: 3, rank: 4 });
      const answer = await send(`PATCH ${TABLES}/pairs?allow=breaking`, {
        primaryKey: "rank",
        rename: { rank: "place" },
      });
      expect(answer).toMatchObject({ status: 200, json: { primaryKey: "place" } });
      expect((await send("GET /api/pairs/4")).json).toEqual({ one: 1, two: 3, place: 4 });
      const refused = await send(`PATCH ${TABLES}/pairs?allow=breaking`, { primaryKey: "one" });
      isProblem(refused, 409, "definition_refused");
      expect((await send("GET /api/pairs/4")).json).toEqual({ one: 1, two: 3, place: 4 });
      expect((await send(`DELETE ${TABLES}/pairs?allow=breaking&rows=delete`)).status).toBe(204);
    });

    test("a table that is referred to, or holds rows, is kept", async () => {
      const referred = await send(`DELETE ${TABLES}/clubs?allow=breaking&rows=delete`);
      isProblem(referred, 409, "table_in_use");
      expect(referred.json).toMatchObject({ referring: ["boats"] });
      const full = await send(`DELETE ${TABLES}/boats?allow=breaking`);
      isProblem(full, 409, "table_in_use");
      expect(full.json.detail).toContain("?rows=delete");
      isProblem(await send(`DELETE ${TABLES}/boats?rows=delete`), 409, "breaks_clients");
      const dry = await send(`DELETE ${TABLES}/boats?rows=delete&dry-run=true`);
      expect(dry.json).toMatchObject({ severity: "breaking", statements: [expect.stringMatching(/^drop table/i)] });
      expect((await send("GET /api/boats")).json).toHaveLength(1);
    });

    // Elsewhere a DROP ends the transaction before, and its locks with it.
    test.runIf(database.can.rollBackTables)("a row that is written meanwhile keeps its table", async () => {
      await send(`POST ${TABLES}`, { name: "buoys", columns: [{ name: "id", type: "increments" }] });
      const trx = await created.knex.transaction();
      await trx("buoys").insert({ id: 1 });
      const dropped = send(`DELETE ${TABLES}/buoys?allow=breaking`);
      await until(async () => isWaiting(trx));
      await trx.commit();
      isProblem(await dropped, 409, "table_in_use");
      expect((await send("GET /api/buoys")).json).toEqual([{ id: 1 }]);
      expect((await send(`DELETE ${TABLES}/buoys?allow=breaking&rows=delete`)).status).toBe(204);
    });

    test("a table is dropped, and its routes with it", async () => {
      expect((await send(`DELETE ${TABLES}/boats?rows=delete&allow=breaking`)).status).toBe(204);
      isProblem(await send("GET /api/boats"), 404, "no_route");
      isProblem(await send(`GET ${TABLES}/boats`), 404, "no_route");
      expect((await send(`DELETE ${TABLES}/clubs?rows=delete&allow=breaking`)).status).toBe(204);
      expect((await send("GET /")).json.resources).toEqual([]);
    });

    test("texts stay texts", async () => {
      const motto = "'); DROP TABLE mottos; -- \\' \" ` ?";
      const made = await send(`POST ${TABLES}`, {
        name: "mottos",
        columns: [
          { name: "id", type: "increments" },
          { name: "motto", type: "string(60)", notNull: true, default: motto },
        ],
      });
      expect(made.status).toBe(201);
      expect((await send("POST /api/mottos", {})).json).toMatchObject({ motto });
      expect((await send("GET /api/mottos/1")).json).toMatchObject({ motto });
    });
  });
}
