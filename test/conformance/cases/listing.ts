// Lists as they come without a word about them.
import { expect } from "vitest";
import { rows } from "../../fixtures/community.js";
import { asks, is, lists, shows } from "../case.js";

const numbered = (table: string) => (rows[table] ?? []).map((row, i) => ({ id: i + 1, ...row }));

export const listing = [
  shows("GET /countries", numbered("countries")),
  shows("GET /venues", numbered("venues")),
  shows("GET /groups", numbered("groups")),
  shows("GET /employees", numbered("employees")),
  shows("GET /flights", numbered("flights")),
  shows(
    "GET /members",
    numbered("members").map((row) => ({ ...row, balance: Number((row as { balance?: unknown }).balance) })),
  ),
  shows(
    "GET /meetups",
    numbered("meetups").map((row) => {
      const { start_at } = row as { start_at?: string | null };
      return { ...row, start_at: start_at?.replace(" ", "T") ?? null };
    }),
  ),
  lists("GET /members of a table whose key is not said", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  shows("GET /meetups_members", rows.meetups_members),
  lists("GET /stocks sorted by its composite key", ["50%/c", "bolt", "nut", "bolt"], "sku"),
  lists("GET /airports?order-by=name:asc", ["A/B, 1%", "HEL", "lt:5", "OSL"], "code"),
  asks("GET /logs without a key", (answer) => {
    is(200, answer);
    const seen = answer.json.map(({ message, level }: Record<string, string>) => `${message} ${level}`);
    expect(seen.toSorted()).toEqual(["odd null", "started info", "started info"]);
  }),
  lists("GET /group_sizes?order-by=id:asc of a view", [6, 4, 2, 2, 0], "size"),
  lists("GET /group_sizes?size=gt:2&order-by=size:asc", [2, 1]),
  shows("GET /members?id=0", []),
  asks("GET /members in one line of JSON", (answer) => {
    expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(answer.text)));
    expect(answer.text.startsWith('[{"id":1,"name":"Ada"')).toBe(true);
  }),
];
