// Koa, nested in an @koa/router: node examples/koa/app.mjs [connection string], after `npm run build` in a checkout.
// Try /api/authors, /api/authors/1/notes, /api/notes/2/tags.
import Router from "@koa/router";
import Koa from "koa";
import { makeRoutes } from "sapwood/koa";
import { sqliteFile } from "../sqlite-file.mjs";

const db = process.argv[2] ?? process.env.DATABASE_URL ?? (await sqliteFile("notes"));
const api = await makeRoutes(db);
const router = new Router().use("/api", api.routes(), api.allowedMethods());

const app = new Koa().use(router.routes()).use(router.allowedMethods());
const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
