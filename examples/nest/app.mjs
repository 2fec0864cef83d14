// NestJS, on Express: node examples/nest/app.mjs [connection string], after `npm run build` in a checkout.
// Try /api/authors, /api/authors/1/notes, /api/notes/2/tags.
import "reflect-metadata";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { makeRoutes } from "sapwood/express";
import { sqliteFile } from "../sqlite-file.mjs";

class AppModule {}
Module({})(AppModule);

const db = process.argv[2] ?? process.env.DATABASE_URL ?? (await sqliteFile("notes"));
const api = await makeRoutes(db);

// Before `listen`, so that it comes before Nest's own JSON parser.
const app = (await NestFactory.create(AppModule, { logger: ["error"] })).use("/api", api);
await app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
console.log(`listening on ${await app.getUrl()}`);
process.once("SIGTERM", () => app.close().then(() => api.close()));
