// One database behind one host, as the cases see it.
import type { ApiOptions } from "../../src/api/options.js";
import { ddl as articles } from "../fixtures/articles.js";
import { ddl as badges } from "../fixtures/badges.js";
import { ddl as community } from "../fixtures/community.js";
import { ddl as places } from "../fixtures/places.js";
import { overrides, ddl as values } from "../fixtures/values.js";
import {
  type AnyDatabaseName,
  type Created,
  ddlNameOf,
  everyDatabase,
  mssql,
  type NamedDatabase,
  olderPostgres,
  type ServerName,
} from "../support/databases.js";
import { type Answer, type RequestParts, request } from "../support/http.js";
import type { Host, Hosted } from "./hosts.js";
import { restore, snapshot } from "./rows.js";

export interface Subject {
  /** `ask("GET /members?age=36")`: the first two words are sent, below the host's prefix. */
  ask(line: string, parts?: RequestParts): Promise<Answer>;
  /** The same from an API with `defaultLimit` 3 and `maxLimit` 5. */
  askSmall(line: string, parts?: RequestParts): Promise<Answer>;
  readonly base: string;
  /** What stands before `/members` in a URL's path: empty, or `/api`. */
  readonly prefix: string;
  readonly knex: Created["knex"];
  /** Every row of every table, by table. */
  rows(): Promise<Readonly<Record<string, readonly string[]>>>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export const databaseOf = (name: ServerName): NamedDatabase =>
  [...everyDatabase, ...olderPostgres, mssql].find((database) => database.name === name) as NamedDatabase;

/** `by`: the way to the database that the host takes. The test's own connections go there straight. */
export async function startSubject(
  server: ServerName,
  host: Host,
  by: (url: string) => string = (url) => url,
): Promise<Subject> {
  const name = ddlNameOf(server);
  const created = await databaseOf(server).create(
    [community, values, badges, places, articles].map((ddl) => ddl[name]).join("\n"),
  );
  const hosted: Hosted[] = [];
  try {
    const options = await optionsFor[name](created.knex);
    const open = await host.start(by(created.url), options);
    hosted.push(open);
    const small = await host.start(by(created.url), { ...options, defaultLimit: 3, maxLimit: 5 });
    hosted.push(small);
    const prefix = new URL(open.base).pathname.replace(/\/$/, "");
    const ask = (base: string) => (line: string, parts?: RequestParts) => {
      const [method = "", path = ""] = line.split(" ");
      return request(base, method, prefix + path, parts);
    };
    return {
      ask: ask(open.base),
      askSmall: ask(small.base),
      base: open.base,
      prefix,
      knex: created.knex,
      rows: () => snapshot(created.knex),
      restore: () => restore(name, created.knex),
      close: () => end(created, hosted),
    };
  } catch (error) {
    await end(created, hosted);
    throw error;
  }
}

const optionsFor: Readonly<Record<AnyDatabaseName, (knex: Created["knex"]) => ApiOptions | Promise<ApiOptions>>> = {
  sqlite: () => ({}),
  postgres: () => ({}),
  /** SAPWOOD_TEST_MYSQL names a MariaDB or a MySQL. */
  async mariadb(knex) {
    const [[{ version }]] = await knex.raw("SELECT VERSION() AS version");
    return /mariadb/i.test(version) ? {} : { overrides: overrides["MySQL 8"] };
  },
  mssql: () => ({ overrides: overrides.mssql }),
};

async function end(created: Created, hosted: readonly Hosted[]): Promise<void> {
  for (const one of hosted) await one.close();
  await created.drop();
}
