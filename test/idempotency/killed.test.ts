// The process ends in the middle of a write with a key: what it wrote and the key are rolled back, and the next process does it.
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { start } from "../cli/cli.js";
import { request } from "../support/http.js";
import { onEveryServer } from "../support/matrix.js";
import { ddl } from "./shop.js";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const config = `export default {
  idempotency: true,
  overrides: [{
    name: "orders",
    postSave: async ({ trx }) => {
      const rows = await trx("orders").where({ title: "killed" });
      if (process.env.KILLED === "yes" && rows.length === 1) process.kill(process.pid, "SIGKILL");
    },
  }],
};`;

onEveryServer(ddl, (place) => {
  test("a process that is killed between the write and its commit", async () => {
    const folder = await mkdtemp(join(inject("files"), "killed-"));
    const file = join(folder, "sapwood.config.mjs");
    await writeFile(file, config);
    const args = ["serve", place.db().url, "--port", "0", "--config", file];
    const begin = async (killed: "yes" | "no") => {
      const server = await start(args, { KILLED: killed });
      ends.push(() => {
        server.signal("SIGKILL");
        return server.ended;
      });
      return server;
    };
    const parts = { body: { title: "killed" }, headers: { "idempotency-key": '"one"' } };
    const first = await begin("yes");
    await expect(request(first.url, "POST", "/api/orders", parts)).rejects.toThrow();
    expect((await first.ended).code).toBe(null);
    const second = await begin("no");
    const done = await request(second.url, "POST", "/api/orders", parts);
    expect(done.status, done.text).toBe(201);
    expect(done.headers["idempotent-replayed"]).toBeUndefined();
    expect((await request(second.url, "POST", "/api/orders", parts)).text).toBe(done.text);
    expect(await place.db().knex("orders").where({ title: "killed" })).toHaveLength(1);
  }, 60_000);
});
