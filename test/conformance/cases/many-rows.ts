// PATCH and DELETE on lists: every row that the filters select, and no other.
import { expect } from "vitest";
import { type Case, is, refuses } from "../case.js";
import type { Subject } from "../subject.js";

interface Sent {
  readonly body?: unknown;
  readonly prefer?: string;
}

/** What each row of a table is, by its own id or key. */
async function tableOf(api: Subject, path: string): Promise<Map<string, unknown>> {
  const { json } = await api.ask(`GET ${path}?limit=1000`);
  return new Map(json.map((row: Record<string, unknown>) => [String(row.id ?? `${row.warehouse},${row.sku}`), row]));
}

/** 200, these rows in this order, each with these fields; the same rows are read, and no other one has changed. */
const patches = (line: string, body: object, ids: readonly (number | string)[], fields: object, title = ""): Case => ({
  title: `PATCH ${line} of ${JSON.stringify(body)}${title}`,
  writes: true,
  async run(api) {
    const collection = line.includes("/members?") ? "/members" : line.replace(/\?.*/, "");
    const before = await tableOf(api, collection);
    const answer = await api.ask(`PATCH ${line}`, { body });
    is(200, answer);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.headers["x-total-count"]).toBe(String(ids.length));
    const shown = answer.json as Record<string, unknown>[];
    expect(shown.map((row) => row.id ?? `${row.warehouse},${row.sku}`)).toEqual(ids);
    for (const row of shown) expect(row).toMatchObject(fields);
    const after = await tableOf(api, collection);
    for (const row of shown) expect([...after.values()]).toContainEqual(row);
    const others = (rows: Map<string, unknown>) => [...rows].filter(([id]) => !ids.map(String).includes(id));
    if (after.size === before.size && ids.every((id) => before.has(String(id)))) {
      expect(others(after)).toEqual(others(before));
    }
  },
});

/** 204, and these rows are no more in the list, and no others. */
const deletes = (line: string, ids: readonly number[], title = ""): Case => ({
  title: `DELETE ${line}${title}`,
  writes: true,
  async run(api) {
    const list = line.replace(/\?.*/, "");
    const before = await tableOf(api, list);
    const answer = await api.ask(`DELETE ${line}`);
    expect([answer.status, answer.text], answer.text).toEqual([204, ""]);
    expect(answer.headers["x-total-count"]).toBe(String(ids.length));
    for (const id of ids) before.delete(String(id));
    expect(await tableOf(api, list)).toEqual(before);
  },
});

const unlinks: Case = {
  title: "DELETE /groups/1/members?age=lt:30 takes members out of the group, and no member away",
  writes: true,
  async run(api) {
    const members = await tableOf(api, "/members");
    const others = await tableOf(api, "/groups/2/members");
    is(204, await api.ask("DELETE /groups/1/members?age=lt:30"));
    expect([...(await tableOf(api, "/groups/1/members")).keys()]).toEqual(["1", "2", "4", "5"]);
    expect(await tableOf(api, "/members")).toEqual(members);
    expect(await tableOf(api, "/groups/2/members")).toEqual(others);
  },
};

/** What a preference does to an answer; whether anything is kept is looked up. */
const prefers = (
  line: string,
  { body, prefer = "" }: Sent,
  expected: { status: number; count: string; applied?: string; ids?: readonly number[]; kept?: boolean },
): Case => ({
  title: `${line} with Prefer: ${prefer}`,
  writes: true,
  async run(api) {
    const before = await api.rows();
    const answer = await api.ask(line, { body, headers: { prefer } });
    is(expected.status, answer);
    expect(answer.headers["x-total-count"]).toBe(expected.count);
    expect(answer.headers["preference-applied"]).toBe(expected.applied);
    expect(answer.json?.map(({ id }: { id: number }) => id)).toEqual(expected.ids);
    expect(JSON.stringify(await api.rows()) === JSON.stringify(before)).toBe(expected.kept === false);
  },
});

const inBatch: Case = {
  title: "POST /batch of writes on lists",
  writes: true,
  async run(api) {
    const answer = await api.ask("POST /batch", {
      body: [
        { method: "PATCH", path: "/meetups?group_id=2", body: { seats: { increment: 1 } } },
        { method: "DELETE", path: "/meetups?group_id=2&seats=1", body: {} },
        { method: "PATCH", path: "/meetups?seats=$0.0.seats", body: { title: "Climb" } },
      ],
    });
    is(200, answer);
    const shown = answer.json.map(({ status, headers, body }: { status: number; headers: object; body: unknown[] }) => [
      status,
      headers,
      body?.length,
    ]);
    expect(shown).toEqual([
      [200, { "x-total-count": "3" }, 3],
      [204, { "x-total-count": "1" }, undefined],
      [200, { "x-total-count": "2" }, 2],
    ]);
  },
};

const thousand: Case = {
  title: "PATCH and DELETE of 1000 rows with composite keys, and of one more",
  writes: true,
  async run(api) {
    const body = Array.from({ length: 1000 }, (_, i) => ({ warehouse: "bulk", sku: `s${i}`, quantity: i }));
    is(201, await api.ask("POST /stocks", { body }));
    const answer = await api.ask("PATCH /stocks?warehouse=bulk", { body: { quantity: { increment: 1 } } });
    is(200, answer);
    expect(answer.headers["x-total-count"]).toBe("1000");
    const sum = answer.json.reduce((sum: number, { quantity }: { quantity: number }) => sum + quantity, 0);
    expect(sum).toBe(500_500);
    is(201, await api.ask("POST /stocks", { body: { warehouse: "bulk", sku: "more" } }));
    const refused = await api.ask("DELETE /stocks?warehouse=bulk");
    expect([refused.status, refused.json.code]).toEqual([400, "too_many_rows"]);
    is(204, await api.ask("DELETE /stocks?warehouse=bulk&sku=ne:more"));
    expect((await api.ask("GET /stocks?warehouse=bulk")).json).toEqual([
      { warehouse: "bulk", sku: "more", quantity: 0 },
    ]);
  },
};

/** Each either happens as a whole or is told to come again. */
const race: Case = {
  title: "PATCH /stocks?warehouse=north by twenty increments at once",
  writes: true,
  async run(api) {
    const body = { quantity: { increment: 1 } };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.ask("PATCH /stocks?warehouse=north", { body })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const done = statuses.filter((status) => status === 200).length;
    expect(done).toBeGreaterThan(0);
    const { json } = await api.ask("GET /stocks?warehouse=north");
    expect(json.map(({ quantity }: { quantity: number }) => quantity)).toEqual([10 + done, done]);
  },
};

const age = { age: 77 };

export const manyRows = [
  patches("/members?age=lt:30", { age: 30 }, [3, 6, 8, 12], { age: 30 }),
  patches("/members?or=(age=is:null,name=Kofi)&id=gt:5", age, [9, 11], age),
  patches("/members?country.code=CI", { joined: "2025-01-01" }, [4, 10, 11], { joined: "2025-01-01" }),
  patches("/members?id=is:notnull", age, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], age),
  patches("/members?age=36", { balance: { increment: 0.1 } }, [1, 4], { age: 36 }),
  patches("/members?age=36", {}, [1, 4], { age: 36 }, ", which changes nothing"),
  patches("/members?age=999", age, [], {}),
  patches("/meetups?group_id=1", { seats: 1 }, [1, 2], { seats: 1 }),
  patches("/countries/1/members?age=gt:30", { country_id: 2 }, [1, 2], { country_id: 2 }, ", which moves them"),
  patches("/groups/1/members?age=36", { name: "Linked" }, [1, 4], { name: "Linked" }),
  patches("/stocks?quantity=gt:5", { quantity: 0 }, ["north,bolt", "south,bolt"], { quantity: 0 }),
  patches("/stocks?quantity=0", { warehouse: "west" }, ["west,nut"], { quantity: 0 }, ", which changes their key"),
  patches("/employees?manager.name=Left", { manager_id: 3 }, [4, 5], { manager_id: 3 }),
  deletes("/employees?manager_id=2", [4, 5]),
  deletes("/employees?manager.manager.name=Root", [4, 5]),
  deletes("/employees?id=gt:1", [2, 3, 4, 5], " of rows that refer to each other"),
  deletes("/employees?id=is:notnull", [1, 2, 3, 4, 5]),
  deletes("/countries/1/members?age=lt:25", [12]),
  deletes("/members?or=(name=like:g%25,age=lt:20)", [6, 8, 9]),
  deletes("/members?age=999", []),
  deletes("/countries/1/members?age=999", []),
  deletes("/groups/1/members?country.code=NO", [1, 2]),
  deletes("/meetups/1/members?name=Ada", [1]),
  unlinks,
  inBatch,
  thousand,
  race,
  prefers(
    "PATCH /members?age=36",
    { body: age, prefer: "max-affected=2" },
    {
      ...{ status: 200, count: "2", applied: "max-affected=2", ids: [1, 4] },
    },
  ),
  prefers(
    "PATCH /members?age=36",
    { body: age, prefer: "return=minimal" },
    {
      ...{ status: 204, count: "2", applied: "return=minimal" },
    },
  ),
  prefers(
    "PATCH /members?age=36",
    { body: age, prefer: "tx=rollback" },
    {
      ...{ status: 200, count: "2", applied: "tx=rollback", ids: [1, 4], kept: false },
    },
  ),
  prefers(
    "DELETE /employees?manager_id=2",
    { prefer: "return=representation, max-affected=9" },
    {
      ...{ status: 200, count: "2", applied: "max-affected=9, return=representation", ids: [4, 5] },
    },
  ),
  prefers(
    "DELETE /groups/1/members?age=36",
    { prefer: "return=representation" },
    {
      ...{ status: 200, count: "2", applied: "return=representation", ids: [1, 4] },
    },
  ),
  prefers(
    "DELETE /members?age=36",
    { prefer: "tx=rollback, max-affected=2" },
    {
      ...{ status: 204, count: "2", applied: "max-affected=2, tx=rollback", kept: false },
    },
  ),
  ...["/members", "/countries/1/members", "/groups/1/members", "/stocks"].flatMap((path) => [
    refuses(`PATCH ${path}`, 400, "filter_required", { body: {} }),
    refuses(`DELETE ${path}`, 400, "filter_required", {
      says: path === "/stocks" ? "?warehouse=is:notnull" : "?id=is:notnull",
    }),
  ]),
  ...["limit=1", "offset=1", "order-by=id", "select=id", "count=exact", "after=x", "envelope=true"].flatMap((shape) => [
    refuses(`PATCH /members?age=36&${shape}`, 400, "unknown_parameter", { body: age, says: /filters alone/ }),
    refuses(`DELETE /members?${shape}`, 400, "unknown_parameter", { says: /filters alone/ }),
  ]),
  refuses("PATCH /members?age=36 with Prefer: max-affected=1", 400, "too_many_rows", {
    ...{ body: age, headers: { prefer: "max-affected=1" }, says: /more rows than 1,/ },
  }),
  refuses("DELETE /members?age=36 with Prefer: max-affected=0", 400, "too_many_rows", {
    ...{ headers: { prefer: "max-affected=0" } },
  }),
  ...["five", "-1", "1.5", "", "1e3"].map((most) =>
    refuses(`DELETE /members?age=36 with Prefer: max-affected=${most}`, 400, "malformed_header", {
      headers: { prefer: `max-affected=${most}` },
    }),
  ),
  refuses("PATCH /members?agee=36", 400, "unknown_column", { body: age, says: "'age'" }),
  refuses("PATCH /members?age=old", 400, "invalid_filter", { body: age }),
  refuses("PATCH /members?age=36 of a column that is not there", 400, "unknown_column", { body: { agee: 1 } }),
  refuses("PATCH /members?age=999 of a column that is not there", 400, "unknown_column", { body: { agee: 1 } }),
  refuses("PATCH /members?age=36 of text", 422, "invalid_value", { body: { age: "old" }, fields: ["age"] }),
  refuses("PATCH /members?age=36 of NULL", 422, "not_null_violation", { body: { name: null } }),
  refuses("PATCH /members?age=36 of one email", 409, "unique_violation", { body: { email: "one@example.org" } }),
  refuses("PATCH /meetups?id=in:1,5 of fewer seats than there are", 422, "check_violation", {
    body: { seats: { increment: -1 } },
  }),
  refuses("PATCH /members?age=36 with If-Match", 412, "precondition_failed", {
    ...{ body: age, headers: { "if-match": '"x"' } },
  }),
  refuses("PATCH /countries/999/members?age=36", 404, "parent_not_found", { body: age }),
  refuses("DELETE /countries/999/members?age=36", 404, "parent_not_found"),
  refuses("DELETE /groups/999/members?age=36", 404, "parent_not_found"),
  refuses("DELETE /countries?id=gt:0", 409, "foreign_key_violation"),
  refuses("DELETE /employees?id=lt:4", 409, "foreign_key_violation"),
  refuses("DELETE /members?name=x'%20OR%201=1--&age=999;DROP", 400, "invalid_filter"),
];
