// One database behind one host, as the cases see it.

import { ddl as badges } from "../fixtures/badges.js";
import { ddl as community } from "../fixtures/community.js";
import { ddl as values } from "../fixtures/values.js";
import { type Created, type DatabaseName, databases, type TestDatabase } from "../support/databases.js";
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

export const databaseOf = (name: DatabaseName): TestDatabase =>
  databases.find((database) => database.name === name) as TestDatabase;

export async function startSubject(name: DatabaseName, host: Host): Promise<Subject> {
  const created = await databaseOf(name).create([community, values, badges].map((ddl) => ddl[name]).join("\n"));
  const hosted: Hosted[] = [];
  try {
    const open = await host.start(created.url);
    hosted.push(open);
    const small = await host.start(created.url, { defaultLimit: 3, maxLimit: 5 });
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

async function end(created: Created, hosted: readonly Hosted[]): Promise<void> {
  for (const one of hosted) await one.close();
  await created.drop();
}
