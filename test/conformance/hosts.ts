// What carries the API to the wire. A new host is one entry here: a database in, a base address out.
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { makeRoutes as expressRoutes } from "../../adapters/express.js";
import { makeRoutes as fastifyRoutes } from "../../adapters/fastify.js";
import { makeRoutes as koaRoutes } from "../../adapters/koa.js";
import type { ApiOptions } from "../../src/api/options.js";
import { serve } from "../../src/server/serve.js";
import { listen } from "../support/http.js";

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
    async start(url, options) {
      const { api, close } = await serve(url, { ...options, port: 0 });
      return { base: api, close };
    },
  },
];
