// Range: items=…: limit and offset as a header.
import { expect } from "vitest";
import type { Case } from "../case.js";

const asks = (title: string, range: string, status: number, ids: readonly number[], contentRange?: string): Case => ({
  title: `${title} with Range: ${range}`,
  async run(api) {
    const answer = await api.ask(title, { headers: { range } });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.headers["content-range"]).toBe(contentRange);
    expect(answer.json.map((row: { id: number }) => row.id)).toEqual(ids);
  },
});

const refused = (title: string, range: string, status: number, code: string, contentRange?: string): Case => ({
  title: `${title} with Range: ${range}`,
  async run(api) {
    const answer = await api.ask(title, { headers: { range } });
    expect([answer.status, answer.json.code], answer.text).toEqual([status, code]);
    expect(answer.headers["content-range"]).toBe(contentRange);
  },
});

export const ranges = [
  asks("GET /members", "items=0-1", 206, [1, 2], "items 0-1/*"),
  asks("GET /members?count=exact", "items=10-24", 206, [11, 12], "items 10-11/12"),
  asks("GET /members", "items=11-", 206, [12], "items 11-11/*"),
  asks("GET /groups/1/members", "items=4-5", 206, [5, 6], "items 4-5/*"),
  asks("GET /members?limit=1", "items=4-5", 200, [1], undefined),
  asks("GET /members?id=lt:3", "bytes=0-9", 200, [1, 2], undefined),
  asks("GET /members?id=lt:0", "items=0-9", 206, [], "items */*"),
  refused("GET /members", "items=12-20", 416, "range_not_satisfiable", "items */*"),
  refused("GET /members?count=exact", "items=100-", 416, "range_not_satisfiable", "items */12"),
  refused("GET /members", "items=5-2", 400, "malformed_query"),
  refused("GET /members", "items=a-b", 400, "malformed_query"),
  refused("GET /countries/99/members", "items=0-2", 404, "parent_not_found"),
];
