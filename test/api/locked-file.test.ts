// A SQLite file that another process has locked: who writes waits, and nobody else does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Api, type ApiOptions, createApi } from "../../src/index.js";
import { type Created, sqlite } from "../support/databases.js";
import { askJson as ask } from "../support/json-request.js";

const { create } = sqlite;
const ddl = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
  INSERT INTO notes VALUES (1, 'one'), (2, 'two');`;

/** Takes the lock when it starts, and gives it back when it is told to. */
const holder = `const file = new (require("better-sqlite3"))(process.argv[1]);
  file.exec("BEGIN IMMEDIATE");
  process.on("message", () => { file.exec("ROLLBACK"); file.close(); process.disconnect(); });
  process.send("locked");`;

async function whileLocked({ url }: Created, work: (release: () => Promise<void>) => Promise<void>) {
  const child = spawn(process.execPath, ["-e", holder, url.replace("sqlite:", "")], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  await once(child, "message");
  const release = async () => {
    if (child.connected) child.send("release");
    await ended;
  };
  try {
    await work(release);
  } finally {
    await release();
  }
}

async function using(options: ApiOptions, look: (api: Api, database: Created) => Promise<void>) {
  const database = await create(ddl);
  const api = await createApi(database.url, options);
  try {
    await look(api, database);
  } finally {
    await api.close();
    await database.drop();
  }
}

const single = (api: Api, i: number) => ask(api, "PATCH /notes/2", { text: `text ${i}` });
const batched = (api: Api, i: number) =>
  ask(api, "POST /batch", [{ method: "PATCH", path: "/notes/2", body: { text: `text ${i}` } }]);
const hooked: ApiOptions = { hooks: { preSave: () => {} } };

describe.each([
  ["a statement", {}, single],
  ["a transaction", {}, batched],
  ["a transaction of knex's, for hooks", hooked, single],
] as const)("%s that writes", (_name, options, write) => {
  test("waits for the lock, while others read", () =>
    using(options, async (api, database) => {
      await whileLocked(database, async (release) => {
        const ended: number[] = [];
        const writes = Array.from({ length: 10 }, async (_, i) => {
          const { status } = await write(api, i);
          ended.push(status);
        });
        const begun = performance.now();
        for (let i = 0; i < 20; i++) {
          expect(await ask(api, "GET /notes/1")).toEqual({ status: 200, json: { id: 1, text: "one" } });
          const batch = await ask(api, "POST /batch", [{ method: "GET", path: "/notes/2" }]);
          expect(batch.json).toMatchObject([{ status: 200, body: { id: 2, text: "two" } }]);
        }
        expect(ended).toEqual([]);
        // Ten writes that each stop the event loop for a second take more than twice that.
        expect(performance.now() - begun).toBeLessThan(5_000);
        await release();
        await Promise.all(writes);
        expect(ended).toEqual(Array(10).fill(200));
      });
      expect((await ask(api, "GET /notes/2")).json.text).toMatch(/^text \d$/);
    }));

  test("is refused where the lock stays, and has changed nothing", () =>
    using({ ...options, retries: 1 }, async (api, database) => {
      await whileLocked(database, async () => {
        expect(await write(api, 1)).toMatchObject({ status: 409, json: { code: "conflict" } });
      });
      expect((await ask(api, "GET /notes/2")).json).toEqual({ id: 2, text: "two" });
      expect(await write(api, 1)).toMatchObject({ status: 200 });
    }));
});
