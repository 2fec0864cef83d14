// What Node and the driver can do at all: node:http, one prepared statement a question, JSON by the fastest means found.
// A path is a question's name and the statement's numbers: `/children/5`.
import type { IncomingMessage, ServerResponse } from "node:http";
import { listen } from "../../support/http.js";
import type { DatabaseName, Running } from "../candidate.js";
import type { Floor } from "./floor.js";
import { openMariadb, openMysql } from "./mysql.js";
import { openPostgres } from "./postgres.js";
import { openSqlite } from "./sqlite.js";

const open: Readonly<Record<DatabaseName, (url: string) => Floor | Promise<Floor>>> = {
  sqlite: openSqlite,
  postgres: openPostgres,
  mariadb: openMariadb,
  mysql: openMysql,
};

export async function startFloor(database: DatabaseName, url: string): Promise<Running> {
  const floor = await open[database](url);
  const { base, close } = await listen((request, response) => {
    if (request.method === "GET") answer(floor, request, response, "");
    else withBody(request, (body) => answer(floor, request, response, body));
  });
  return { base, close: () => close().then(() => floor.close()) };
}

function answer(floor: Floor, request: IncomingMessage, response: ServerResponse, body: string): void {
  const [, question = "", ...parts] = (request.url ?? "").split("/");
  floor.ask(question, parts.map(Number), body, (error, found) => {
    if (error) throw error;
    if (found === undefined) return response.writeHead(404).end();
    const [json, total] = found;
    const headers: Record<string, string | number> = {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(json),
    };
    if (total !== undefined) headers["x-total-count"] = String(total);
    return response.writeHead(request.method === "POST" ? 201 : 200, headers).end(json);
  });
}

function withBody(request: IncomingMessage, then: (body: string) => void): void {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => then(body));
}
