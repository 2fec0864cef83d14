// The server as a peer on the network: TLS, pages of other sites, smaller answers, and clients that take their time.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get as getTls } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { exposedHeaders } from "../../src/server/cross-origin.js";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { run, start } from "../cli/cli.js";
import { makePair } from "../support/certificate.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { send } from "./wire.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;

beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT)");
  for (let id = 1; id <= 3_000; id += 100)
    await database
      .knex("clubs")
      .insert(Array.from({ length: 100 }, (_, i) => ({ id: id + i, name: "club ".repeat(20) })));
});
afterAll(() => database?.drop());

async function serving(settings: ServeSettings, look: (server: RunningServer) => Promise<void>): Promise<void> {
  const server = await serve(database.url, { port: 0, ...settings });
  try {
    await look(server);
  } finally {
    await server.close();
  }
}

describe("TLS", () => {
  const folder = mkdtempSync(join(inject("files"), "tls-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const pair = (name: string) => makePair(folder, name);
  const ask = (url: string) =>
    new Promise<{ status?: number; name?: string }>((resolve, reject) => {
      const request = getTls(url, { rejectUnauthorized: false, agent: false }, (answer) => {
        const { subject } = (answer.socket as import("node:tls").TLSSocket).getPeerCertificate();
        answer.resume().on("end", () => resolve({ status: answer.statusCode, name: String(subject.CN) }));
      });
      request.on("error", reject);
    });

  test("--tls-key and --tls-cert: https, renewed on SIGHUP, ended in order", async () => {
    const { tlsKey, tlsCert } = pair("first");
    const server = await start(["serve", database.url, "--port", "0", "--tls-key", tlsKey, "--tls-cert", tlsCert]);
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await ask(`${server.url}/api/clubs/1`)).toEqual({ status: 200, name: "first" });
    const second = pair("second");
    execFileSync("cp", [second.tlsKey, tlsKey]);
    execFileSync("cp", [second.tlsCert, tlsCert]);
    server.signal("SIGHUP");
    while ((await ask(`${server.url}/health`)).name !== "second") await new Promise((go) => setTimeout(go, 20));
    const silent = connectTls({ port: Number(new URL(server.url).port), rejectUnauthorized: false });
    await new Promise((resolve) => silent.once("secureConnect", resolve));
    silent.on("error", () => {});
    server.signal("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("plain HTTP on its port is refused, and harms nobody", async () => {
    await serving(pair("plain"), async ({ port, url }) => {
      expect(await send(port, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").catch(String)).not.toContain("200 OK");
      expect((await ask(`${url}/`)).status).toBe(200);
    });
  });

  test("what is no pair", async () => {
    const [one, other] = [pair("one"), pair("other")];
    const fails = async (settings: ServeSettings, message: RegExp) =>
      expect(serve(database.url, { port: 0, ...settings })).rejects.toThrow(message);
    await fails({ tlsKey: one.tlsKey }, /tlsKey needs its certificate/);
    await fails({ tlsCert: one.tlsCert }, /tlsCert needs its private key/);
    await fails({ tlsKey: one.tlsKey, tlsCert: other.tlsCert }, /are no pair/);
    await fails({ tlsKey: join(folder, "no.key"), tlsCert: one.tlsCert }, /tlsKey: cannot read .*no\.key \(ENOENT\)/);
    writeFileSync(join(folder, "letter"), "Dear Sir or Madam");
    await fails({ tlsKey: join(folder, "letter"), tlsCert: one.tlsCert }, /are no pair/);
    const { code, stderr } = await run(["serve", database.url, "--tls-key", one.tlsKey]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^sapwood: tlsKey needs/) });
  });
});

describe("pages of other sites", () => {
  const origin = "https://app.example";
  const preflight = {
    origin,
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "content-type",
  };
  const allowed = (answer: Response) => answer.headers.get("access-control-allow-origin");

  test("are not let in by themselves", async () => {
    await serving({}, async ({ api }) => {
      expect(allowed(await fetch(`${api}/clubs/1`, { headers: { origin } }))).toBeNull();
      const answer = await fetch(`${api}/clubs/1`, { method: "OPTIONS", headers: preflight });
      expect([allowed(answer), answer.headers.get("allow")]).toEqual([null, expect.stringContaining("PATCH")]);
    });
  });

  test("by their origin, with credentials", async () => {
    const settings = { corsOrigin: [origin, "http://localhost:5173"], corsCredentials: true, corsMaxAge: 60 };
    await serving(settings, async ({ api }) => {
      const answer = await fetch(`${api}/clubs?limit=2`, { headers: { origin } });
      expect(allowed(answer)).toBe(origin);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(answer.headers.get("access-control-expose-headers")).toBe(exposedHeaders.join(","));
      expect(answer.headers.get("vary")).toContain("Origin");
      const asked = await fetch(`${api}/clubs/1`, { method: "OPTIONS", headers: preflight });
      expect(asked.status).toBe(204);
      expect(allowed(asked)).toBe(origin);
      expect(asked.headers.get("access-control-allow-methods")).toBe("GET,HEAD,QUERY,POST,PUT,PATCH,DELETE");
      expect(asked.headers.get("access-control-allow-headers")).toBe("content-type");
      expect(asked.headers.get("access-control-max-age")).toBe("60");
      const other = { ...preflight, origin: "https://evil.example" };
      expect(allowed(await fetch(`${api}/clubs/1`, { method: "OPTIONS", headers: other }))).toBeNull();
      expect(allowed(await fetch(`${api}/nothing`, { headers: { origin } }))).toBe(origin);
    });
  });

  test("all of them; OPTIONS of the API keeps its Allow", async () => {
    await serving({ corsOrigin: "*" }, async ({ api }) => {
      expect(allowed(await fetch(`${api}/clubs/1`, { headers: { origin } }))).toBe("*");
      const answer = await fetch(`${api}/clubs/1`, { method: "OPTIONS" });
      expect([answer.status, answer.headers.get("allow")]).toEqual([204, expect.stringContaining("DELETE")]);
    });
  });

  test.each([
    [{ corsOrigin: "https://app.example/" }, /such as https:\/\/app\.example\./],
    [{ corsOrigin: "app.example" }, /'app\.example' is no origin/],
    [{ corsOrigin: "*", corsCredentials: true }, /Name the origins/],
  ])("%j is a mistake", async (settings, message) => {
    await expect(serve(database.url, { port: 0, ...settings })).rejects.toThrow(message);
  });
});

describe("compression", () => {
  const rawGet = (port: number, path: string, more = "") =>
    new Promise<{ head: string; body: Buffer }>((resolve, reject) => {
      const parts: Buffer[] = [];
      const socket = connect(port, "127.0.0.1", () =>
        socket.write(`GET ${path} HTTP/1.0\r\nhost: localhost\r\n${more}\r\n`),
      );
      socket.on("data", (part) => parts.push(part)).on("error", reject);
      socket.on("end", () => {
        const all = Buffer.concat(parts);
        const at = all.indexOf("\r\n\r\n");
        resolve({ head: all.subarray(0, at).toString().toLowerCase(), body: all.subarray(at + 4) });
      });
    });

  test("is off by itself", async () => {
    await serving({}, async ({ port }) => {
      const { head } = await rawGet(port, "/api/clubs", "accept-encoding: gzip, br\r\n");
      expect(head).not.toContain("content-encoding");
    });
  });

  test("of lists, short and in pieces; not of single rows, whose entity tag belongs to their bytes", async () => {
    await serving({ compression: true, maxLimit: 10_000 }, async ({ port }) => {
      const plain = await rawGet(port, "/api/clubs?limit=3000");
      expect(plain.head).not.toContain("content-encoding");
      expect(plain.head).toContain("vary: accept, accept-encoding");
      for (const [coding, inflate] of [
        ["gzip", gunzipSync],
        ["br", brotliDecompressSync],
      ] as const) {
        const { head, body } = await rawGet(port, "/api/clubs?limit=3000", `accept-encoding: ${coding}\r\n`);
        expect(head).toContain(`content-encoding: ${coding}`);
        expect(head).not.toContain("content-length");
        expect(body.length).toBeLessThan(plain.body.length / 4);
        expect(inflate(body).equals(plain.body)).toBe(true);
      }
      const short = await rawGet(port, "/api/clubs?limit=50", "accept-encoding: gzip\r\n");
      expect(JSON.parse(gunzipSync(short.body).toString())).toHaveLength(50);
      const row = await rawGet(port, "/api/clubs/1", "accept-encoding: gzip\r\n");
      expect(row.head).toContain('etag: "');
      expect(row.head).not.toContain("content-encoding");
      expect(row.head).toContain(`content-length: ${row.body.length}`);
    });
  });
});

describe("clients that take their time", () => {
  /** Sends a byte now and then, for as long as it is let. */
  const drip = (port: number, text: string, more = "x") =>
    new Promise<string>((resolve) => {
      let received = "";
      // Of a body the headers come at once.
      const whole = text.endsWith("\r\n\r\n") ? text : "";
      let at = whole.length;
      const socket = connect(port, "127.0.0.1", () => socket.write(whole));
      const timer = setInterval(() => socket.write(text[at++] ?? more), 50);
      socket.on("data", (part) => {
        received += part;
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        clearInterval(timer);
        resolve(received);
      });
    });

  test("headers and bodies that come byte by byte are cut off, others are answered meanwhile", async () => {
    await serving({ headersTimeout: 1, requestTimeout: 2 }, async ({ port, api }) => {
      const slow = Array.from({ length: 50 }, () =>
        drip(port, "GET /api/clubs HTTP/1.1\r\nhost: localhost\r\nx-slow: "),
      );
      const head =
        "POST /api/clubs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n";
      const body = send(port, head, /\}$/).catch(String);
      const chunked = drip(
        port,
        "POST /api/clubs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        "1\r\nx\r\n",
      );
      const bytewise = drip(port, head);
      expect((await fetch(`${api}/clubs/1`)).status).toBe(200);
      for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      for (const answer of await Promise.all([body, chunked, bytewise])) {
        expect(answer).toMatch(/^HTTP\/1\.1 408 /);
        expect(answer).toContain('"code":"request_timeout"');
        expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
      }
      expect((await fetch(`${api}/clubs/1`)).status).toBe(200);
    });
  });

  test("an answer that nobody takes is given up", { timeout: 90_000 }, async () => {
    await database.knex.raw("CREATE TABLE IF NOT EXISTS blobs (id INTEGER PRIMARY KEY, body TEXT)");
    for (const times of [0, 1])
      await database.knex.raw(
        `INSERT OR IGNORE INTO blobs SELECT id + ${times * 3_000}, printf('%.*c', 20000, 'x') FROM clubs`,
      );
    await serving({ sendTimeout: 1, maxLimit: 10_000, maxAnswerBytes: 1_000_000_000 }, async ({ port }) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET /api/blobs?limit=6000 HTTP/1.1\r\nhost: localhost\r\n\r\n"),
      );
      socket.pause();
      // 120 MB do not fit between the two, of which a system may keep 37: the server notices, and so does the client when it looks again.
      await new Promise((resolve) => setTimeout(resolve, 8_000));
      let first = "";
      let received = "";
      socket.on("data", (part) => {
        first ||= String(part.subarray(0, 15));
        received = (received + part).slice(-10);
      });
      await new Promise((resolve) =>
        socket
          .on("error", () => {})
          .on("close", resolve)
          .resume(),
      );
      expect(first).toBe("HTTP/1.1 200 OK");
      expect(received).not.toContain("\r\n0\r\n\r\n");
    });
  });

  test("--max-connections: one more is closed unread", async () => {
    await serving({ maxConnections: 2 }, async ({ port }) => {
      const held = await Promise.all(
        [1, 2].map(
          () =>
            new Promise<ReturnType<typeof connect>>((go) => {
              const socket = connect(port, "127.0.0.1", () => go(socket));
            }),
        ),
      );
      expect(await send(port, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").catch(() => "")).toBe("");
      for (const socket of held) socket.destroy();
      const answers = async () =>
        (await send(port, "GET / HTTP/1.0\r\n\r\n").catch(() => "")).startsWith("HTTP/1.1 200");
      while (!(await answers())) await new Promise((go) => setTimeout(go, 20));
    });
  });
});
