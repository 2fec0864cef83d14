// `contains:` on PostgreSQL's arrays of every kind of element: a filter is typed by the element, and is an answer or a 400.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { type Created, postgres } from "../support/databases.js";

/** The column's type, its array, what finds it, and what does not fit. */
const kinds: readonly (readonly [type: string, array: string, found: string, wrong?: string])[] = [
  ["int[]", "{1,2,NULL}", "2,1", "x"],
  ["bigint[]", "{9223372036854775807}", "9223372036854775807", "9223372036854775808"],
  ["numeric(10,2)[]", "{1.50}", "1.5", "1,5x"],
  ["float8[]", "{0.1}", "0.1", "x"],
  ["boolean[]", "{t,f}", "true", "maybe"],
  ["varchar(5)[]", '{"a,b",c}', 'c,"a,b"'],
  ["uuid[]", "{6f1c2b8e-0d3a-4c57-9e21-5b8f0a7d4c13}", "6F1C2B8E-0D3A-4C57-9E21-5B8F0A7D4C13", "x"],
  ["date[]", "{2024-02-29}", "2024-02-29", "2023-02-29"],
  ["timestamptz[]", "{2024-02-29T12:30:00.5Z}", "2024-02-29T13:30:00.5+01:00", "x"],
  ["bytea[]", '{"\\\\x0001ff"}', "AAH/", "*"],
  ["feeling[]", "{calm}", "calm", "hapy"],
  ["jsonb[]", '{"{\\"a\\": 1}"}', '"{\\"a\\":1}"'],
  ["json[]", '{"{\\"a\\":1}"}', '"{\\"a\\":1}"'],
  ["xml[]", "{<a/>}", "<a/>"],
  ["inet[]", "{10.0.0.1}", "10.0.0.1", "x"],
  ["int[][]", "{{1,2},{3,4}}", "4,1", "x"],
];

describe.skipIf(postgres.skip)("contains: on an array of", () => {
  let created: Created;
  let api: Api;
  const ask = async (filter: string) => {
    const request = { method: "GET", path: "/lists", query: filter, header: () => undefined } as never;
    const answer = await api.handle(request);
    return {
      status: answer?.status,
      rows: answer?.status === 200 ? JSON.parse(answer.body as string).length : undefined,
    };
  };

  beforeAll(async () => {
    created = await postgres.create(
      `CREATE TYPE feeling AS ENUM ('calm', 'happy');
       CREATE TABLE lists (id int PRIMARY KEY, ${kinds.map(([type], i) => `c${i} ${type}`).join(", ")});
       INSERT INTO lists VALUES (1, ${kinds.map(([, array]) => `'${array}'`).join(", ")}), (2, ${kinds.map(() => "'{}'").join(", ")});`,
    );
    api = await createApi(created.url);
  });
  afterAll(async () => {
    await api?.close();
    await created?.drop();
  });

  test.each(kinds.map((kind, i) => [kind[0], `c${i}`, kind] as const))("%s", async (_, column, [, , found, wrong]) => {
    expect(await ask(`${column}=contains:${encodeURIComponent(found)}`)).toEqual({ status: 200, rows: 1 });
    expect(await ask(`${column}=not.contains:${encodeURIComponent(found)}`)).toEqual({ status: 200, rows: 1 });
    expect(await ask(`${column}=contains:`)).toEqual({ status: 200, rows: 2 });
    const [one = ""] = found.match(/"(?:\\.|[^"])*"|[^,]+/) ?? [];
    expect(await ask(`${column}=overlaps:${encodeURIComponent(one)}`)).toEqual({ status: 200, rows: 1 });
    expect(await ask(`${column}=containedby:`)).toEqual({ status: 200, rows: 1 });
    if (wrong !== undefined)
      expect(await ask(`${column}=contains:${encodeURIComponent(wrong)}`)).toMatchObject({ status: 400 });
  });
});
