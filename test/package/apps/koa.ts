// What a new user writes with Koa.
import type { AddressInfo } from "node:net";
import Koa from "koa";
import { type HookContext, HttpError } from "sapwood";
import { makeRoutes } from "sapwood/koa";

const needTitle = ({ table, body }: HookContext) => {
  if (table === "posts" && body.title === "") throw new HttpError(422, "A post needs a title.", { code: "no_title" });
};
const api = await makeRoutes(process.argv[2], { hooks: { preSave: needTitle } });

const app = new Koa();
app.use(api.routes()).use(api.allowedMethods());
app.use((ctx) => {
  ctx.status = 404;
  ctx.body = "not the database's";
});
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
