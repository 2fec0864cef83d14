// No framework at all: the adapter for Express needs nothing of it, not even its types.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type HookContext, HttpError } from "sapwood";
import { makeRoutes } from "sapwood/express";

const needTitle = ({ table, body }: HookContext) => {
  if (table === "posts" && body.title === "") throw new HttpError(422, "A post needs a title.", { code: "no_title" });
};
const api = await makeRoutes(process.argv[2], {
  hooks: { preSave: needTitle },
  roles: { all: "*" },
  user: (request) => ({ role: "all", from: request.socket.remoteAddress, at: request.url }),
});

const server = createServer((request, response) =>
  api(request, response, () => response.writeHead(404).end("not the database's")),
);
server.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
