// Where the server's pages would hide a table, the developer must choose.
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../../src/server/serve.js";
import { type Created, sqlite } from "../support/databases.js";

let database: Created;
beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE docs (id INTEGER PRIMARY KEY); INSERT INTO docs VALUES (1)");
});
afterAll(() => database?.drop());

test.each([
  [{ prefix: "/" }, "/docs"],
  [{ docs: "/api/docs" }, "/api/docs"],
])("%j: the table at %s", async (settings, path) => {
  const words = `The table at ${path} would hide behind the server's page ${path}: choose a prefix, or another --docs.`;
  await expect(serve(database.url, { port: 0, ...settings })).rejects.toThrow(words);
});

test("a page at the prefix itself is refused", async () => {
  await expect(serve(database.url, { port: 0, docs: "/api" })).rejects.toThrow("The path /api is taken");
});

test.each([{ prefix: "/", docs: "/reference" }, { prefix: "/", docs: false }, {}])(
  "%j: it is served",
  async (settings) => {
    const server = await serve(database.url, { port: 0, ...settings });
    expect(await (await fetch(`${server.api}/docs`)).json()).toEqual([{ id: 1 }]);
    await server.close();
  },
);
