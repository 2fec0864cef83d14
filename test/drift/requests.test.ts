// Requests that meet a schema which has changed since it was read, on each database.
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createApi } from "../../src/api/create.js";
import { isProblem } from "../conformance/case.js";
import { onEveryHost, onEveryServer } from "../support/matrix.js";
import { blocksOf, pageText } from "../support/pages.js";
import { asked } from "./asked.js";
import { shop } from "./shop.js";

onEveryHost(shop, (place) => {
  test("a new table, a new column and a renamed one are there for the first request that asks for them", async () => {
    const { knex } = place.db();
    const ask = (await place.app()).ask;
    await knex.schema.createTable("reviews", (table) => {
      table.integer("id").primary();
      table.integer("album_id").references("albums.id");
    });
    expect((await ask("GET /albums/1/reviews")).json).toEqual([]);

    const second = (await place.app()).ask;
    await knex.schema.alterTable("artists", (table) => table.string("country", 40));
    expect((await second("GET /artists?country=is:null")).json).toEqual([{ id: 1, name: "Nina", country: null }]);

    // The statement that it had is refused.
    expect((await second("GET /albums/1")).json).toHaveProperty("title", "Pastel");
    await knex.schema.alterTable("albums", (table) => table.renameColumn("title", "label"));
    expect((await second("GET /albums/1")).json).toEqual({ id: 1, artist_id: 1, label: "Pastel" });

    // A body is read once, and kept for the second try.
    await knex.schema.alterTable("albums", (table) => table.renameColumn("label", "title"));
    const body = { id: 2, artist_id: 1, title: "Blue" };
    expect(await second("POST /albums", { body })).toMatchObject({ status: 201, json: body });
    await knex.schema.alterTable("artists", (table) => table.dropColumn("country"));
    expect((await second("GET /artists/1")).json).toEqual({ id: 1, name: "Nina" });
    await knex.schema.dropTable("reviews");
    expect((await second("GET /reviews")).status).toBe(404);
  });
});

onEveryServer(shop, (place) => {
  afterEach(async () => {
    await place.db().knex.schema.dropTableIfExists("rooms");
  });
  const rooms = () =>
    place.db().knex.schema.createTable("rooms", (table) => {
      table.integer("id").primary();
      table.string("name", 10).notNullable();
    });

  test("a table that goes is 404 from then on, and one of its name is another one", async () => {
    const { knex } = place.db();
    await rooms();
    const { ask } = await place.app();
    expect((await ask("GET /rooms")).json).toEqual([]);
    await knex.schema.dropTable("rooms");
    expect((await ask("GET /rooms")).status).toBe(404);
    expect((await ask("GET /rooms/1")).status).toBe(404);
    // The host's own: the path was passed on.
    expect((await ask("GET /rooms")).text).toBe("Not Found");
  });

  test("writes in a transaction, arrays and batches are run again as a whole", async () => {
    const { knex } = place.db();
    await rooms();
    const seen: unknown[] = [];
    const { ask } = await place.app({ hooks: { preSave: ({ body }) => void seen.push(body.id) } });
    expect((await ask("POST /rooms", { body: [{ id: 1, name: "one" }] })).status).toBe(201);
    await knex.schema.alterTable("rooms", (table) => table.renameColumn("name", "title"));
    const rows = [
      { id: 2, title: "two" },
      { id: 3, title: "three" },
    ];
    expect(await ask("POST /rooms", { body: rows })).toMatchObject({ status: 201, json: rows });
    await knex.schema.alterTable("rooms", (table) => table.renameColumn("title", "name"));
    const batch = [
      { method: "PATCH", path: "/rooms/1", body: { name: "first" } },
      { method: "POST", path: "/rooms", body: { id: 4, name: "four" } },
    ];
    const answer = await ask("POST /batch", { body: batch });
    expect(answer.status, answer.text).toBe(200);
    expect(await knex("rooms").orderBy("id").pluck("name")).toEqual(["first", "two", "three", "four"]);
    expect(seen).toContain(4);
  });

  test("what a column takes is what it takes now", async () => {
    const { knex } = place.db();
    await rooms();
    const { ask } = await place.app();
    const name = "the longest of all names";
    isProblem(await ask("POST /rooms", { body: { id: 1, name } }), 422, "invalid_value");
    const other = await place.app();
    await knex.schema.alterTable("rooms", (table) => table.string("name", 40).notNullable().alter());
    expect((await other.ask("POST /rooms", { body: { id: 1, name } })).status).toBe(201);
    expect((await other.ask("PATCH /rooms/1", { body: { name: `${name}, or nearly so` } })).status).toBe(200);
  });

  test("thousands of unknown names read the schema no second time", async () => {
    await rooms();
    const api = await createApi(place.db().url);
    const questions: string[] = [];
    api.knex.on("query", ({ sql }: { sql: string }) => questions.push(sql));
    const { readAt } = api.schemaState;
    const names = Array.from({ length: 3000 }, (_, i) => `/unknown${i}`);
    const found = await Promise.all(names.map((path) => api.handle(asked("GET", path))));
    expect(new Set(found)).toEqual(new Set([undefined]));
    for (const path of names.slice(0, 500))
      expect((await api.handle(asked("GET", `/rooms${path}?x`.replace("?x", ""))))?.status).toBe(404);
    const columns = names.map((path) => api.handle({ ...asked("GET", "/rooms"), query: `${path.slice(1)}=1` }));
    expect((await Promise.all(columns)).every((answer) => answer?.status === 400)).toBe(true);
    expect(api.schemaState.readAt).toBe(readAt);
    // In a file the digest is one word of the first page: it needs no sparing.
    if (place.can.beAway) expect(questions.length).toBeLessThan(12);
    await api.close();
  });

  test("a re-read that fails is not tried by each request", async () => {
    const { knex } = place.db();
    await rooms();
    const options = { overrides: [{ name: "rooms", columns: [{ name: "name", as: "label" }] }] };
    const api = await createApi(place.db().url, options);
    let failures = 0;
    api.onChange(({ problem }) => {
      if (problem !== undefined) failures++;
    });
    await knex.schema.alterTable("rooms", (table) => table.renameColumn("name", "title"));
    for (let i = 0; i < 50; i++) {
      const answer = await api.handle(asked("GET", "/rooms"));
      expect(answer?.status).toBe(503);
      expect((await api.handle(asked("GET", "/artists/1")))?.status).toBe(200);
    }
    expect(failures).toBe(1);
    await knex.schema.alterTable("rooms", (table) => table.renameColumn("title", "name"));
    await api.refresh();
    expect((await api.handle(asked("GET", "/rooms")))?.status).toBe(200);
    await api.close();
  });

  test("?refresh=true reads the schema again, where the option allows it", async () => {
    const { knex } = place.db();
    const shut = await place.app();
    const open = await place.app({ refreshByQuery: true, listenForChanges: false });
    // In a row, so that names rest meanwhile.
    expect((await open.ask("GET /rooms")).status).toBe(404);
    await rooms();
    const made = await open.ask("GET /rooms?refresh=true&limit=1");
    expect(made).toMatchObject({ status: 200, json: [] });
    expect(made.headers.link).not.toContain("refresh");
    await knex.schema.alterTable("rooms", (table) => table.integer("seats"));
    const body = { id: 1, name: "Hall", seats: 4 };
    expect(await open.ask("POST /rooms?refresh=true", { body })).toMatchObject({ status: 201, json: body });
    isProblem(await shut.ask("GET /rooms?refresh=true"), 400, "unknown_column");
  });

  test("schemaPoll finds a new column that nobody asked for", async () => {
    await rooms();
    const api = await createApi(place.db().url, { schemaPoll: 0.05, listenForChanges: false });
    const changed = new Promise<void>((resolve) => api.onChange(() => resolve()));
    await place.db().knex.schema.alterTable("rooms", (table) => table.integer("seats"));
    await changed;
    expect(api.schema.tables.find(({ id }) => id === "rooms")?.columns).toHaveLength(3);
    expect(api.schemaState).not.toHaveProperty("listening");
    await api.close();
  });
});

describe("SQLite tells at every request", () => {
  onEveryServer(
    shop,
    (place) => {
      test("a column that came is in the next answer, and one that was retyped is what it is", async () => {
        const { ask } = await place.app();
        const { knex } = place.db();
        expect((await ask("GET /artists/1")).json).toEqual({ id: 1, name: "Nina" });
        await knex.schema.alterTable("artists", (table) => table.boolean("alive").defaultTo(true));
        expect((await ask("GET /artists/1")).json).toEqual({ id: 1, name: "Nina", alive: true });
        await knex.raw("ALTER TABLE artists DROP COLUMN alive");
        await knex.raw("ALTER TABLE artists ADD COLUMN alive INTEGER DEFAULT 1");
        expect((await ask("GET /artists/1")).json).toEqual({ id: 1, name: "Nina", alive: 1 });
      });
    },
    ["sqlite"],
  );
});

describe("PostgreSQL, where a table changes all the time", () => {
  onEveryServer(
    shop,
    (place) => {
      test("statements that are refused again and again are never a failure of the database's code", async () => {
        const { knex, url } = place.db();
        await knex.raw("CREATE TABLE flags (id integer PRIMARY KEY, name text NOT NULL)");
        await knex("flags").insert({ id: 1, name: "1" });
        const api = await createApi(url);
        const statuses = new Map<number | undefined, number>();
        let isOver = false;
        const read = async () => {
          while (!isOver) {
            const status = (await api.handle(asked("GET", "/flags/1")))?.status;
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        };
        const readers = Array.from({ length: 8 }, read);
        for (let i = 0; i < 150; i++)
          await knex.raw(`ALTER TABLE flags ALTER name TYPE ${i % 2 ? "text" : "integer USING 1"}`);
        isOver = true;
        await Promise.all(readers);
        // Whoever met three changes is asked to come again.
        statuses.delete(503);
        expect([...statuses.keys()]).toEqual([200]);
        await api.close();
        await knex.raw("DROP TABLE flags");
      });
    },
    ["postgres"],
  );
});

describe("PostgreSQL says so", () => {
  onEveryServer(
    shop,
    (place) => {
      for (const [title, db] of [
        ["a connection string", () => place.db().url],
        ["a knex instance", () => place.db().knex],
      ] as const) {
        test(`NOTIFY sapwood, with ${title}: a column that nobody asked for`, async () => {
          const { knex } = place.db();
          const api = await createApi(db());
          expect(api.schemaState.listening).toBe(true);
          const changed = new Promise<void>((resolve) => api.onChange(() => resolve()));
          await knex.raw("ALTER TABLE artists ADD COLUMN born integer; NOTIFY sapwood");
          await changed;
          expect((await api.handle(asked("GET", "/artists/1")))?.body).toContain('"born":null');
          await api.close();
          await knex.raw("ALTER TABLE artists DROP COLUMN born");
        });
      }

      test("the event trigger of src/schema/README.md says so by itself", async () => {
        const { knex } = place.db();
        const [trigger] = blocksOf(pageText("src/schema/README.md"), "sql");
        await knex.raw(trigger as string);
        const api = await createApi(place.db().url);
        const changed = new Promise<void>((resolve) => api.onChange(() => resolve()));
        await knex.raw("ALTER TABLE artists ADD COLUMN band integer");
        await changed;
        expect((await api.handle(asked("GET", "/artists/1")))?.body).toContain('"band":null');
        await api.close();
        await knex.raw("ALTER TABLE artists DROP COLUMN band; DROP EVENT TRIGGER notify_sapwood");
      });

      test("a connection that was cut is made anew, and what was missed is looked for", async () => {
        const { knex } = place.db();
        const api = await createApi(place.db().url);
        const changed = new Promise<void>((resolve) => api.onChange(() => resolve()));
        await knex.raw("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN sapwood'");
        await knex.raw("ALTER TABLE artists ADD COLUMN died integer; NOTIFY sapwood");
        await changed;
        while (!api.schemaState.listening) await setTimeout(20);
        expect((await api.handle(asked("GET", "/artists/1")))?.body).toContain('"died":null');
        await api.close();
      });

      test("`listenForChanges: false` opens no connection", async () => {
        const { knex } = place.db();
        const api = await createApi(place.db().url, { listenForChanges: false });
        expect(api.schemaState).not.toHaveProperty("listening");
        const listeners = `SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN sapwood' AND datname = current_database()`;
        // Those of the tests before may still be on their way out.
        await vi.waitFor(async () => expect((await knex.raw(listeners)).rows).toEqual([]), 10_000);
        await api.close();
      });

      test("«cached plan must not change result type» reaches nobody", async () => {
        const { knex } = place.db();
        const api = await createApi(place.db().url, { listenForChanges: false });
        const read = () => api.handle({ ...asked("GET", "/albums"), query: "select=artist_id.sum()" });
        // Prepared on every connection of the pool.
        await Promise.all(Array.from({ length: 40 }, read));
        await knex.raw("ALTER TABLE albums DROP CONSTRAINT albums_artist_id_fkey, ALTER artist_id TYPE numeric(9,2)");
        const answers = await Promise.all(Array.from({ length: 40 }, read));
        expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200]));
        await api.refresh();
        expect((await read())?.body).toBe('[{"sum":1.00}]');
        await api.close();
      });
    },
    ["postgres"],
  );
});
