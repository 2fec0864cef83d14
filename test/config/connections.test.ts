// How connections are opened and kept: what runs first on each, how long a statement may take, how many there are, and reading only.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ConnectionOptions } from "../../src/database/connection-options.js";
import { openDatabase } from "../../src/database/database.js";
import type { ApiResponse } from "../../src/http/message.js";
import { type Created, type DatabaseName, mysql } from "../support/databases.js";
import { type Ddl, onEveryDatabase, onEveryHost } from "../support/matrix.js";
import { serve as serveTds, texts } from "../support/tds/connect.js";

const tables = `
  CREATE TABLE connects (id INTEGER PRIMARY KEY);
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(40));
  CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(40));
  CREATE TABLE clubs_members (
    club_id INTEGER REFERENCES clubs (id), member_id INTEGER REFERENCES members (id), PRIMARY KEY (club_id, member_id));
  INSERT INTO clubs VALUES (1, 'Rowing');
  INSERT INTO members VALUES (1, 'Ada');
  INSERT INTO clubs_members VALUES (1, 1);
`;
const ddl: Ddl = {
  sqlite: tables,
  postgres: `${tables} CREATE VIEW naps AS SELECT 1 AS id, pg_sleep(60)::text AS nap;
    CREATE SCHEMA other; CREATE TABLE other.boats (id INTEGER PRIMARY KEY);`,
  mariadb: `${tables} CREATE VIEW naps AS SELECT 1 AS id, SLEEP(60) AS nap;`,
};
const withTime: readonly DatabaseName[] = ["postgres", "mariadb"];

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function open(...[db, options]: Parameters<typeof createApi>) {
  const api = await createApi(db, options);
  opened.push(() => api.close());
  const ask = (method: string, path: string): Promise<ApiResponse | undefined> =>
    api.handle({
      ...{ method, path, query: "", prefix: "", raw: undefined, header: () => undefined },
      body: async () => ({ kind: "parsed", value: { id: 9, name: "x" } }),
    });
  return { api, ask };
}

describe("onConnect", () => {
  onEveryDatabase(ddl, (place) => {
    test("runs on each new connection, one statement after the other, before anything else", async () => {
      const { knex, url } = place.db();
      await knex("connects").del();
      const next = "INSERT INTO connects SELECT coalesce(max(id), 0) + 1 FROM connects";
      const { api, ask } = await open(url, { onConnect: ["DELETE FROM connects WHERE id > 1000", next], poolMax: 1 });
      expect((await ask("GET", "/clubs/1"))?.status).toBe(200);
      expect(await api.knex("connects").count({ n: "*" })).toEqual([{ n: expect.toSatisfy((n) => Number(n) === 1) }]);
    });

    test("one that fails is a clear error at the start, named by its place", async () => {
      const onConnect = ["SELECT 1", "SLECT hunter2 FROM nowhere"];
      const failure = await createApi(place.db().url, { onConnect }).catch((error: Error) => error);
      expect(failure).toMatchObject({ name: "OnConnectFailure" });
      expect((failure as Error).message).toMatch(/^onConnect\[1\] \(SLECT hunter2 …\) failed: ./);
    });

    test("a knex instance has its connections already", async () => {
      const { knex } = place.db();
      await expect(createApi(knex, { onConnect: "SELECT 1" })).rejects.toThrow(/onConnect.*instance/);
      await expect(createApi(knex, { poolMax: 3 })).rejects.toThrow(/poolMax.*instance/);
    });

    test("of a knex config too, behind what it does itself", async () => {
      const { knex, url } = place.db();
      const said: string[] = [];
      const { client, connection } = openConfig(url);
      const afterCreate = (_connection: unknown, done: () => void) => {
        said.push("own");
        done();
      };
      await knex("connects").del();
      const onConnect = "INSERT INTO connects SELECT coalesce(max(id), 0) + 1 FROM connects";
      const { api } = await open(
        { client, connection, useNullAsDefault: true, pool: { min: 1, max: 1, afterCreate } },
        { onConnect },
      );
      expect(said).toEqual(["own"]);
      expect(await api.knex("connects")).toHaveLength(1);
    });
  });

  onEveryDatabase(
    ddl,
    (place) => {
      test("SET search_path: the schema's tables are those of the path", async () => {
        const { api } = await open(place.db().url, { onConnect: "SET search_path TO other, public" });
        expect(api.tree.resources.map(({ name }) => name)).toContain("boats");
      });
    },
    ["postgres"],
  );
});

/** What sapwood makes of the connection string, for knex. */
function openConfig(url: string) {
  const database = openDatabase(url);
  opened.push(() => database.close());
  return database.knex.client.config as { client: string; connection: object };
}

describe("the pool", () => {
  onEveryDatabase(ddl, (place) => {
    test("when none is free in time: 503 with Retry-After, and 200 again", async () => {
      const { api, ask } = await open(place.db().url, { poolMin: 0, poolMax: 1, poolAcquireTimeout: 0.2 });
      const held = await api.knex.transaction();
      const answer = await ask("PATCH", "/clubs/1");
      expect(answer?.status).toBe(503);
      expect(answer?.headers["retry-after"]).toMatch(/^\d+$/);
      expect(JSON.parse(answer?.body ?? "")).toMatchObject({ code: "database_away" });
      await held.rollback();
      expect((await ask("GET", "/clubs/1"))?.status).toBe(200);
    });
  });

  onEveryDatabase(
    ddl,
    (place) => {
      test("poolMin, poolMax and poolIdleTimeout are knex's", async () => {
        const { api } = await open(place.db().url, { poolMin: 0, poolMax: 3, poolIdleTimeout: 1.5 });
        expect(api.knex.client.pool).toMatchObject({ min: 0, max: 3, idleTimeoutMillis: 1500 });
      });

      test("maxLifetime: a connection under load gives way to another one, and no request fails", async () => {
        const { api, ask } = await open(place.db().url, { poolMin: 0, poolMax: 1, maxLifetime: 1 });
        const asked = place.db().url.startsWith("p") ? "SELECT pg_backend_pid() AS id" : "SELECT connection_id() AS id";
        const connection = async () =>
          JSON.stringify(await api.knex.raw(asked).then((found) => found.rows ?? found[0]));
        const [first, again] = [await connection(), await connection()];
        expect(again).toBe(first);
        const end = Date.now() + 1_300;
        while (Date.now() < end) {
          const answers = await Promise.all(Array.from({ length: 20 }, () => ask("GET", "/clubs/1")));
          expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 200));
        }
        expect(await connection()).not.toBe(first);
      });
    },
    withTime,
  );

  test.each<[object, RegExp]>([
    [{ poolMin: 5, poolMax: 2 }, /options\.poolMin: is 5, more than poolMax, which is 2/],
    [{ poolMax: 0 }, /options\.poolMax: is a whole number from 1 up/],
    [{ poolAcquireTimeout: 0 }, /options\.poolAcquireTimeout: is a number of seconds/],
    [{ maxLifetime: 0 }, /options\.maxLifetime: is a number of seconds above 0/],
    [{ notifyChannel: "" }, /options\.notifyChannel: is the name of a channel of NOTIFY/],
    [{ notifyChannel: "sapwood_written" }, /options\.notifyChannel: is not sapwood_written/],
    [{ notifyChannel: "x".repeat(64) }, /options\.notifyChannel: is the name of a channel of NOTIFY/],
    [{ statementTimeout: "5" }, /options\.statementTimeout: is a number of seconds/],
    [{ onConnect: [""] }, /options\.onConnect: is a statement/],
    [{ readOnly: "yes" }, /options\.readOnly: is true or false/],
  ])("%j is a mistake", async (options, message) => {
    await expect(createApi("sqlite::memory:", options)).rejects.toThrow(message);
  });
});

describe("statementTimeout", () => {
  onEveryDatabase(
    ddl,
    (place) => {
      test("a statement that takes longer is a 504", async () => {
        const { ask } = await open(place.db().url, { statementTimeout: 0.3 });
        const answer = await ask("GET", "/naps");
        expect(answer?.status).toBe(504);
        expect(JSON.parse(answer?.body ?? "")).toMatchObject({ code: "timeout" });
        expect((await ask("GET", "/clubs/1"))?.status).toBe(200);
      });
    },
    withTime,
  );

  onEveryDatabase(
    ddl,
    (place) => {
      const ask = { postgres: "SHOW statement_timeout", mariadb: "SELECT @@SESSION.max_statement_time AS t" } as const;
      const limit = async (options: ConnectionOptions, url = place.db().url) => {
        const { api } = await open(url, options);
        const { rows, 0: first } = await api.knex.raw(ask[place.name as keyof typeof ask]);
        return Object.values((rows ?? first)[0]).map((value) => Number.parseFloat(String(value)))[0];
      };

      test("a default yields to an option", async () => {
        expect(await limit({})).toBe(0);
        expect(await limit({ defaultStatementTimeout: 30 })).toBe(30);
        expect(await limit({ defaultStatementTimeout: 30, statementTimeout: 4 })).toBe(4);
      });

      test.runIf(place.can.limitStatementsByDatabase)(
        "a default yields to the database's own limit, and an option does not",
        async () => {
          const url = new URL(place.db().url);
          await place.db().knex.raw(`ALTER DATABASE "${url.pathname.slice(1)}" SET statement_timeout = '7s'`);
          expect(await limit({ defaultStatementTimeout: 30 })).toBe(7);
          expect(await limit({ statementTimeout: 30 })).toBe(30);
        },
      );

      test("past a default it is a 504 as well", async () => {
        const { ask } = await open(place.db().url, { defaultStatementTimeout: 1 });
        expect((await ask("GET", "/naps"))?.status).toBe(504);
      });
    },
    withTime,
  );

  describe.skipIf(mysql.skip)("mysql", () => {
    let db: Created;
    beforeAll(async () => {
      // One that did nothing but sleep would be told to wake up, and no error.
      db = await mysql.create(`${tables} CREATE VIEW naps AS SELECT id, SLEEP(60) AS nap FROM clubs;`);
    });
    afterAll(() => db?.drop());
    const limit = async (options: ConnectionOptions) => {
      const { api } = await open(db.url, options);
      const [[row]] = await api.knex.raw("SELECT @@SESSION.max_execution_time AS t");
      return row.t;
    };

    test("a default yields to the database's own limit, and an option does not", async () => {
      const onConnect = "SET SESSION max_execution_time = 7000";
      expect(await limit({})).toBe(0);
      expect(await limit({ defaultStatementTimeout: 30 })).toBe(30_000);
      expect(await limit({ defaultStatementTimeout: 0.0305, statementTimeout: 4.0001 })).toBe(4001);
      expect(await limit({ defaultStatementTimeout: 30, onConnect })).toBe(7000);
      await db.knex.raw("SET GLOBAL max_execution_time = 9000");
      try {
        expect(await limit({ defaultStatementTimeout: 30 })).toBe(9000);
        expect(await limit({ statementTimeout: 30 })).toBe(30_000);
      } finally {
        await db.knex.raw("SET GLOBAL max_execution_time = 0");
      }
    });

    test("past a default it is a 504", async () => {
      const { ask } = await open(db.url, { defaultStatementTimeout: 1 });
      expect((await ask("GET", "/naps"))?.status).toBe(504);
      expect((await ask("GET", "/clubs/1"))?.status).toBe(200);
    });
  });

  test("SQL Server's is the driver's; what is said on a connection goes as a batch", async () => {
    const { url, heard } = await serveTds(() => undefined);
    const database = openDatabase(url(), { statementTimeout: 2, onConnect: "SET LANGUAGE German", readOnly: true });
    opened.push(() => database.close());
    expect(database.knex.client.config.connection.options.requestTimeout).toBe(2000);
    await database.run("SELECT 1", []);
    expect(texts(heard).slice(0, 1)).toEqual(["SET LANGUAGE German"]);
  });
});

describe("readOnly", () => {
  onEveryHost(ddl, (place) => {
    test("only what reads is there, and its connections cannot write", async () => {
      const app = await place.app({ readOnly: true });
      for (const line of ["GET /clubs", "GET /clubs/1/members/1", "HEAD /members/1"])
        expect((await app.ask(line)).status, line).toBe(200);
      for (const line of ["POST /clubs", "PATCH /clubs/1", "DELETE /clubs?id=1", "PUT /clubs/1/members"]) {
        const answer = await app.ask(line, { body: {} });
        expect([answer.status, answer.headers.allow], line).toEqual([405, "GET, HEAD, QUERY, OPTIONS"]);
      }
      for (const line of ["POST /batch", "POST /clubs/1/members/1/add", "POST /clubs/1/members/1/delete"])
        expect((await app.ask(line, { body: {} })).status, line).toBe(404);
    });
  });

  onEveryDatabase(ddl, (place) => {
    test("the tree says so, and the database keeps to it", async () => {
      const { api } = await open(place.db().url, { readOnly: true });
      const methods = JSON.stringify(api.tree.root).match(/"method":"\w+"/g);
      expect(new Set(methods)).toEqual(new Set(['"method":"GET"']));
      const failure = await api
        .knex("clubs")
        .insert({ id: 7, name: "no" })
        .catch((error: unknown) => error);
      expect(api.dialect.refusal(failure)).toEqual({ code: "refused", writes: true });
      expect(await place.db().knex("clubs")).toHaveLength(1);
    });
  });
});
