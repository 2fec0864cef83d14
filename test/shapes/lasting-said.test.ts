// What is said of tables without transactions: to those who start the API, to its clients, and by the config map. What hooks and
// rules cannot do there.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RolesOptions } from "../../src/access/roles.js";
import { type ApiOptions, createApi, HttpError, printRoutes, routesAsJson } from "../../src/index.js";
import { ddl, rows, tables } from "../fixtures/lasting.js";
import { keepLines } from "../observe/lines.js";
import { anyFramework } from "../support/apps.js";
import { type Created, databases, mysql, type TestDatabase } from "../support/databases.js";

interface Body {
  readonly description: string;
  readonly content: { readonly "application/json": { readonly schema: { anyOf: readonly { maxItems?: number }[] } } };
}

interface Operation {
  readonly description: string;
  readonly parameters: readonly { readonly $ref: string }[];
  readonly requestBody?: { readonly $ref: string };
}

function operationsOf(paths: object) {
  const at = paths as Readonly<Record<string, Readonly<Record<"post" | "patch" | "put" | "delete", Operation>>>>;
  const of = (path: string) => at[path] as (typeof at)[string];
  const [notes, note, orders] = [of("/notes"), of("/notes/{id}"), of("/orders")] as const;
  return { notes, note, orders, authors: of("/authors"), batch: of("/batch") };
}

const named = (wanted: string) => databases.find(({ name }) => name === wanted) as TestDatabase;

for (const database of [named("mariadb"), mysql]) {
  describe.skipIf(database.skip)(`on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(ddl);
    });
    beforeEach(async () => {
      for (const table of tables) await created.knex.raw(`TRUNCATE TABLE ${table}`);
      for (const statement of rows) await created.knex.raw(statement);
    });
    afterAll(() => created?.drop());

    const titles = async () => (await created.knex("notes").orderBy("id")).map(({ title }) => title);
    const withApp = async (
      options: ApiOptions,
      work: (app: Awaited<ReturnType<typeof anyFramework.start>>) => Promise<void>,
    ) => {
      const app = await anyFramework.start(created.url, options);
      try {
        await work(app);
      } finally {
        await app.close();
      }
    };
    const reading = async <T>(
      options: ApiOptions,
      work: (api: Awaited<ReturnType<typeof createApi>>) => T | Promise<T>,
    ) => {
      const api = await createApi(created.url, options);
      try {
        return await work(api);
      } finally {
        await api.close();
      }
    };

    test("the log warns of each table at the start", async () => {
      const { logger, lines } = keepLines();
      await reading({ logger }, () => undefined);
      const warned = lines.filter(({ level }) => level === "warn");
      expect(warned.map(({ fields }) => fields)).toEqual([
        { table: "audits", transactional: false, engine: "MyISAM" },
        { table: "notes", transactional: false, engine: "MyISAM" },
        { table: "notes_tags", transactional: false, engine: "MEMORY" },
        { table: "orders", triggersInto: ["audits"] },
      ]);
      expect(warned[1]?.text).toMatch(
        /^notes: writes are not rolled back: MyISAM, which keeps it, has no transactions/,
      );
    });

    test("sapwood routes --why and --json, and /metadata", () =>
      reading({}, (api) => {
        const why = printRoutes(api.tree, { why: true });
        expect(why).toMatch(/^notes \(\/notes\)\n( {2}.*\n)* {2}writes are not rolled back: MyISAM/m);
        expect(why).toMatch(/^orders \(\/orders\)\n( {2}.*\n)* {2}its triggers name audits,/m);
        const json = routesAsJson(api.tree) as { tables: { table: string }[] };
        const of = (list: readonly { table: string }[], name: string) => list.find(({ table }) => table === name);
        expect(of(json.tables, "notes_tags")).toMatchObject({ transactional: false, engine: "MEMORY" });
        expect(of(json.tables, "authors")).not.toHaveProperty("transactional");
        expect(of(api.metadata().tables, "notes")).toMatchObject({ transactional: false, engine: "MyISAM" });
        expect(of(api.metadata().tables, "orders")).not.toHaveProperty("triggersInto");
      }));

    test("the OpenAPI document promises no more than is kept", () =>
      reading({}, (api) => {
        const { paths, components } = api.openApi();
        const { notes, note, orders, authors, batch } = operationsOf(paths);
        const { requestBodies } = components as { requestBodies: Record<string, Body> };
        const { $ref = "" } = notes.post.requestBody ?? {};
        const body = requestBodies[$ref.split("/").at(-1) as string];
        expect(body?.content["application/json"].schema.anyOf[1]?.maxItems).toBe(1);
        expect(body?.description).toBe("One row a request: MyISAM, which keeps it, has no transactions.");
        expect(notes.delete.description).toMatch(/ One row a request: MyISAM/);
        const prefers = [notes.post, notes.patch, note.put, note.delete, orders.post, authors.post].map(
          ({ parameters }) =>
            parameters.map(({ $ref }) => $ref.split("/").at(-1)).find((name) => name?.startsWith("Prefer")),
        );
        expect(prefers).toEqual([
          ...["Prefer.kept", "Prefer.many.kept", "Prefer.put.kept", "Prefer.kept", "Prefer.kept", "Prefer"],
        ]);
        const { parameters } = components as { parameters: Record<string, { description: string }> };
        expect(parameters["Prefer.many.kept"]?.description).not.toContain("rollback");
        expect(parameters.Prefer?.description).toContain("tx=rollback");
        expect(batch.post.description).toMatch(/`audits`, `notes`, `notes_tags`\.$/);
      }));

    test("sapwood check warns of roles that write there", async () => {
      const roles: RolesOptions = {
        clerk: { notes: { operations: ["read", "update"], rows: "author_id=eq:$user.sub" }, authors: "*" },
        reader: { notes: "read" },
      };
      const findings = await reading({ roles, user: () => null }, (api) => api.checkRoles());
      const lasting = findings.filter(({ code }) => code === "no_transactions");
      expect(lasting.map(({ table }) => table)).toEqual(["notes", "notes"]);
      expect(lasting[1]?.message).toContain("rule");
    });

    test("another engine is another schema", () =>
      reading({}, async (api) => {
        const { digest } = api.schemaState;
        await created.knex.raw("ALTER TABLE notes_tags ENGINE=InnoDB");
        try {
          await api.refresh();
          expect(api.schemaState.digest).not.toBe(digest);
          expect(api.schema.tables.find(({ id }) => id === "notes_tags")).not.toHaveProperty("transactional");
        } finally {
          await created.knex.raw("ALTER TABLE notes_tags ENGINE=MEMORY");
        }
      }));

    test("what a hook refuses after the write stands, and the client hears so", async () => {
      const refuse = () => {
        throw new HttpError(403, "Not today.", { code: "not_today" });
      };
      await withApp({ hooks: { postSave: refuse, postDelete: refuse } }, async ({ ask }) => {
        const made = await ask("POST /notes", { body: { title: "c" } });
        expect(made).toMatchObject({ status: 403, json: { code: "not_today" } });
        expect(made.json.detail).toMatch(/^Not today\. The write to notes stands all the same: MyISAM/);
        expect((await ask("DELETE /notes/1")).json.detail).toContain("stands all the same");
        expect(await titles()).toEqual(["b", "c"]);
        expect((await ask("POST /authors", { body: { name: "c" } })).json.detail).toBe("Not today.");
        expect(await created.knex("authors")).toHaveLength(1);
      });
    });

    test("what a hook refuses before the write is not written", async () => {
      const hooks = { preSave: () => Promise.reject(new HttpError(403, "Not today.")) };
      await withApp({ hooks }, async ({ ask }) => {
        expect((await ask("POST /notes", { body: { title: "c" } })).json.detail).toBe("Not today.");
        expect(await titles()).toEqual(["a", "b"]);
      });
    });

    test("a row outside of a role's rule would stay: nothing is made or changed by a rule", async () => {
      const roles: RolesOptions = { clerk: { notes: { operations: "*", rows: "author_id=eq:$user.sub" } } };
      await withApp({ roles, user: () => ({ role: "clerk", sub: 1 }) }, async ({ ask }) => {
        for (const [line, body] of [
          ["POST /notes", { title: "c", author_id: 2 }],
          ["PATCH /notes/1", { author_id: 2 }],
          ["PUT /notes/1", { title: "c", author_id: 2 }],
          ["PATCH /notes?id=1", { author_id: 2 }],
        ] as const)
          expect(await ask(line, { body }), line).toMatchObject({ status: 400, json: { code: "not_transactional" } });
        expect(await titles()).toEqual(["a", "b"]);
        expect(await created.knex("notes").where({ author_id: 1 })).toHaveLength(1);
        expect((await ask("DELETE /notes/2")).status).not.toBe(204);
        expect((await ask("DELETE /notes/1")).status).toBe(204);
        expect(await titles()).toEqual(["b"]);
      });
    });
  });
}

test("the config map says it of any table, on any database", async () => {
  const created = await named("sqlite").create("CREATE TABLE logs (id INTEGER PRIMARY KEY, line TEXT)");
  try {
    const app = await anyFramework.start(created.url, { overrides: [{ name: "logs", transactional: false }] });
    const body = [{ line: "a" }, { line: "b" }];
    const answer = await app.ask("POST /logs", { body });
    expect(answer).toMatchObject({ status: 400, json: { code: "not_transactional" } });
    expect(answer.json.detail).toContain("it has no transactions");
    await app.close();
    const other = await anyFramework.start(created.url, { overrides: [{ name: "logs", transactional: true }] });
    expect((await other.ask("POST /logs", { body })).status).toBe(201);
    await other.close();
    const wrong = { overrides: [{ name: "logs", transactional: "no" as never }] };
    await expect(createApi(created.url, wrong)).rejects.toThrow("overrides[0].transactional: is true or false");
  } finally {
    await created.drop();
  }
});
