// Where the batch route stands: /batch, unless a table has that path, and nowhere where it is turned off.
import { expect, test } from "vitest";
import { onEveryHost } from "../support/matrix.js";

const table = "CREATE TABLE batch (id INTEGER PRIMARY KEY, name VARCHAR(20));";

onEveryHost({ sqlite: table, postgres: table, mariadb: table }, (place, framework) => {
  const create = (path: string, id: number) => ({ body: [{ method: "POST", path, body: { id, name: "one" } }] });

  test("POST /batch is the batch", async () => {
    const app = await place.app();
    const answer = await app.ask("POST /batch", create("/batches", 1));
    expect(answer.json).toMatchObject([
      { status: 201, headers: { location: "/api/batches/1" }, body: { name: "one" } },
    ]);
  });

  test("POST /batch is the table's where it is called so, and the batch /batch_requests", async () => {
    const app = await place.app({ resourcePathPlural: false });
    expect((await app.ask("POST /batch", { body: { id: 2, name: "two" } })).headers.location).toBe("/api/batch/2");
    expect((await app.ask("POST /batch_requests", create("/batch", 3))).json).toMatchObject([{ status: 201 }]);
    expect((await app.ask("GET /batch")).json.map(({ id }: { id: number }) => id)).toContain(3);
    expect((await app.ask("POST /batch_requests", create("/batch_requests", 4))).json).toMatchObject({
      status: 400,
      code: "invalid_body",
      index: 0,
    });
  });

  test("batch: false", async () => {
    const app = await place.app({ batch: false });
    expect((await app.ask("POST /batch", create("/batches", 5))).status).toBe(404);
  });

  test("maxBatch: 2", async () => {
    const app = await place.app({ maxBatch: 2 });
    const read = { method: "GET", path: "/batches" };
    expect((await app.ask("POST /batch", { body: [read, read] })).status).toBe(200);
    const refused = await app.ask("POST /batch", { body: [read, read, read] });
    expect([refused.status, refused.json.code]).toEqual([400, "too_complex"]);
    expect(refused.json.detail).toContain("2 entries");
  });

  test(`through ${framework.name}, a batch of 100 is one request`, async () => {
    const app = await place.app();
    const body = Array.from({ length: 100 }, (_, i) => ({ method: "POST", path: "/batches", body: { id: 100 + i } }));
    const answer = await app.ask("POST /batch", { body });
    expect(answer.json.map(({ status }: { status: number }) => status)).toEqual(Array(100).fill(201));
  });
});
