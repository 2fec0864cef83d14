// A bank: node examples/bank/app.mjs, after `npm run build` in a checkout. `DATABASE_URL` names another database that holds bank.sql;
// there the transfer is the database's own: a function of PostgreSQL (postgres.sql), a procedure of MySQL and MariaDB (mysql.sql).
//
//   curl -X POST localhost:3000/rpc/transfer -H 'content-type: application/json' -d '{"from":1,"to":2,"amount":30}'
import Koa from "koa";
import { HttpError } from "sapwood";
import { makeRoutes } from "sapwood/koa";
import { sqliteFile } from "../sqlite-file.mjs";
import { routines } from "./routines.mjs";

const db = process.env.DATABASE_URL ?? (await sqliteFile("bank/bank"));
const hasOwn = /^(postgres|mysql|mariadb)/.test(String(db));
const api = await makeRoutes(db, hasOwn ? {} : { routines: routines(HttpError) });

const app = new Koa().use(api.routes()).use(api.allowedMethods());
const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.once("SIGTERM", () => server.close(() => api.close()));
