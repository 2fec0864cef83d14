// A schema read from one kind of database and made in each of the others: twice is nothing, and the same requests are answered alike.
import { afterAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { askOf } from "../../src/database/database.js";
import { readSchema } from "../../src/database/read-schema.js";
import { applyTables } from "../../src/define/apply.js";
import { withDefinitions } from "../../src/define/read-definition.js";
import type { Maker } from "../../src/define/statements.js";
import { stepText } from "../../src/define/step.js";
import { type Wanted, wantedFromEntries, wantedFromSchema } from "../../src/define/wanted.js";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { type Created, databases, mysql, postgres } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";
import { tables } from "./tables.js";

const servers = [...databases, mysql].filter(({ skip }) => skip === undefined);
const opened: Created[] = [];
afterAll(() => Promise.all(opened.map(({ drop }) => drop())));

async function fresh(server: (typeof servers)[number]): Promise<Created> {
  const created = await server.create();
  opened.push(created);
  return created;
}

const make = ({ url }: Created, wanted: Wanted) => applyTables(url, wanted, { options: {} });

/** As `sapwood schema` saves it. */
async function savedFrom({ url, knex }: Created): Promise<Wanted> {
  const { definition } = dialectOfUrl(url) as Maker;
  const schema = await withDefinitions(await readSchema(url), askOf({ knex }), definition);
  return wantedFromSchema(JSON.parse(JSON.stringify(schema)));
}

const track = {
  ...{
    title: "Carey",
    price: 12345678.25,
    is_live: true,
    seen_at: "2024-05-06T07:08:09",
    heard_at: "2024-05-06T07:08:09Z",
  },
  ...{
    released: "1971-06-22",
    starts: "07:08:09",
    loudness: 0.5,
    plays: 9007199254740991,
    about: "é",
    tags: ["a", { b: 1 }],
  },
};

const requests: readonly (readonly [string, string, unknown?])[] = [
  ["POST", "/albums", [{ title: "Blue" }, { title: "Hejira" }]],
  ["POST", "/albums/1/tracks", track],
  ["POST", "/albums/1/tracks", { ...track, title: "My Old Man", is_live: false }],
  ["POST", "/albums/1/tracks", { title: "Carey" }],
  ["POST", "/albums/9/tracks", { title: "Nowhere" }],
  ["POST", "/people", [{ name: "Joni" }, { name: "Tom", boss: "Joni" }]],
  ["POST", "/albums/1/people/Joni/add"],
  ["GET", "/tracks?is_live=true"],
  ["GET", "/tracks?select=title,price,album(title)&order-by=title:asc"],
  ["GET", "/tracks?released=lt:1972-01-01&select=count()"],
  ["GET", "/albums?select=title,tracks(title,plays),people(name)&order-by=id:asc"],
  ["GET", "/people/Tom/boss"],
  ["PATCH", "/tracks/1", { mood: null, price: "0.10" }],
  ["PATCH", "/albums/1", { best_track_id: 2 }],
  ["DELETE", "/tracks/2"],
  ["GET", "/albums/1"],
  ["DELETE", "/albums/1"],
  ["GET", "/tracks"],
  ["GET", "/people/Joni/albums"],
];

async function answers({ url }: Created): Promise<unknown[]> {
  const api = await createApi(url);
  const all: unknown[] = [];
  for (const [method, address, body] of requests) {
    const response = await api.handle(jsonRequest(method, address, body));
    const said = JSON.parse(String(response?.body || "null"));
    all.push([method, address, response?.status, said?.code ?? said]);
  }
  await api.close();
  return all;
}

describe.each(servers)("from $name", (source) => {
  test("to each of the others", async () => {
    const first = await fresh(source);
    await make(first, wantedFromEntries(tables));
    const wanted = await savedFrom(first);
    const copies = await Promise.all(servers.map(fresh));
    for (const copy of copies) {
      const { plan, outcome } = await make(copy, wanted);
      expect([plan.notes, outcome?.failed]).toEqual([[], undefined]);
      expect((await make(copy, wanted)).plan.steps.map(stepText)).toEqual([]);
    }
    const [expected, ...others] = await Promise.all([first, ...copies].map(answers));
    for (const other of others) expect(other).toEqual(expected);
  }, 120_000);
});

describe.skipIf(postgres.skip)("what only PostgreSQL has", () => {
  test("is said, and becomes the nearest", async () => {
    const first = await fresh(postgres);
    await first.knex.raw(`
      CREATE TYPE mood AS ENUM ('low', 'high');
      CREATE TABLE hosts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ip inet, feels mood, names text[],
        twice int GENERATED ALWAYS AS (2) STORED);
      CREATE VIEW near AS SELECT id, ip FROM hosts;
    `);
    const { plan } = await applyTables("sqlite::memory:", await savedFrom(first), { options: {} });
    expect(plan.notes).toEqual([
      "near is a view, and is not made",
      "hosts.id has no default here: gen_random_uuid()",
      "hosts.ip is of the type inet, and is kept as text",
      "hosts.feels is of the type mood, and is kept as text",
      "hosts.twice is computed where it comes from, and is a plain column here",
    ]);
    expect(plan.statements.flat()[0]?.sql).toContain("`ip` text null, `feels` text null, `names` json null");
  });
});
