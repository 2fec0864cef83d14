// Lists longer than one piece: the same answers as short ones give, sent as they are read.
import { once } from "node:events";
import { request as send } from "node:http";
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

const table = `CREATE TABLE kinds (id integer PRIMARY KEY);
CREATE TABLE events (id integer PRIMARY KEY, kind_id integer REFERENCES kinds (id), weight integer, note varchar(2000) NOT NULL)`;

const COUNT = 12_000;
const note = "n".repeat(1_900);
const rows = Array.from({ length: COUNT }, (_, i) => ({
  id: i + 1,
  kind_id: i % 3 === 0 ? null : 1,
  weight: i % 7 === 0 ? null : i % 5,
  note,
}));
/** The smallest is NULL. */
const byWeight = rows.toSorted((a, b) => (b.weight ?? -1) - (a.weight ?? -1) || a.id - b.id).map(({ id }) => id);

onEveryHost({ sqlite: table, postgres: table, mariadb: table }, (place) => {
  let app: App;
  beforeAll(async () => {
    await place.db().knex("kinds").insert({ id: 1 });
    for (let at = 0; at < COUNT; at += 200) {
      await place
        .db()
        .knex("events")
        .insert(rows.slice(at, at + 200));
    }
    app = await place.app({ maxLimit: 100_000 });
  });
  const ids = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await app.ask(`GET ${path}`, { headers });
    expect(answer.status, answer.text.slice(0, 500)).toBeLessThan(300);
    return { ...answer, ids: (answer.json as { id: number }[]).map(({ id }) => id) };
  };
  const select = "select=id,weight";

  test("all rows, each once, in their order", async () => {
    const all = await ids(`/events?limit=100000&${select}`);
    expect(all.headers["transfer-encoding"]).toBe("chunked");
    expect(all.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(all.headers.link).not.toContain("next");
    expect(all.ids).toEqual(rows.map(({ id }) => id));
    expect((await ids(`/events?limit=100000&order-by=weight:desc&${select}`)).ids).toEqual(byWeight);
    expect((await ids(`/events?limit=11000&offset=500&order-by=weight:desc&${select}`)).ids).toEqual(
      byWeight.slice(500, 11_500),
    );
  });

  test("filters, children, and what is shown of a row stay as they are", async () => {
    const some = await app.ask("GET /kinds/1/events?limit=100000&weight=gt:2&select=number:id&order-by=id:desc");
    const wanted = rows.filter(({ kind_id, weight }) => kind_id === 1 && weight !== null && weight > 2);
    expect(some.json).toEqual(wanted.map(({ id }) => ({ number: id })).reverse());
  });

  test("what was cut off is found behind the link", async () => {
    const first = await ids(`/events?limit=7000&order-by=weight:desc&${select}`);
    expect(first.ids).toEqual(byWeight.slice(0, 7000));
    const [, next] = /<([^>]+)>; rel="next"/.exec(String(first.headers.link)) ?? [];
    const second = await ids(String(next).slice(app.prefix.length));
    expect(second.ids).toEqual(byWeight.slice(7000));
    expect(second.headers.link).not.toContain("next");
  });

  test("counts, ranges and envelopes say how many rows there are", async () => {
    const counted = await ids(`/events?limit=7000&offset=20&count=exact&${select}`);
    expect(counted.headers["content-range"]).toBe("items 20-7019/12000");
    const all = await ids(`/events?limit=100000&count=exact&${select}`);
    expect(all.headers["content-range"]).toBe("items 0-11999/12000");
    const rest = await ids(`/events?${select}`, { range: "items=9000-20000" });
    expect([rest.status, rest.headers["content-range"]]).toEqual([206, "items 9000-11999/*"]);
    expect(rest.ids).toHaveLength(3000);
    const { json } = await app.ask(`GET /events?limit=7000&envelope=true&${select}`);
    expect({ ...json, items: json.items.length }).toMatchObject({ table: "events", limit: 7000, items: 7000 });
  });

  test("CSV has a line for each", async () => {
    const csv = await app.ask("GET /events?limit=100000&select=id,weight", { headers: { accept: "text/csv" } });
    expect(csv.headers["transfer-encoding"]).toBe("chunked");
    const lines = rows.map(({ id, weight }) => `${id},${weight ?? ""}`);
    expect(csv.text).toBe(`${["id,weight", ...lines].join("\r\n")}\r\n`);
  });

  test("NDJSON has a line for each, and is sent as it is read", async () => {
    const headers = { accept: "application/x-ndjson" };
    const lines = await app.ask("GET /events?limit=100000&select=id,weight", { headers });
    expect(lines.headers["transfer-encoding"]).toBe("chunked");
    const wanted = rows.map(({ id, weight }) => JSON.stringify({ id, weight }));
    expect(lines.text.replaceAll(" ", "")).toBe(`${wanted.join("\n")}\n`);
  });

  test("no piece has more rows than an answer may hold", async () => {
    const bounded = await place.app({ maxLimit: 100_000, maxAnswerRows: 1_500 });
    const { status, json } = await bounded.ask(`GET /events?limit=100000&${select}`);
    expect([status, json.length]).toEqual([200, COUNT]);
  });

  test("HEAD reads no more than it tells", async () => {
    const head = await app.ask("HEAD /events?limit=100000");
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", undefined]);
  });

  test("what fails on the way cuts the connection: nobody takes a part for the whole", async () => {
    const outgoing = send(`${app.base}${app.prefix}/events?limit=100000`).end();
    const [response] = await once(outgoing, "response");
    await place.db().knex.schema.renameTable("events", "elsewhere");
    try {
      const read = async () => {
        for await (const _chunk of response);
      };
      await expect(read()).rejects.toThrow("aborted");
    } finally {
      await place.db().knex.schema.renameTable("elsewhere", "events");
    }
    expect((await ids("/events?limit=1")).ids).toEqual([1]);
  });
});
