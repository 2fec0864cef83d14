// `bigNumbers: "string"`: what a client would round comes as a string wherever it is shown, and goes in again as it came.
import { beforeAll, expect, test } from "vitest";
import { write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const tables = (arrays: string) => `
CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner_id BIGINT, amount DECIMAL(20,4), ratio DOUBLE PRECISION, seats SMALLINT${arrays},
  FOREIGN KEY (owner_id) REFERENCES accounts (id));
CREATE TABLE tags (id BIGINT PRIMARY KEY);
CREATE TABLE accounts_tags (account_id BIGINT NOT NULL, tag_id BIGINT NOT NULL, PRIMARY KEY (account_id, tag_id),
  FOREIGN KEY (account_id) REFERENCES accounts (id), FOREIGN KEY (tag_id) REFERENCES tags (id))`;

const ddl = {
  sqlite: tables(""),
  postgres: tables(", steps BIGINT[], prices NUMERIC(9,3)[]"),
  mariadb: tables(""),
};
const big = "9223372036854775807";

onEveryServer(ddl, (place) => {
  let app: App;
  const small = place.can.haveSmallIntegers ? 3 : "3";
  const first = { id: "1", owner_id: null, amount: "1000000000000.5", ratio: 0.5, seats: small };
  beforeAll(async () => {
    app = await place.app({
      bigNumbers: "string",
      exclude: place.can.holdArrays ? ["accounts.steps", "accounts.prices"] : [],
    });
    await write(app, "POST /accounts", 201, { id: 1, amount: 1000000000000.5, ratio: 0.5, seats: 3 });
    await write(app, "POST /accounts", 201, { id: big, owner_id: "1", amount: "-0.25" });
    for (const id of [2, 3, 4]) await write(app, "POST /tags", 201, { id });
  });
  /** PostgreSQL and MariaDB keep the column's scale. */
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value), (_, item) =>
      typeof item === "string" && /^-?\d+\.\d+$/.test(item) ? item.replace(/\.?0+$/, "") : item,
    );
  const get = async (path: string) => plain((await write(app, `GET ${path}`, 200)).json);

  test("rows, lists, related rows and totals", async () => {
    expect(await get("/accounts/1")).toEqual(first);
    const second = { id: big, owner_id: "1", amount: "-0.25", ratio: null, seats: null };
    expect(await get("/accounts")).toEqual([first, second]);
    expect(await get(`/accounts?select=amount,owner(id,amount)&id=${big}`)).toEqual([
      { amount: "-0.25", owner: { id: "1", amount: first.amount } },
    ]);
    const totals = "n:count(),total:amount.sum(),taken:seats.sum(),ratio.max()";
    expect(await get(`/accounts?select=${totals}&amount=gt:0`)).toEqual([
      { n: 1, total: first.amount, taken: "3", max: 0.5 },
    ]);
  });

  test("they are taken as they are shown, and as numbers", async () => {
    const row = (await write(app, "GET /accounts/1", 200)).json;
    expect(plain((await write(app, "PUT /accounts/1", 200, row)).json)).toEqual(first);
    expect(plain((await write(app, "PATCH /accounts/1", 200, { amount: { increment: "0.25" } })).json).amount).toBe(
      "1000000000000.75",
    );
    expect(plain((await write(app, "PATCH /accounts/1", 200, { amount: 1000000000000.5 })).json)).toEqual(first);
  });

  test("addresses, tags, cursors, nested and linked rows know them", async () => {
    const made = await write(app, "POST /accounts", 201, { id: "9007199254740993", tags: [{ id: "2" }, { id: 4 }] });
    expect(made.headers.location).toBe("/api/accounts/9007199254740993");
    expect(made.json.tags).toEqual([{ id: "2" }, { id: "4" }]);
    const address = String(made.headers.location).slice("/api".length);
    expect((await write(app, `PUT ${address}/tags`, 200, ["3", 4])).json).toEqual([{ id: "3" }, { id: "4" }]);
    expect((await write(app, `POST ${address}/tags/2/add`, 201)).json).toEqual({
      account_id: "9007199254740993",
      tag_id: "2",
    });
    const seen: string[] = [];
    let next: string | undefined = "/accounts?limit=1&order-by=id:desc&select=id";
    while (next !== undefined) {
      const page = await app.ask(`GET ${next}`);
      seen.push(...page.json.map(({ id }: { id: string }) => id));
      next = /<\/api([^>]+)>; rel="next"/.exec(String(page.headers.link))?.[1];
    }
    expect(seen).toEqual([big, "9007199254740993", "1"]);
    const batch = await write(app, "POST /batch", 200, [
      { method: "POST", path: "/tags", body: { id: "77" } },
      { method: "POST", path: `${address}/tags/$0.id/add` },
    ]);
    expect(batch.json[1].body.tag_id).toBe("77");
  });
});

onEveryServer(
  ddl,
  (place) => {
    test("arrays of them", async () => {
      const app = await place.app({ bigNumbers: "string" });
      const body = { id: 1, steps: [1, big, null], prices: ["0.125"] };
      const made = await write(app, "POST /accounts", 201, body);
      expect(made.json).toMatchObject({ steps: ["1", big, null], prices: ["0.125"] });
    });
  },
  ["postgres"],
);
