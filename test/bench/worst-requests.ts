// The most expensive requests that default limits let through, and what they need beside the record shop.
import type { Knex } from "knex";

export interface WorstRequest {
  readonly name: string;
  readonly method?: "POST";
  readonly path: string;
  readonly type?: string;
  readonly body?: () => string;
  /** The client leaves after so many milliseconds; measured is until the next short read is answered. */
  readonly leaves?: number;
}

/** Each of so many people has each of so many tags. */
const MANY = 150;
const COUNTRIES = 100;

const tables = `
CREATE TABLE people (id integer PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE tags (id integer PRIMARY KEY, label varchar(40) NOT NULL);
CREATE TABLE person_tag (person_id integer NOT NULL, tag_id integer NOT NULL, PRIMARY KEY (person_id, tag_id),
  FOREIGN KEY (person_id) REFERENCES people (id), FOREIGN KEY (tag_id) REFERENCES tags (id));
CREATE INDEX person_tag_tag ON person_tag (tag_id);
CREATE TABLE countries (id integer PRIMARY KEY, name varchar(40) NOT NULL);
ALTER TABLE artists ADD COLUMN country_id integer REFERENCES countries (id)`;

/** 22,500 links, and a country for each artist. */
export async function addWorst(knex: Knex): Promise<void> {
  for (const statement of tables.split(";")) await knex.raw(statement);
  const ids = Array.from({ length: MANY }, (_, i) => i + 1);
  const countries = ids.slice(0, COUNTRIES);
  await knex.raw(`INSERT INTO people VALUES ${ids.map((id) => `(${id}, 'Person ${id}')`)}`);
  await knex.raw(`INSERT INTO tags VALUES ${ids.map((id) => `(${id}, 'tag ${id}')`)}`);
  for (const person of ids) await knex.raw(`INSERT INTO person_tag VALUES ${ids.map((tag) => `(${person}, ${tag})`)}`);
  await knex.raw(`INSERT INTO countries VALUES ${countries.map((id) => `(${id}, 'Country ${id}')`)}`);
  await knex.raw(`UPDATE artists SET country_id = 1 + id % ${COUNTRIES}`);
  await knex.raw("CREATE INDEX artists_country ON artists (country_id)");
}

const nested = "/people?select=name,tags(label,people(name,tags(label)))&limit=100";
const countries = "/countries?limit=1000&select=*,artists(*,albums(*,tracks(*)))";
const slowSort = "/tracks?order-by=composer:desc,name:asc,bytes:desc&limit=1000";
const twoSteps = (i: number): string => `tags.people.name=zzz${i}`;

const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const json = { method: "POST", path: "/batch", type: "application/json" } as const;
const batchOf = (paths: readonly string[]): string => JSON.stringify(paths.map((path) => ({ method: "GET", path })));

export const worstRequests: readonly WorstRequest[] = [
  { name: "people, tags, people, tags", path: nested },
  { name: "countries down to tracks", path: countries },
  { ...json, name: "batch of 40 nested lists", body: () => batchOf(times(40, () => nested)) },
  { ...json, name: "batch of 40 country trees", body: () => batchOf(times(40, () => countries)) },
  {
    ...json,
    name: "batch of 100 slow sorts, client leaves",
    body: () => batchOf(times(100, () => slowSort)),
    leaves: 1_000,
  },
  { ...json, name: "batch of one GET, 40 filters", body: () => batchOf([`/people?${times(40, twoSteps).join("&")}`]) },
  { name: "filter over two N-to-N steps", path: `/people?${twoSteps(0)}` },
  {
    ...{ name: "CSV of a million blank lines", method: "POST", path: "/artists", type: "text/csv" },
    body: () => `name${"\n".repeat(1_000_000)}`,
  },
];

export interface WorstDocument {
  readonly name: string;
  readonly tables: number;
  readonly hubs: number;
  readonly depth: number;
  readonly path: string;
}

export const worstDocuments: readonly WorstDocument[] = [
  { name: "/openapi.json, 473 tables", tables: 473, hubs: 3, depth: 2, path: "/openapi.json" },
  { name: "/openapi.json, 39 tables at depth 3", tables: 39, hubs: 12, depth: 3, path: "/openapi.json" },
  { name: "/docs/diagram, 1,000 tables", tables: 1_000, hubs: 3, depth: 2, path: "/docs/diagram" },
];
