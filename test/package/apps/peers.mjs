// `node peers.mjs <framework> <db> [options as JSON]`: an app as users write it, below /api, whichever versions are installed beside it.
import { readFileSync } from "node:fs";

const [framework, db, options = "{}"] = process.argv.slice(2);
const { makeRoutes } = await import(`sapwood/${framework}`);
// Not every package exports its own.
const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")).version;

const apps = {
  async koa() {
    const [{ default: Koa }, { default: Router }] = [await import("koa"), await import("@koa/router")];
    const api = await makeRoutes(db, JSON.parse(options));
    const router = new Router().use("/api", api.routes());
    return { listener: new Koa().use(router.routes()).use(router.allowedMethods()).callback(), api };
  },
  async express() {
    const { default: express } = await import("express");
    const api = await makeRoutes(db, JSON.parse(options));
    return { listener: express().use("/api", api), api };
  },
  async fastify() {
    const { default: Fastify } = await import("fastify");
    const app = Fastify();
    const api = await makeRoutes(db, JSON.parse(options));
    app.register(api, { prefix: "/api" });
    await app.ready();
    return { listener: (request, response) => app.routing(request, response), api };
  },
};

const { createServer } = await import("node:http");
const { listener, api } = await apps[framework]();
const server = createServer(listener).listen(0, "127.0.0.1", () => {
  console.log(
    `versions ${JSON.stringify(Object.fromEntries((process.env.PEERS ?? "").split(" ").map((name) => [name, versionOf(name)])))}`,
  );
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
