// Tables of 1998 under names of today, without touching them: node examples/legacy/app.mjs, after `npm run build` in a checkout.
// Try /customers/1/orders, /orders/10/articles, /articles/A-100/orders, /order_items/10,A-100, /orders?date=ge:1998-05-01.
// An order without a date gets today's (POST /customers/1/orders {}); one for customer 2, who is blocked, is refused.
import express from "express";
import { HttpError } from "sapwood";
import { makeRoutes } from "sapwood/express";
import { sqliteFile } from "../sqlite-file.mjs";

const customers = {
  name: "TBL_KUNDE",
  resource: "customers",
  columns: [
    { name: "KD_NR", as: "id" },
    { name: "KD_NAME", as: "name" },
    { name: "KD_ORT", as: "city" },
    { name: "KD_SPERR_KZ", as: "blocked", type: "boolean" },
  ],
};

const orders = {
  name: "TBL_AUFTRAG",
  resource: "orders",
  columns: [
    { name: "AUF_NR", as: "id" },
    { name: "AUF_KUNDE", as: "customer_id" },
    { name: "AUF_DATUM", as: "date" },
  ],
  belongsTo: [{ table: "TBL_KUNDE", column: "AUF_KUNDE", as: "customer" }],
  preSave({ operation, body }) {
    if (operation === "create") body.date ??= new Date().toISOString().slice(0, 10);
  },
  // `result` is the whole row as it will be answered. What is thrown here takes the order back.
  async postSave({ result, trx }) {
    const customer = await trx("TBL_KUNDE").where({ KD_NR: result.customer_id }).first();
    if (customer === undefined)
      throw new HttpError(409, "There is no such customer.", { code: "foreign_key_violation" });
    if (customer.KD_SPERR_KZ) throw new HttpError(403, "This customer is blocked.", { code: "customer_blocked" });
  },
};

const articles = {
  name: "TBL_ARTIKEL",
  resource: "articles",
  columns: [
    { name: "ART_NR", as: "id" },
    { name: "ART_BEZ", as: "title" },
    { name: "ART_PREIS", as: "price" },
  ],
};

const orderItems = {
  name: "TBL_AUFTRAG_POS",
  resource: "order_items",
  columns: [
    { name: "POS_AUFTRAG", as: "order_id" },
    { name: "POS_ARTIKEL", as: "article_id" },
    { name: "POS_MENGE", as: "quantity" },
  ],
  // Links orders and articles, and has rows of its own to show besides.
  relationTypes: ["root", "one-n", "n-n"],
  belongsTo: [
    { table: "TBL_AUFTRAG", column: "POS_AUFTRAG", as: "order" },
    { table: "TBL_ARTIKEL", column: "POS_ARTIKEL", as: "article" },
  ],
};

const api = await makeRoutes(await sqliteFile("legacy/legacy"), {
  overrides: [customers, orders, articles, orderItems],
});

const server = express()
  .use(api)
  .listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
process.once("SIGTERM", () => server.close(() => api.close()));
