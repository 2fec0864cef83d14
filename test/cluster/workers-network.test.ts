// Workers and the network: one certificate for all of them, and connections counted together.
import { copyFileSync, mkdtempSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type Running, run, start } from "../cli/cli.js";
import { makePair } from "../support/certificate.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
const running: Running[] = [];

beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY)");
});
afterEach(() => {
  for (const one of running.splice(0)) one.signal("SIGKILL");
});
afterAll(() => database?.drop());

async function serving(...flags: string[]): Promise<Running & { readonly port: number }> {
  const server = await start(["serve", database.url, "--port", "0", "--workers", "2", ...flags]);
  running.push(server);
  return { ...server, port: Number(new URL(server.url).port) };
}

/** Whose certificate a connection is answered with. */
const nameAt = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on("error", reject);
  });

test("SIGHUP: all workers read the new certificate", async () => {
  const folder = mkdtempSync(join(inject("files"), "workers-tls-"));
  const { tlsKey, tlsCert } = makePair(folder, "first");
  const server = await serving("--tls-key", tlsKey, "--tls-cert", tlsCert);
  // Connections go to the workers in turn.
  for (let i = 0; i < 6; i++) expect(await nameAt(server.port)).toBe("first");
  const second = makePair(folder, "second");
  copyFileSync(second.tlsKey, tlsKey);
  copyFileSync(second.tlsCert, tlsCert);
  server.signal("SIGHUP");
  for (let times = 0; times < 12; ) times = (await nameAt(server.port)) === "second" ? times + 1 : 0;
  server.signal("SIGTERM");
  expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
}, 60_000);

interface Asked {
  readonly socket: Socket;
  readonly answer: string;
}

/** Until it is answered, or closed without. */
const askAt = (port: number): Promise<Asked> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    );
    socket.once("data", (data) => resolve({ socket, answer: data.toString().slice(0, 12) }));
    socket.on("error", () => {}).once("close", () => resolve({ socket, answer: "" }));
  });

test("--max-connections is for all of them together, and one more is closed unread", async () => {
  const server = await serving("--max-connections", "5");
  const asked = await Promise.all(Array.from({ length: 12 }, () => askAt(server.port)));
  const answered = asked.filter(({ answer }) => answer === "HTTP/1.1 200");
  expect(answered.length).toBeGreaterThanOrEqual(2);
  expect(answered.length).toBeLessThanOrEqual(5);
  expect(asked.filter(({ answer }) => answer === "")).toHaveLength(12 - answered.length);
  for (const { socket } of answered) socket.destroy();
  for (let answer = ""; answer === ""; ) {
    const again = await askAt(server.port);
    again.socket.destroy();
    ({ answer } = again);
  }
  const few = await run(["serve", database.url, "--workers", "3", "--max-connections", "2"]);
  expect(few).toMatchObject({ code: 1, stderr: expect.stringContaining("maxConnections is 2 for all workers") });
}, 60_000);
