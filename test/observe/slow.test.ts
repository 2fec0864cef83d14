// The slow-query log: texts, milliseconds, the request's name; never a value.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { onEveryDatabase, onEveryHost } from "../support/matrix.js";
import { keepLines } from "./lines.js";
import { shop } from "./shop.js";

onEveryHost(shop, (place, { name }) => {
  test("GET /artists/:id/albums is told with its statement, and by its name", async () => {
    const { logger, lines } = keepLines();
    const app = await place.app({ logger, slowQuery: 0 });
    const answer = await app.ask("GET /artists/1/albums?title=ne:Kind&limit=1", {
      headers: { "x-request-id": "abc-1" },
    });
    expect(answer.status).toBe(200);
    // Fastify names requests by itself.
    const requestId = name === "fastify" ? expect.stringMatching(/^req-/) : "abc-1";
    expect(lines).toEqual([
      {
        level: "warn",
        text: "slow query",
        fields: {
          requestId,
          route: "GET /artists/:id/albums",
          ms: expect.any(Number),
          operation: "list",
          table: "albums",
          values: expect.any(Number),
          rows: expect.any(Number),
          statement: expect.stringMatching(/^SELECT .*albums/s),
        },
      },
    ]);
    if (name !== "fastify") expect(answer.headers["x-request-id"]).toBe("abc-1");
  });
});

onEveryDatabase(shop, (place) => {
  test("only what took so long is told", async () => {
    const { logger, lines } = keepLines();
    const app = await place.app({ logger, slowQuery: 100 });
    expect((await app.ask("GET /naps")).status).toBe(200);
    expect(lines.map(({ fields }) => fields.table)).toContain("naps");
    expect(lines.every(({ fields }) => fields.ms >= 100)).toBe(true);
    const patient = keepLines();
    const other = await place.app({ logger: patient.logger, slowQuery: 600_000 });
    expect((await other.ask("GET /naps")).status).toBe(200);
    expect(patient.lines).toEqual([]);
  });

  test("a write's transaction is told whole", async () => {
    const { logger, lines } = keepLines();
    const app = await place.app({ logger, slowQuery: 0, hooks: { postSave: () => {} } });
    expect((await app.ask("POST /artists", { body: { id: 9, name: "Ella" } })).status).toBe(201);
    const operations = lines.map(({ fields }) => fields.operation);
    expect([operations[0], operations.at(-1)]).toEqual(["begin", "commit"]);
    expect(operations).toContain("insert");
    expect(new Set(lines.map(({ fields }) => fields.requestId)).size).toBe(1);
    expect((await app.ask("DELETE /artists/9")).status).toBe(204);
  });

  test("a name that could break a line is not taken over", async () => {
    const { logger, lines } = keepLines();
    const app = await place.app({ logger, slowQuery: 0 });
    for (const id of ["a b", "x".repeat(129), "é", '{"a":"\t"}']) {
      const answer = await app.ask("GET /artists/1", { headers: { "x-request-id": id } });
      expect(answer.headers["x-request-id"], id).toMatch(/^[\da-f-]{36}$/);
      expect(lines.at(-1)?.fields.requestId).toBe(answer.headers["x-request-id"]);
    }
  });

  test("no value of a request is ever in a line, whatever the request", async () => {
    const { logger, lines } = keepLines();
    const app = await place.app({ logger, slowQuery: 0, hooks: { preSave: () => {} } });
    const secret = "Hunter2";
    const number = 48_151_623;
    const filters = ["eq", "ne", "gt", "in", "like", "ilike", "contains", "startswith", "between"].map((operator) =>
      operator === "between" ? `between:${secret},${secret}z` : `${operator}:${secret}`,
    );
    const asks = [
      ...filters.map((filter) => `GET /artists?name=${encodeURIComponent(filter)}`),
      `GET /artists?or=(name=${secret},albums.title=${secret})`,
      `GET /albums?title=ne:${secret}&limit=1&count=exact`,
      `GET /artists/${number}`,
      `GET /artists/${number}/albums?select=title,artist(name)&artist.name=${secret}`,
      `GET /albums?select=title,artist(name)&title=ne:${secret}&artist_id=lt:${number}&offset=${number}`,
      `GET /albums?select=artist_id,n:count()&having=n=gt:${number}`,
      `DELETE /albums?title=${secret}`,
      `DELETE /albums/${number}`,
    ];
    for (const line of asks) expect([200, 204, 404], line).toContain((await app.ask(line)).status);
    const writes: [string, unknown][] = [
      ["POST /artists", { id: number, name: secret, albums: [{ id: number, title: secret }] }],
      ["POST /artists?on-conflict=merge", [{ id: number, name: secret }]],
      [`PATCH /artists/${number}`, { name: `${secret}!` }],
      [`PUT /albums/${number}`, { id: number, artist_id: number, title: secret }],
      [`PATCH /albums?title=${secret}`, { title: secret }],
      [
        "POST /batch",
        [
          { method: "DELETE", path: `/albums/${number}` },
          { method: "DELETE", path: `/artists/${number}` },
        ],
      ],
    ];
    for (const [line, body] of writes) expect((await app.ask(line, { body })).status, line).toBeLessThan(400);
    expect(lines.length).toBeGreaterThan(asks.length);
    const said = JSON.stringify(lines);
    expect(said).not.toContain(secret);
    expect(said).not.toContain(String(number));
    const operations = new Set(lines.map(({ fields }) => fields.operation));
    for (const operation of ["list", "count", "read", "insert", "update", "delete"])
      expect(operations).toContain(operation);
  });

  test("slowQuery is a number, and a logger has its functions", async () => {
    const { url } = place.db();
    await expect(createApi(url, { slowQuery: -1 })).rejects.toThrow("options.slowQuery: is a number of milliseconds");
    await expect(createApi(url, { logger: { info() {} } as never })).rejects.toThrow(
      "options.logger: has the functions",
    );
  });

  test("the logger is told of re-reads, and of what failed after a commit", async () => {
    const { logger, lines } = keepLines();
    const failing = () => Promise.reject(new Error("no mail"));
    const app = await place.app({ logger, hooks: { afterCommit: failing }, overrides: [{ name: "albums" }] });
    expect((await app.ask("PATCH /artists/1", { body: { name: "Nina" } })).status).toBe(200);
    expect(lines).toMatchObject([
      { level: "error", text: "an afterCommit hook of artists failed", fields: { err: { message: "no mail" } } },
    ]);
    await place.db().knex.schema.renameTable("albums", "records");
    await expect(app.api.refresh()).rejects.toThrow();
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { problem: expect.stringContaining("albums") } });
    await place.db().knex.schema.renameTable("records", "albums");
    await app.api.refresh();
    expect(lines.at(-1)).toMatchObject({ level: "info", fields: { digest: app.api.schemaState.digest } });
  });
});
