// `contains:`, `overlaps:` and `containedby:` on PostgreSQL's ranges: each of its own types, and what is no range of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { type Created, postgres } from "../support/databases.js";

/** The type, the range of row 1, what stands in it, a range that begins before and ends in it, one around it, and one behind it. */
const kinds = [
  ["int4range", "[1,10)", "5", "[-3,2]", "[0,10]", "[10,12]", "x"],
  ["int8range", "[1,10)", "9007199254740993", "[-3,2]", "(,)", "[10,12]", "1.5"],
  ["numrange", "[1.5,10)", "1.50", "(,1.5]", "[1,10]", "[10,]", "x"],
  [
    "daterange",
    "[2024-01-01,2024-02-01)",
    "2024-01-31",
    "[2023-01-01,2024-01-01]",
    "[2023-01-01,2025-01-01)",
    "[2024-02-01,]",
    "2024-02-30",
  ],
  [
    "tsrange",
    "[2024-01-01 08:00,2024-01-01 17:00)",
    "2024-01-01T12:30",
    '["2024-01-01 16:00",2024-01-02)',
    "[2024-01-01,]",
    "[2024-01-01T17:00,]",
    "noon",
  ],
  [
    "tstzrange",
    "[2024-01-01 08:00Z,2024-01-01 17:00Z)",
    "2024-01-01T18:30:00+02:00",
    "[2024-01-01T16:00:00Z,]",
    "[2024-01-01,]",
    "[2024-01-01T17:00:00Z,]",
    "noon",
  ],
  ["int4multirange", "{[1,3),[7,9)}", "8", "[2,5]", "[0,10]", "[3,6]", "x"],
] as const;

describe.skipIf(postgres.skip)("ranges", () => {
  let created: Created;
  let api: Api;
  const ask = async (filter: string) => {
    const request = { method: "GET", path: "/stays", query: `select=id&${filter}`, header: () => undefined } as never;
    const answer = await api.handle(request);
    return answer?.status === 200
      ? JSON.parse(answer.body as string).map(({ id }: { id: number }) => id)
      : [answer?.status, JSON.parse(answer?.body as string).detail];
  };

  beforeAll(async () => {
    created = await postgres.create(
      `CREATE TABLE stays (id int PRIMARY KEY, name text, ${kinds.map(([type]) => `${type}_ ${type}`).join(", ")});
       INSERT INTO stays VALUES (1, 'a', ${kinds.map(([, range]) => `'${range}'`).join(", ")}), (2, 'b', ${kinds.map(([type]) => (type.includes("multi") ? "'{}'" : "'empty'")).join(", ")}); INSERT INTO stays (id) VALUES (3);`,
    );
    api = await createApi(created.url);
  });
  afterAll(async () => {
    await api?.close();
    await created?.drop();
  });

  test.each(kinds)("%s", async (type, _, inside, before, around, behind, wrong) => {
    const filter = (text: string) => ask(`${type}_=${encodeURIComponent(text)}`);
    const isBig = inside.length === 16 && type === "int8range";
    expect(await filter(`contains:${inside}`)).toEqual(isBig ? [] : [1]);
    expect(await filter(`not.contains:${inside}`)).toEqual(isBig ? [1, 2] : [2]);
    expect(await filter(`overlaps:${before}`)).toEqual([1]);
    expect(await filter(`overlaps:${behind}`)).toEqual([]);
    expect(await filter(`containedby:${around}`)).toEqual([1, 2]);
    expect(await filter(`contains:${before}`)).toEqual([]);
    expect(await filter("contains:empty")).toEqual([1, 2]);
    expect(
      await ask(`or=(${type}_=${encodeURIComponent(`overlaps:"${before.replaceAll('"', '\\"')}"`)},id=3)`),
    ).toEqual([1, 3]);
    for (const operator of ["contains", "overlaps", "containedby"])
      expect(await filter(`${operator}:${operator === "contains" ? wrong : `[${wrong},]`}`)).toEqual([
        400,
        expect.stringContaining(`${type}_ `),
      ]);
    expect(await filter("overlaps:5")).toEqual([400, expect.stringContaining("is a range such as [")]);
  });

  test("bounds the wrong way round, and what is no range", async () => {
    expect(await ask("int4range_=overlaps:[9,1]")).toEqual([400, expect.stringContaining("lower bound comes first")]);
    expect(await ask("daterange_=contains:[2024-02-01,2024-01-01]")).toEqual([
      400,
      expect.stringContaining("lower bound"),
    ]);
    expect(await ask("name=overlaps:[1,2]")).toEqual([
      400,
      "overlaps: compares arrays and ranges, and name holds neither.",
    ]);
    expect(await ask("id=containedby:1")).toEqual([
      400,
      "containedby: compares arrays and ranges, and id holds neither.",
    ]);
  });
});
