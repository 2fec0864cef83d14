// `refresh()` and what is known of the schema in use, through each framework on each database.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { SchemaState } from "../../src/schema/schema-state.js";
import { keepLines } from "../observe/lines.js";
import { onEveryHost, onEveryServer } from "../support/matrix.js";
import { asked } from "./asked.js";
import { shop } from "./shop.js";

onEveryHost(shop, (place) => {
  test("refresh() brings a new table, its routes below others, and a new column", async () => {
    const app = await place.app();
    const { tree, schema, schemaState: before } = app.api;
    await place.db().knex.schema.createTable("reviews", (table) => {
      table.integer("id").primary();
      table.integer("album_id").references("albums.id");
      table.string("text", 40);
    });
    await place.db().knex.schema.alterTable("artists", (table) => table.string("country", 40));
    await place.db().knex("reviews").insert({ id: 7, album_id: 1, text: "warm" });

    const refreshed = await app.api.refresh();
    expect(refreshed).toMatchObject({
      source: "database",
      changed: true,
      added: ["reviews"],
      removed: [],
      altered: ["artists"],
    });
    expect((await app.ask("GET /albums/1/reviews")).json).toEqual([{ id: 7, album_id: 1, text: "warm" }]);
    expect((await app.ask("POST /reviews", { body: { id: 8, album_id: 1 } })).status).toBe(201);
    expect((await app.ask("GET /artists/1")).json).toEqual({ id: 1, name: "Nina", country: null });

    const after = app.api.schemaState;
    expect(after).toMatchObject({ source: "database", swaps: before.swaps + 1, readAt: refreshed.readAt });
    expect(after.digest).toMatch(/^[\da-f]{16}$/);
    expect(after.digest).not.toBe(before.digest);
    // What was handed out stays as it was.
    expect(app.api.tree).not.toBe(tree);
    expect(tree.resources.map(({ name }) => name)).not.toContain("reviews");
    expect(schema.tables.map(({ id }) => id)).not.toContain("reviews");
  });

  test("refresh() with nothing changed keeps the tree", async () => {
    const app = await place.app();
    const { tree, schemaState: before } = app.api;
    expect(await app.api.refresh()).toMatchObject({ changed: false, added: [], removed: [], altered: [] });
    expect(app.api.tree).toBe(tree);
    expect(app.api.schemaState).toMatchObject({ swaps: before.swaps, digest: before.digest });
  });
});

onEveryServer(shop, (place) => {
  test("one digest for one schema, in every API on it", async () => {
    const [one, other] = await Promise.all([createApi(place.db().url), createApi(place.db().knex)]);
    expect(one.schemaState.digest).toBe(other.schemaState.digest);
    await one.close();
  });

  test("a place that was matched in the old tree runs there, and not in the new one", async () => {
    const { knex } = place.db();
    await knex.schema.createTable("rooms", (table) => {
      table.integer("id").primary();
      table.integer("floor");
    });
    await knex("rooms").insert({ id: 1, floor: 3 });
    const api = await createApi(place.db().url);
    const matched = api.match("/rooms/1");
    await knex.schema.alterTable("rooms", (table) => table.integer("beds"));
    await api.refresh();
    const [old, now] = [matched, undefined].map((at) => api.handle(asked("GET", "/rooms/1"), at));
    expect((await old)?.body).toBe('{"id":1,"floor":3}');
    expect((await now)?.body).toBe('{"id":1,"floor":3,"beds":null}');
    await api.close();
    await knex.schema.dropTable("rooms");
  });

  test("a re-read that fails keeps the old tree, and says why", async () => {
    const { knex } = place.db();
    await knex.schema.createTable("halls", (table) => {
      table.integer("id").primary();
      table.integer("seats");
    });
    const app = await place.app({ overrides: [{ name: "halls", columns: [{ name: "seats", as: "chairs" }] }] });
    const told: SchemaState[] = [];
    const leave = app.api.onChange((state) => told.push(state));
    await knex.schema.alterTable("halls", (table) => table.renameColumn("seats", "places"));
    await expect(app.api.refresh()).rejects.toThrow("halls has no column 'seats'");
    const { problem } = app.api.schemaState;
    expect(problem?.message).toContain("halls has no column 'seats'");
    expect(problem?.at).toBeInstanceOf(Date);
    expect((await app.ask("GET /artists/1")).status).toBe(200);
    expect(told).toMatchObject([{ problem: { message: expect.stringContaining("seats") } }]);

    await knex.schema.alterTable("halls", (table) => table.renameColumn("places", "seats"));
    expect((await app.api.refresh()).changed).toBe(false);
    expect(app.api.schemaState).not.toHaveProperty("problem");
    leave();
    await knex.schema.dropTable("halls");
    await expect(app.api.refresh()).rejects.toThrow("there is no table 'halls'");
    expect(told).toHaveLength(2);
  });

  test("a listener that fails is told to the logger, and keeps nobody from anything", async () => {
    const { logger, lines } = keepLines();
    const app = await place.app({ logger });
    const told: SchemaState[] = [];
    const err = new Error("no room");
    app.api.onChange(() => {
      throw err;
    });
    app.api.onChange((state) => told.push(state));
    await place.db().knex.schema.createTable("labels", (table) => table.integer("id").primary());
    expect(await app.api.refresh()).toMatchObject({ changed: true, added: ["labels"] });
    expect(told).toHaveLength(1);
    expect(lines).toContainEqual({ level: "error", text: "a listener of onChange failed", fields: { err } });
    await place.db().knex.schema.dropTable("labels");
  });

  test("with `tables` there is nothing to read again", async () => {
    const columns = [{ name: "id", type: "integer" }, { name: "name" }];
    const app = await place.app({ tables: [{ name: "artists", columns, primaryKey: "id" }] });
    await place.db().knex.schema.createTable("labels", (table) => table.integer("id").primary());
    expect(await app.api.refresh()).toMatchObject({ source: "config", changed: false, added: [] });
    expect(app.api.schemaState).toMatchObject({ source: "config", swaps: 0 });
    expect((await app.ask("GET /artists/1")).status).toBe(200);
    await place.db().knex.schema.dropTable("labels");
  });

  test("refresh() of many at once reads twice at the most", async () => {
    const app = await place.app();
    const all = await Promise.all(Array.from({ length: 50 }, () => app.api.refresh()));
    expect(new Set(all).size).toBeLessThanOrEqual(2);
  });
});
