// Fastify: node examples/fastify/app.mjs [connection string], after `npm run build` in a checkout.
// Try /api/authors, /api/authors/1/notes, /api/notes/2/tags.
import Fastify from "fastify";
import { makeRoutes } from "sapwood/fastify";
import { sqliteFile } from "../sqlite-file.mjs";

const db = process.argv[2] ?? process.env.DATABASE_URL ?? (await sqliteFile("notes"));

const app = Fastify();
await app.register(await makeRoutes(db), { prefix: "/api" });
const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
console.log(`listening on ${address}`);
process.once("SIGTERM", () => app.close());
