// A record shop: node examples/store/app.mjs, after `npm run build` in a checkout. The README's ten questions are asked of it.
import Koa from "koa";
import { makeRoutes } from "sapwood/koa";
import { sqliteFile } from "../sqlite-file.mjs";

const api = await makeRoutes(await sqliteFile("store/store"));

const app = new Koa().use(api.routes()).use(api.allowedMethods());
const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
