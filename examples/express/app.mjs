// Express 5 or 4: node examples/express/app.mjs [connection string], after `npm run build` in a checkout.
// Try /api/authors, /api/authors/1/notes, /api/notes/2/tags.
import express from "express";
import { makeRoutes } from "sapwood/express";
import { sqliteFile } from "../sqlite-file.mjs";

const db = process.argv[2] ?? process.env.DATABASE_URL ?? (await sqliteFile("notes"));
const api = await makeRoutes(db);

const app = express().use("/api", api);
const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
