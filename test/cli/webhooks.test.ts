// `sapwood webhooks list` and `retry` as processes, on what a server that runs has left behind.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { until } from "../outbox/shop.js";
import { type Created, databases } from "../support/databases.js";
import { run } from "./cli.js";

describe.each(databases)("on $name", (database) => {
  describe.skipIf(database.skip)("sapwood webhooks", () => {
    let created: Created;
    let receiver: Server;
    let server: RunningServer;
    /** What the receiver answers with. */
    let status = 500;
    const received: string[] = [];
    beforeAll(async () => {
      created = await database.create("CREATE TABLE orders (id INTEGER PRIMARY KEY, title VARCHAR(40))");
      receiver = createServer((request, response) => {
        request.resume().once("end", () => {
          received.push(String(request.headers["webhook-id"]));
          response.writeHead(status).end();
        });
      });
      await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      const webhook = {
        table: "orders",
        on: ["create"],
        url,
        secret: SECRET,
        allowPrivate: true,
        retries: [0.02],
      } as const;
      server = await serve(created.url, { port: 0, logLevel: "silent", webhooks: [webhook] });
    });
    afterAll(async () => {
      await server?.close();
      receiver?.close();
      await created?.drop();
    });
    const webhooks = (...args: readonly string[]) => run(["webhooks", ...args]);

    test("list says which were given up, and retry delivers them", { timeout: 120_000 }, async () => {
      const answer = await fetch(`${server.api}/orders`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id: 1, title: "one" }),
      });
      expect(answer.status).toBe(201);
      await until(async () => (await webhooks("list", created.url)).stdout.includes("dead"));
      const { code, stdout } = await webhooks("list", created.url);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\t.*\torders\.create\t2\tdead\tanswered 500\n$/)]);
      const [id = ""] = stdout.split(/\s/);

      const wrong = await webhooks("retry", created.url, "999999");
      expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
      expect(wrong.stderr).toContain("there is no message 999999");
      expect((await webhooks("retry", created.url, "nothing")).stderr).toContain("nothing is no message");

      status = 204;
      const before = received.length;
      const again = await webhooks("retry", created.url, id);
      expect([again.code, again.stdout]).toEqual([0, "1 message is to be delivered again\n"]);
      await until(() => received.length > before);
      expect(received.at(-1)).toBe(received[0]);
      await until(async () => (await webhooks("list", created.url)).stdout === "");
    });
  });
});

const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
