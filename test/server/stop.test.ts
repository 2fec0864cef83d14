// SIGTERM under load: every request that a connection took is answered, what was told to be written is written, and the exit code is 0.
import { once } from "node:events";
import { get } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start } from "../cli/cli.js";
import { type Created, databases } from "../support/databases.js";
import { type Ask, hammer, type Tally } from "./clients.js";

const CLIENTS = 40;
/** Answers before the signal comes. */
const WARM = 400;
const ROUNDS = 2;

for (const database of databases) {
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(`
        CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(200));
        INSERT INTO notes (id, body) VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
      const rows = Array.from({ length: 5_000 }, (_, i) => ({ id: i + 10, body: "long ".repeat(30) }));
      for (let at = 0; at < rows.length; at += 100) await created.knex("notes").insert(rows.slice(at, at + 100));
    });
    afterAll(() => created?.drop());

    test(`reading and writing by ${CLIENTS} clients, ${ROUNDS} times`, async () => {
      let id = 100_000;
      const asks: (() => Ask)[] = [
        () => ({ path: "/api/notes/1" }),
        () => ({ path: "/api/notes?limit=5" }),
        () => ({ path: "/health" }),
        () => ({ method: "POST", path: "/api/notes", body: JSON.stringify({ id: ++id, body: "new" }) }),
        () => ({ path: "/api/notes?limit=4000" }),
      ];
      for (let round = 0; round < ROUNDS; round++) {
        const server = await start(["serve", created.url, "--port", "0", "--max-limit", "10000"]);
        const tally: Tally = { answered: 0, lost: [], created: 0 };
        const before = Number((await created.knex("notes").count({ n: "*" }))[0]?.n);
        let turn = 0;
        const next = () => {
          if (tally.answered === WARM) server.signal("SIGTERM");
          return (asks[turn++ % asks.length] as () => Ask)();
        };
        await hammer(server.url, CLIENTS, next, tally);
        expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
        expect(tally.lost).toEqual([]);
        expect(tally.answered).toBeGreaterThanOrEqual(WARM);
        const after = Number((await created.knex("notes").count({ n: "*" }))[0]?.n);
        expect(after - before).toBe(tally.created);
      }
    }, 120_000);

    test("in the middle of a long list, the rest of it comes", async () => {
      const server = await start(["serve", created.url, "--port", "0", "--max-limit", "10000"]);
      const request = get(`${server.url}/api/notes?limit=10000&select=id`);
      const [answer] = await once(request, "response");
      answer.setEncoding("utf8");
      let text = "";
      // Nothing is read before the server has stopped listening.
      server.signal("SIGTERM");
      await gone(server.url);
      for await (const part of answer) text += part;
      expect(JSON.parse(text).length).toBeGreaterThanOrEqual(5_000);
      expect((await server.ended).code).toBe(0);
    });

    test("a request that is only half here when the signal comes is answered", async () => {
      const server = await start(["serve", created.url, "--port", "0"]);
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1").setEncoding("utf8");
      await once(socket, "connect");
      // One whole request first, so that the connection is a kept one.
      socket.write("GET /api/notes/1 HTTP/1.1\r\nhost: localhost\r\n\r\n");
      await once(socket, "data");
      socket.write("GET /api/notes/2 HTTP/1.1\r\nho");
      server.signal("SIGTERM");
      await gone(server.url);
      await new Promise((resolve) => setTimeout(resolve, 800));
      socket.write("st: localhost\r\n\r\n");
      const [text] = await once(socket, "data");
      expect(text).toMatch(/^HTTP\/1\.1 200 /);
      expect(text).toMatch(/\r\nconnection: close\r\n/i);
      expect((await server.ended).code).toBe(0);
    });
  });
}

/** Waits until nobody listens there. */
async function gone(url: string): Promise<void> {
  while (await isThere(url)) await new Promise((resolve) => setTimeout(resolve, 20));
}

const isThere = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
