// Two databases in one server: SHOP_URL=postgres://… WAREHOUSE_URL=mysql://… npx sapwood serve --config examples/sync/sapwood.config.mjs
// Both have a table `orders` of the same columns.
import { jsonRequest } from "sapwood";
import { copiesBy } from "./copies.mjs";

export default {
  databases: {
    shop: { db: process.env.SHOP_URL, outbox: [copiesBy(jsonRequest)] },
    warehouse: { db: process.env.WAREHOUSE_URL },
  },
};
