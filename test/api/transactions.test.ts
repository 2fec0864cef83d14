// Transactions that go wrong at their begin, in the middle, at their commit or at their end: nothing half is kept, and the
// connection is as good as new, or none of the pool's any more.
import knexPackage from "knex";
import { afterEach, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { openDatabase } from "../../src/database/database.js";
import type { OpenDatabase, Session } from "../../src/database/session.js";
import { askJson } from "../support/json-request.js";
import { onEveryServer, type Place } from "../support/matrix.js";

const table = (name: string, more: string) => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY${more}) `;
const late = ", note_id INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED";
const ddl = {
  sqlite: `${table("notes", "")}; ${table("marks", late)};`,
  postgres: `${table("notes", "")}; ${table("marks", late)};`,
  mariadb: `${table("notes", "")}ENGINE=InnoDB;`,
};
const withServer = ["postgres", "mariadb"] as const;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** One connection, so that what is left on it meets the next. */
function open(place: Place, options: Parameters<typeof openDatabase>[1] = {}): OpenDatabase {
  const pool = place.can.beAway ? { poolMin: 0, poolMax: 1 } : {};
  const database = openDatabase(place.db().url, { ...pool, ...options });
  ends.push(() => database.close());
  return database;
}

const add = (session: Session, id: number) => session.run(`INSERT INTO notes VALUES (${id})`, []);
const kept = async (place: Place): Promise<number[]> => {
  const ids = await place.db().knex("notes").orderBy("id").pluck("id");
  await place.db().knex("notes").del();
  return ids;
};

const ownId = { sqlite: "", postgres: "SELECT pg_backend_pid()", mariadb: "SELECT connection_id()" };
const killed = { sqlite: "", postgres: "SELECT pg_terminate_backend(?)", mariadb: "KILL ?" };
const idOf = async (place: Place, session: Session) => Number((await session.run(ownId[place.name], [])).rows[0]?.[0]);
/** The server ends a connection, and has done so. */
async function kill(place: Place, id: number): Promise<void> {
  const { knex } = place.db();
  await knex.raw(killed[place.name], [id]);
  const open = {
    sqlite: "",
    postgres: "SELECT count(*) AS n FROM pg_stat_activity WHERE pid = ?",
    mariadb: "SELECT count(*) AS n FROM information_schema.processlist WHERE id = ?",
  };
  const isThere = async () => {
    const answer = await knex.raw(open[place.name], [id]);
    return Number((answer.rows ?? answer[0])[0].n) > 0;
  };
  while (await isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
}

onEveryServer(ddl, (place) => {
  for (const forHooks of [false, true]) {
    const kind = forHooks ? "for hooks" : "without hooks";

    test(`${kind}: a refusal comes as it is, nothing is kept, and the connection goes on`, async () => {
      const database = open(place);
      const refused = new Error("no");
      const work = async (session: Session) => {
        await add(session, 1);
        throw refused;
      };
      await expect(database.transaction(work, { forHooks })).rejects.toBe(refused);
      expect(await database.transaction((session) => add(session, 2), { forHooks })).toMatchObject({ affected: 1 });
      expect(await kept(place)).toEqual([2]);
    });

    test(`${kind}: what a savepoint of whoever handed in a transaction rolls back is gone`, async () => {
      const outer = await place.db().knex.transaction();
      const database = openDatabase(outer);
      await database.transaction((session) => add(session, 1), { forHooks });
      const fails = database.transaction((session) => add(session, 1), { forHooks });
      expect(database.dialect.refusal(await fails.catch((error) => error))?.code).toBe("unique_violation");
      await database.transaction((session) => add(session, 2), { forHooks });
      expect(await outer("notes").orderBy("id").pluck("id")).toEqual([1, 2]);
      await outer.rollback();
      expect(await kept(place)).toEqual([]);
    });
  }

  test("a handed-in instance that nobody else asks anything", async () => {
    const { client, connection } = openDatabase(place.db().url).knex.client.config;
    const knex = knexPackage({ client, connection, useNullAsDefault: true, pool: { min: 0, max: 1 } });
    ends.push(() => knex.destroy());
    const database = openDatabase(knex);
    await database.transaction((session) => add(session, 1));
    await expect(database.transaction((session) => add(session, 1))).rejects.toThrow();
    expect(await knex("notes").pluck("id")).toEqual([1]);
    expect(await kept(place)).toEqual([1]);
  });

  test("the database is closed in the middle: what was begun is done or is not, and nobody waits for ever", async () => {
    const database = openDatabase(place.db().url);
    let closed: Promise<void> | undefined;
    const result = await database
      .transaction(async (session) => {
        await add(session, 1);
        closed = database.close();
        await add(session, 2);
      })
      .then(
        () => [1, 2],
        () => [],
      );
    await closed;
    expect(await kept(place)).toEqual(result);
  });
});

onEveryServer(
  ddl,
  (place) => {
    for (const forHooks of [false, true]) {
      test(`a constraint that waits for the commit refuses it, ${forHooks ? "with" : "without"} hooks`, async () => {
        const database = open(place);
        const done: string[] = [];
        const failure = await database
          .transaction(
            async (session) => {
              await session.run("INSERT INTO marks VALUES (1, 99)", []);
              session.onCommit(async () => void done.push("committed"));
            },
            { forHooks },
          )
          .catch((error) => error);
        expect(database.dialect.refusal(failure)?.code).toBe("foreign_key_violation");
        // It does not swallow the next one, which nobody rolls back.
        await database.transaction((session) => add(session, 3), { forHooks });
        expect([done, await database.knex("marks").pluck("id"), await kept(place)]).toEqual([[], [], [3]]);
      });
    }
  },
  ["sqlite", "postgres"],
);

onEveryServer(
  ddl,
  (place) => {
    test("the connection had died before: the next transaction has another, or is told so", async () => {
      const database = open(place);
      await kill(place, await idOf(place, database));
      const first = await database
        .transaction((session) => add(session, 1))
        .then(
          () => "done",
          (error) => database.dialect.refusal(error)?.code,
        );
      expect(["done", "database_away"]).toContain(first);
      await database.transaction((session) => add(session, 2));
      expect(await kept(place)).toEqual(first === "done" ? [1, 2] : [2]);
    });

    test.each(["in the middle", "before its commit", "before its rollback"])("the connection dies %s", async (when) => {
      const database = open(place);
      const failure = await database
        .transaction(async (session) => {
          await add(session, 1);
          await kill(place, await idOf(place, session));
          if (when === "in the middle") await add(session, 2);
          if (when === "before its rollback") throw new Error("no");
        })
        .catch((error) => error);
      if (when === "before its rollback") expect(failure.message).toBe("no");
      else expect(database.dialect.refusal(failure)?.code).toBe("database_away");
      await database.transaction((session) => add(session, 3));
      expect(await kept(place)).toEqual([3]);
    });

    test("one that only reads cannot write", async () => {
      const database = open(place);
      for (const forHooks of [false, true]) {
        const failure = await database
          .transaction((session) => add(session, 1), { readOnly: true, forHooks })
          .catch((error) => error);
        expect(database.dialect.refusal(failure)?.code).toBe("refused");
      }
      await database.transaction((session) => add(session, 2));
      expect(await kept(place)).toEqual([2]);
    });
  },
  withServer,
);

onEveryServer(
  ddl,
  (place) => {
    test.each([false, true])("a failed statement that nobody minded fails the commit (hooks: %s)", async (forHooks) => {
      const database = open(place);
      const work = async (session: Session) => {
        await add(session, 1);
        await add(session, 1).catch(() => undefined);
      };
      await expect(database.transaction(work, { forHooks })).rejects.toThrow(
        forHooks ? /transaction is aborted/ : /transaction had failed/,
      );
      await database.transaction((session) => add(session, 2));
      expect(await kept(place)).toEqual([2]);
    });

    test("a connection that does not even roll back in time is not lent again", async () => {
      const { url } = place.db();
      const knex = knexPackage({
        client: "pg",
        connection: { connectionString: url, query_timeout: 200 },
        pool: { min: 0, max: 1 },
        log: { warn() {} },
      });
      ends.push(() => knex.destroy());
      const database = openDatabase(knex);
      const before = await idOf(place, database);
      const failure = await database
        .transaction(async (session) => {
          await add(session, 1);
          await session.run("SELECT pg_sleep(3)", []);
        })
        .catch((error) => error);
      expect(database.dialect.refusal(failure)?.code).toBe("timeout");
      expect(await idOf(place, database)).not.toBe(before);
      expect(await kept(place)).toEqual([]);
    });

    test("two that cannot be serialized: one is refused at its commit, and may be tried again", async () => {
      const onConnect = "SET default_transaction_isolation = serializable";
      const databases = [open(place, { onConnect }), open(place, { onConnect })];
      let reading = 0;
      let all = () => {};
      const read = new Promise<void>((resolve) => {
        all = resolve;
      });
      const results = await Promise.allSettled(
        databases.map((database, i) =>
          database.transaction(async (session) => {
            await session.run("SELECT count(*) FROM notes", []);
            if (++reading === 2) all();
            await read;
            await add(session, i);
          }),
        ),
      );
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const { reason } = results.find(({ status }) => status === "rejected") as PromiseRejectedResult;
      expect(databases[0]?.dialect.refusal(reason)?.code).toBe("conflict");
      expect(await kept(place)).toHaveLength(1);
    });
  },
  ["postgres"],
);

test("knex makes no transaction where no hook could ask for it", async () => {
  const api = await createApi("sqlite::memory:");
  ends.push(() => api.close());
  await api.knex.raw("CREATE TABLE notes (id INTEGER PRIMARY KEY)");
  await api.refresh();
  const said: string[] = [];
  api.knex.on("query", ({ sql }: { sql: string }) => said.push(sql));
  const { status } = await askJson(api, "POST /batch", [{ method: "POST", path: "/notes", body: { id: 1 } }]);
  expect([status, said]).toEqual([200, []]);
});
