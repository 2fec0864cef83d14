// An API without tables, or without relations, is not silent: at the start, and by `sapwood routes`.
import { describe, expect, test, vi } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { onEveryDatabase } from "../support/matrix.js";
import { run, start } from "./cli.js";

const nothing = { sqlite: "", postgres: "", mariadb: "" };
const strangers = "CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER); CREATE TABLE b (id INTEGER PRIMARY KEY);";

/** What `createApi` warns its logger of. */
async function warned(url: string, options: ApiOptions = {}): Promise<readonly string[]> {
  const said: string[] = [];
  const none = () => {};
  const logger = { debug: none, info: none, error: none, warn: (_: object, text: string) => void said.push(text) };
  const api = await createApi(url, { ...options, logger });
  await api.close();
  return said;
}

onEveryDatabase(nothing, (place) => {
  test("no tables: said in the log, by routes, and by the server", async () => {
    const { url } = place.db();
    const [text, ...more] = await warned(url);
    expect(more).toEqual([]);
    expect(text).toMatch(/^No tables were found where this connection looks, so there is nothing to serve\. \S/);
    const routes = await run(["routes", url]);
    expect(routes.code).toBe(0);
    expect(routes.stderr).toBe(`sapwood: ${text}\n`);
    const server = await start(["serve", url, "--port", "0"]);
    server.signal("SIGTERM");
    expect((await server.ended).stderr).toContain("No tables were found");
  });

  test("without a logger it is a warning of the process", async () => {
    const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    try {
      await (await createApi(place.db().url)).close();
      expect(emit).toHaveBeenCalledWith(expect.stringContaining("No tables were found"), { type: "SapwoodWarning" });
    } finally {
      emit.mockRestore();
    }
  });
});

onEveryDatabase({ sqlite: strangers, postgres: strangers, mariadb: strangers }, (place) => {
  test("no relations: said in the log and by routes, with what to try", async () => {
    const { url } = place.db();
    const [text, ...more] = await warned(url);
    expect(more).toEqual([]);
    expect(text).toContain("No relations were found between the 2 tables");
    expect(text).toContain("belongsTo");
    const { stdout, stderr } = await run(["routes", url, "--json"]);
    expect(stderr).toBe(`sapwood: ${text}\n`);
    expect(JSON.parse(stdout).routes).not.toEqual([]);
  });

  test("one table, and tables that are related, are no cause", async () => {
    const { url } = place.db();
    expect(await warned(url, { include: ["a"] })).toEqual([]);
    expect(await warned(url, { overrides: [{ name: "a", belongsTo: [{ table: "b", column: "x" }] }] })).toEqual([]);
  });

  test("all are excluded", async () => {
    const [text] = await warned(place.db().url, { exclude: ["a", "b"] });
    expect(text).toContain("include and exclude may hide them");
  });
});

describe("PostgreSQL", () => {
  const ddl =
    "CREATE SCHEMA shop; CREATE TABLE shop.a (id INTEGER PRIMARY KEY); CREATE TABLE shop.b (id INTEGER PRIMARY KEY);";
  const more = "CREATE SCHEMA bare; CREATE SCHEMA audit; CREATE TABLE audit.c (id INTEGER PRIMARY KEY);";
  onEveryDatabase(
    { ...nothing, postgres: ddl + more },
    (place) => {
      test("the schemas that hold tables are named, and how to name one", async () => {
        const [text] = await warned(place.db().url);
        expect(text).toContain("Of the schemas, these hold tables: shop (2), audit (1).");
        expect(text).toContain('{ schema: "shop" } in the options, --schema shop on the command line');
        expect((await run(["routes", place.db().url, "--schema", "shop"])).stdout).toMatch(/^\/as +GET/m);
        expect((await warned(place.db().url, { schema: "bare" }))[0]).toContain("No tables were found in bare");
      });
    },
    ["postgres"],
  );
});
