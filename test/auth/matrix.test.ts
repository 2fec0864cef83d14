// Every kind of path × every operation × every rule on each table: the answer and the tables are what a model says.
import { isDeepStrictEqual } from "node:util";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { type Created, type DatabaseName, databases } from "../support/databases.js";
import { type Ask, asks, inBatch, requestOf, tablesIn } from "./matrix/ask.js";
import { predict } from "./matrix/model.js";
import { ddl, type Row, type State, seed, tableNames, tables, textOf } from "./matrix/rows.js";
import { type Access, accesses, claims, kinds, roles } from "./matrix/rules.js";
import { send } from "./same/sent.js";

/** Of so many combinations one is run: the databases' servers take their time. Over all roles every request has its turn. */
const share: Readonly<Record<DatabaseName, number>> = { sqlite: 31, postgres: 89, mariadb: 83 };
const { SAPWOOD_MATRIX_SHARE } = process.env;

test("every operation is done for some and refused to some", () => {
  const done = new Map<string, Set<boolean>>();
  for (const [access, ask] of Object.keys(kinds).flatMap((kind) => turnsOf(kind, 11))) {
    const seen = done.get(ask.op) ?? new Set();
    done.set(ask.op, seen.add((predict(access, seed, ask).status[0] as number) < 300));
  }
  expect([...done].filter(([, seen]) => seen.size < 2)).toEqual([]);
});

for (const database of databases) {
  const every = Number(SAPWOOD_MATRIX_SHARE ?? share[database.name]);
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    let api: Api;
    /** The same with a cache, in which one caller's answers stand when the next one asks. */
    let keeping: Api;
    beforeAll(async () => {
      created = await database.create(ddl(database.name));
      const options: ApiOptions = { roles, user: (raw) => ({ ...claims, role: raw }), depth: 3 };
      api = await createApi(created.url, options);
      keeping = await createApi(created.url, { ...options, cache: { ttl: 600 } });
    });
    afterAll(async () => {
      await api?.close();
      await keeping?.close();
      await created?.drop();
    });

    for (const kind of Object.keys(kinds)) {
      const turns = turnsOf(kind, every);
      test(`${kind}: ${turns.length} requests`, { timeout: 120_000 }, async () => {
        const wrong: string[] = [];
        for (const [i, turn] of turns.entries())
          for (const asked of i % 3 === 0 ? [keeping, keeping] : [api]) {
            const found = await mistake(turn, asked, created.knex);
            if (found !== undefined) wrong.push(found);
          }
        expect(wrong.length, wrong.slice(0, 12).join("\n\n")).toBe(0);
      });
    }
  });
}

type Turn = readonly [access: Access, ask: Ask, batched: boolean];

/** Each fifth as an entry of a batch. */
function turnsOf(kind: string, every: number): Turn[] {
  const all = accesses
    .filter(({ name }) => name === kind)
    .flatMap((access) =>
      asks.filter((ask) => tablesIn(ask).includes(access.subject)).map((ask) => [access, ask] as const),
    );
  const first = Object.keys(kinds).indexOf(kind);
  return all.filter((_, i) => (i + first) % every === 0).map(([access, ask], i) => [access, ask, i % 5 === 0]);
}

function answerOf({ status, body }: { readonly status: number; readonly body: string }, batched: boolean) {
  const all = status < 300 && body !== "" ? JSON.parse(body) : undefined;
  if (!batched || all === undefined) return { status, answered: all, body };
  const [{ status: inner, body: answered }] = all;
  return { status: inner as number, answered: answered ?? undefined, body };
}

/** What is told of a request that goes wrong. The tables are as before afterwards. */
async function mistake([access, ask, batched]: Turn, api: Api, knex: Knex): Promise<string | undefined> {
  const wanted = predict(access, seed, ask);
  const request = batched ? inBatch(requestOf(ask)) : requestOf(ask);
  const { status, answered, body } = answerOf(await send(api, request, access.role), batched);
  const state = request.method === "GET" ? seed : await stateOf(knex);
  if (state !== seed && !isDeepStrictEqual(textOf(state), textOf(seed))) await restore(knex, state);
  const isRight =
    wanted.status.includes(status) &&
    (status >= 300 || ask.op === "nest" || isDeepStrictEqual(answered, wanted.body)) &&
    isDeepStrictEqual(textOf(state), textOf(wanted.state));
  if (isRight) return undefined;
  const [old, next] = [textOf(wanted.state), textOf(state)];
  return [
    `${access.role}: ${request.method} ${request.path}?${request.query} ${JSON.stringify(request.body ?? "")}`,
    `wanted ${wanted.status} ${JSON.stringify(wanted.body)}`,
    `found  ${status} ${body}`,
    ...old.filter((text) => !next.includes(text)).map((text) => `- ${text}`),
    ...next.filter((text) => !old.includes(text)).map((text) => `+ ${text}`),
  ].join("\n");
}

async function stateOf(knex: Knex): Promise<State> {
  const all = await Promise.all(
    tableNames.map(async (name) => [name, (await knex(name).select("*")) as Row[]] as const),
  );
  return Object.fromEntries(all) as unknown as State;
}

/** The tables that differ from the seed, and those that refer to them. */
async function restore(knex: Knex, state: State): Promise<void> {
  const differs = tableNames.map((name) => !isDeepStrictEqual(linesOf(state, name), linesOf(seed, name)));
  const first = differs.indexOf(true);
  const again = tableNames.filter(
    (name, i) => i >= first && (differs[i] || Object.values(tables[name].foreign).length > 0),
  );
  await knex.transaction(async (trx) => {
    for (const name of again.toReversed()) await trx(name).delete();
    for (const name of again) await trx(name).insert([...seed[name]]);
  });
}

const linesOf = (state: State, table: string): string[] => textOf(state).filter((text) => text.startsWith(`${table} `));
