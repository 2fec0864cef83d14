// Hono, and with it whatever speaks `Request` and `Response`: node examples/hono/app.mjs [connection string], after `npm run build`
// in a checkout. Try /api/authors, /api/authors/1/notes, /api/notes/2/tags.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { fromFetch, openHost, toFetch } from "sapwood/host";
import { sqliteFile } from "../sqlite-file.mjs";

const db = process.argv[2] ?? process.env.DATABASE_URL ?? (await sqliteFile("notes"));
const host = await openHost(db);

const app = new Hono().use("/api/*", async (context, next) => {
  const request = fromFetch(context.req.raw, "/api");
  const answer = request && (await host.handle(request));
  return answer === undefined ? next() : toFetch(answer);
});
const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1" },
  ({ port }) => {
    console.log(`listening on http://127.0.0.1:${port}`);
  },
);
process.once("SIGTERM", () => server.close(() => host.api.close()));
