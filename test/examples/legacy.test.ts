import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { request } from "../support/http.js";
import { pageText } from "../support/pages.js";
import { type Program, startProgram } from "../support/program.js";

describe("node examples/legacy/app.mjs", () => {
  let app: Program;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(inject("files"), "legacy-"));
    const file = fileURLToPath(new URL("../../examples/legacy/app.mjs", import.meta.url));
    app = await startProgram([file], { env: { TMPDIR: folder } });
  });
  afterAll(() => app?.stop());
  const ask = (line: string, body?: unknown) => {
    const [method = "", path = ""] = line.split(" ");
    return request(app.base, method, path, { body });
  };

  const reads: readonly (readonly [string, unknown])[] = [
    ["GET /customers/1", { id: 1, name: "Müller & Söhne", city: "Köln", blocked: false }],
    ["GET /customers?blocked=true", [{ id: 2, name: "Gebr. Schulz", city: "Bremen", blocked: true }]],
    ["GET /customers/2/orders", [{ id: 12, customer_id: 2, date: "1998-05-20" }]],
    ["GET /orders/10/customer", { id: 1, name: "Müller & Söhne", city: "Köln", blocked: false }],
    ["GET /articles/B-7%2F2", { id: "B-7/2", title: "Winkel", price: 3.5 }],
    [
      "GET /orders/10/articles?order-by=price:asc",
      [
        { id: "A-100", title: "Schraube M8", price: 0.12 },
        { id: "B-7/2", title: "Winkel", price: 3.5 },
      ],
    ],
    ["GET /orders/10/articles/B-7%2F2", { id: "B-7/2", title: "Winkel", price: 3.5 }],
    ["GET /articles/C-1/orders", [{ id: 11, customer_id: 1, date: "1998-05-19" }]],
    ["GET /order_items/10,A-100", { order_id: 10, article_id: "A-100", quantity: 200 }],
    ["GET /orders/11/order_items", [{ order_id: 11, article_id: "C-1", quantity: 4 }]],
    ["GET /order_items/11,C-1/order", { id: 11, customer_id: 1, date: "1998-05-19" }],
    ["GET /order_items/11,C-1/article", { id: "C-1", title: "Türgriff", price: 24.9 }],
    ["GET /orders?date=between:1998-05-01,1998-05-19", [{ id: 11, customer_id: 1, date: "1998-05-19" }]],
  ];
  test.each(reads)("%s", async (line, expected) => {
    const { status, json } = await ask(line);
    expect(json).toEqual(expected);
    expect(status).toBe(200);
  });

  const page = pageText("examples/legacy/README.md");
  const shown = [...page.matchAll(/^\| `GET (\S+)` \| `(.+)` \|$/gm)].map(
    ([, path, answer]) => [path, answer] as const,
  );
  test("its page shows requests", () => expect(shown.length).toBe(4));
  test.each(shown)("GET %s, as its page shows", async (path, answer) => {
    expect((await ask(`GET ${path}`)).json).toEqual(JSON.parse(answer as string));
  });

  test("the old names are unknown", async () => {
    for (const path of ["/TBL_KUNDE", "/tbl_kundes", "/customers/1/tbl_auftrags"])
      expect((await ask(`GET ${path}`)).status, path).toBe(404);
    expect(await ask("GET /customers?KD_NR=1")).toMatchObject({ status: 400, json: { code: "unknown_column" } });
    expect((await ask("POST /customers", { KD_NAME: "x" })).status).toBe(400);
  });

  test("POST /orders/11/articles/B-7%2F2/add carries the quantity, and delete takes the item back", async () => {
    const item = { order_id: 11, article_id: "B-7/2", quantity: 7 };
    expect(await ask("POST /orders/11/articles/B-7%2F2/add", { quantity: 7 })).toMatchObject({
      status: 201,
      json: item,
    });
    expect((await ask("GET /order_items/11,B-7%2F2")).json).toEqual(item);
    expect((await ask("POST /orders/11/articles/B-7%2F2/delete")).status).toBe(204);
    expect((await ask("GET /order_items/11,B-7%2F2")).status).toBe(404);
  });

  test("POST /customers/1/orders fills in the customer and, by preSave, the date", async () => {
    const { status, json } = await ask("POST /customers/1/orders", {});
    expect(status).toBe(201);
    expect(json).toMatchObject({ customer_id: 1, date: expect.stringMatching(/^20\d\d-\d\d-\d\d$/) });
    expect((await ask("POST /orders", { customer_id: 1, date: "1999-12-31" })).json.date).toBe("1999-12-31");
  });

  test("POST /customers/2/orders is refused by postSave, and leaves nothing behind", async () => {
    const orders = () => {
      const file = new Database(join(folder, "sapwood-legacy.db"), { readonly: true });
      try {
        return file.prepare("SELECT * FROM TBL_AUFTRAG").all();
      } finally {
        file.close();
      }
    };
    const before = orders();
    expect(before.length).toBeGreaterThan(0);
    const refused = await ask("POST /customers/2/orders", {});
    expect(refused).toMatchObject({ status: 403, json: { code: "customer_blocked" } });
    expect(await ask("POST /orders", { customer_id: 99 })).toMatchObject({ status: 409 });
    expect(orders()).toEqual(before);
  });
});
