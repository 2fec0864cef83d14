// What carries the API to the wire. A new host is one entry here: a database in, a base address out.
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { inject } from "vitest";
import { makeRoutes as expressRoutes } from "../../adapters/express.js";
import { makeRoutes as fastifyRoutes } from "../../adapters/fastify.js";
import { makeRoutes as koaRoutes } from "../../adapters/koa.js";
import type { ApiOptions } from "../../src/api/options.js";
import { listen } from "../support/http.js";
import { type Ended, startProgram } from "../support/program.js";

const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export interface Hosted {
  /** Where the resources are: `http://127.0.0.1:PORT`, and the prefix where the host has one. */
  readonly base: string;
  close(): Promise<void>;
}

export interface Host {
  readonly name: string;
  start(url: string, options?: ApiOptions): Promise<Hosted>;
}

export const hosts: readonly Host[] = [
  {
    name: "koa",
    async start(url, options) {
      const api = await koaRoutes(url, options);
      const { base, close } = await listen(new Koa().use(api.routes()).use(api.allowedMethods()).callback());
      return { base, close: () => close().then(() => api.close()) };
    },
  },
  {
    name: "express",
    async start(url, options) {
      const api = await expressRoutes(url, options);
      const { base, close } = await listen(express().use("/rest/v1", api));
      return { base: `${base}/rest/v1`, close: () => close().then(() => api.close()) };
    },
  },
  {
    name: "fastify",
    async start(url, options) {
      const app = fastify();
      app.register(await fastifyRoutes(url, options), { prefix: "/api" });
      return { base: `${await app.listen({ host: "127.0.0.1", port: 0 })}/api`, close: () => app.close() };
    },
  },
  {
    name: "server",
    // As users start it: its time limit, its headers and its log are those that it has by itself.
    async start(url, options = {}) {
      const config = join(await mkdtemp(join(inject("files"), "server-")), "sapwood.config.json");
      await writeFile(config, JSON.stringify(options));
      const args = [program, "serve", url, "--port", "0", "--config", config];
      const { base, stop } = await startProgram(args, { env: { PORT: undefined, SAPWOOD_LOG_LEVEL: undefined } });
      return { base: `${base}/api`, close: async () => requireOrder(await stop()) };
    },
  },
];

const every = process.env.SAPWOOD_HOSTS === "all";

/**
 * What hosts do with an answer is the same for each database: SQLite and PostgreSQL are asked through all of them. `SAPWOOD_HOSTS=all`
 * has all hosts for every database.
 */
export const libraryAndServer = every ? hosts : hosts.filter(({ name }) => name === "koa" || name === "server");

/** For databases that a run has in several kinds. */
export const oneHost = every ? hosts : hosts.slice(0, 1);

/** It ends as it should, and no request was a defect to it. */
function requireOrder({ code, stderr }: Ended): void {
  const failed = stderr.split("\n").find((line) => line.includes('"level":"error"'));
  if (code !== 0 || failed !== undefined) throw new Error(`the server ended with ${code}: ${failed ?? stderr}`);
}
