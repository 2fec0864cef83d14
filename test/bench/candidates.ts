// All that is compared, in the order of the tables.
import type { RequestListener } from "node:http";
import express from "express";
import Fastify from "fastify";
import type { Knex } from "knex";
import Koa from "koa";
import { makeRoutes as expressRoutes } from "../../adapters/express.js";
import { makeRoutes as fastifyRoutes } from "../../adapters/fastify.js";
import { makeRoutes as koaRoutes } from "../../adapters/koa.js";
import { serve } from "../../src/server/serve.js";
import { listen } from "../support/http.js";
import { expressByHand } from "./by-hand/express.js";
import { fastifyByHand } from "./by-hand/fastify.js";
import { koaByHand } from "./by-hand/koa.js";
import { open } from "./by-hand/open.js";
import type { Candidate, DatabaseName, Running } from "./candidate.js";
import { million } from "./data.js";
import { startFloor } from "./floor/server.js";

export const candidates: readonly Candidate[] = [
  { name: "floor", family: "floor", start: startFloor },
  byHand("koa + knex", (knex, database) => koaByHand(knex, database).callback()),
  byHand("express + knex", expressByHand),
  {
    name: "fastify + knex",
    family: "by hand",
    async start(database, url) {
      const knex = open(database, url);
      const app = fastifyByHand(knex, database);
      const base = await app.listen({ port: 0, host: "127.0.0.1" });
      return { base, close: () => app.close().then(() => knex.destroy()) };
    },
  },
  {
    name: "sapwood/koa",
    family: "sapwood",
    against: "koa + knex",
    async start(_database, url) {
      const api = await koaRoutes(url);
      return closing(new Koa().use(api.routes()).callback(), api.close);
    },
  },
  {
    name: "sapwood/express",
    family: "sapwood",
    against: "express + knex",
    async start(_database, url) {
      const api = await expressRoutes(url);
      return closing(express().use(api), api.close);
    },
  },
  {
    name: "sapwood/fastify",
    family: "sapwood",
    against: "fastify + knex",
    async start(_database, url) {
      const app = Fastify({ forceCloseConnections: true });
      await app.register(await fastifyRoutes(url));
      return { base: await app.listen({ port: 0, host: "127.0.0.1" }), close: () => app.close() };
    },
  },
  {
    name: "sapwood serve",
    family: "sapwood",
    async start(_database, url) {
      const server = await serve(url, { port: 0, prefix: "/", maxLimit: million.tracks });
      return { base: server.url, close: server.close };
    },
  },
];

type Make = (knex: Knex, database: DatabaseName) => RequestListener;

function byHand(name: string, make: Make): Candidate {
  return {
    name,
    family: "by hand",
    async start(database, url) {
      const knex = open(database, url);
      return closing(make(knex, database), () => knex.destroy());
    },
  };
}

async function closing(listener: RequestListener, end: () => Promise<void>): Promise<Running> {
  const { base, close } = await listen(listener);
  return { base, close: () => close().then(end) };
}
