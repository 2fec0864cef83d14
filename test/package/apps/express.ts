// What a new user writes with Express, 5 or 4.
import type { AddressInfo } from "node:net";
import express from "express";
import { type HookContext, HttpError } from "sapwood";
import { makeRoutes } from "sapwood/express";

const needTitle = ({ table, body }: HookContext) => {
  if (table === "posts" && body.title === "") throw new HttpError(422, "A post needs a title.", { code: "no_title" });
};
const api = await makeRoutes(process.argv[2], {
  hooks: { preSave: needTitle },
  roles: { all: "*" },
  // Express' own request, without a word on types.
  user: (request) => ({ role: "all", from: request.ip, at: request.originalUrl }),
});

const app = express();
app.use(express.json());
app.use(api);
app.use((_request, response) => {
  response.status(404).send("not the database's");
});
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
