// The property: whatever a caller asks, two databases that differ only in what its role may not see answer the same bytes.

import { describe, expect, test } from "vitest";
import type { Api } from "../../../src/api/api.js";
import { createApi } from "../../../src/api/create.js";
import type { ApiOptions } from "../../../src/api/options.js";
import { anyAsk } from "../../model/any-ask.js";
import type { World } from "../../model/evaluate.js";
import { type Ask, pathOf, queryOf } from "../../model/query.js";
import { relationsOf } from "../../model/relations.js";
import { inserts, rowsOf } from "../../model/rows.js";
import { anySchema, ddl } from "../../model/schema.js";
import { fc } from "../../support/any.js";
import { type DatabaseName, ddlNameOf, everyDatabase } from "../../support/databases.js";
import { type Sent, send } from "./sent.js";
import { grantsOf, named, type Pair, pairsOf } from "./unseen.js";
import { anyWrite } from "./writes.js";

const limits = { defaultLimit: 5, maxLimit: 7, depth: 3, maxEmbeds: 500, maxFilters: 500, maxJoins: 500 };

const anyPair: fc.Arbitrary<Pair> = anySchema
  .chain((schema) => rowsOf(schema).map((rows): World => ({ schema, rows, relations: relationsOf(schema), ...limits })))
  .chain(pairsOf);

/** SAPWOOD_SAME_SEED and SAPWOOD_SAME_SCHEMAS look for more, as those of the model do. */
const { SAPWOOD_SAME_SEED = "1", SAPWOOD_SAME_SCHEMAS } = process.env;
const seed = Number(SAPWOOD_SAME_SEED);

export interface Runs {
  readonly schemas: number;
  /** Of each schema. */
  readonly reads: number;
  readonly writes: number;
}

export function sameAnswers(name: DatabaseName | "mysql", runs: Runs): void {
  const database = everyDatabase.find((one) => one.name === name);
  if (database === undefined) throw new Error(`There is no database ${name}.`);
  const schemas = Number(SAPWOOD_SAME_SCHEMAS ?? runs.schemas);
  describe.skipIf(database.skip)(`${name}, seed ${seed}`, () => {
    const pairs = fc.sample(anyPair, { seed, numRuns: schemas });

    test("the two databases are different", () => {
      expect(pairs.filter(({ changes }) => changes > 2).length).toBeGreaterThan(schemas / 2);
    });

    for (const [i, pair] of pairs.entries()) {
      // Every other with a cache, in which an admin's answers stand already.
      const cached = i % 2 === 1;
      const title = `schema ${i}: ${runs.reads} random requests and ${runs.writes} writes answer the same whatever ${pair.changes} changes nobody sees`;
      test(title, { timeout: 120_000 }, async () => {
        const { world, rights, other } = pair;
        const sql = [world.rows, other].map(
          (rows) => `${ddl(ddlNameOf(name), world.schema)}\n${inserts(ddlNameOf(name), rows)}`,
        );
        const created = await Promise.all(sql.map((text) => database.create(text)));
        const roles = { member: grantsOf(world, rights), admin: "*" } as ApiOptions["roles"];
        const options: ApiOptions = { ...limits, roles, user: (raw) => ({ role: raw }), serverTiming: true };
        if (cached) Object.assign(options, { cache: { ttl: 600 } });
        const apis = (await Promise.all(created.map(({ url }) => createApi(url, options)))) as [Api, Api];
        try {
          const failure =
            (await failureOf(
              anyRead(world, named(world, rights)),
              apis,
              { seed: seed + i, numRuns: runs.reads },
              cached ? ["admin", "member"] : ["member"],
            )) ??
            (await failureOf(fc.oneof(anyWrite(world, other), anyWrite(named(world, rights), other)), apis, {
              seed: seed + i,
              numRuns: runs.writes,
            }));
          if (failure === undefined) return;
          const again = `SAPWOOD_SAME_SEED=${seed} SAPWOOD_SAME_SCHEMAS=${schemas} npx vitest run --config test/vitest.config.ts test/auth/same/${name}.test.ts -t "schema ${i}:"`;
          throw new Error([again, ...sql, JSON.stringify(grantsOf(world, rights), null, 1), failure].join("\n\n"));
        } finally {
          await Promise.all(apis.map((api) => api.close()));
          await Promise.all(created.map((one) => one.drop()));
        }
      });
    }
  });
}

/** What is asked names all that there is, and rows that only one of the two has. */
const anyRead = (world: World, known: World): fc.Arbitrary<Sent> =>
  fc
    .tuple(
      fc.oneof({ weight: 1, arbitrary: anyAsk(world) }, { weight: 5, arbitrary: anyAsk(known) }),
      fc.constantFrom("", "", "", "count=exact", "count=estimated", "envelope=true&count=exact", "cursor", "csv"),
    )
    .map(([ask, more]) => sentOf(ask, more));

function sentOf(ask: Ask, more: string): Sent {
  const isParameter = more.includes("=") && !ask.count;
  const query = [queryOf(ask), isParameter ? more : ""].filter((text) => text !== "").join("&");
  return {
    method: "GET",
    path: pathOf(ask),
    query,
    headers: more === "csv" ? { accept: "text/csv" } : {},
    ...(more === "cursor" && { cursor: true }),
  };
}

async function failureOf(
  any: fc.Arbitrary<Sent>,
  apis: readonly [Api, Api],
  runs: { seed: number; numRuns: number },
  askers: readonly string[] = ["member"],
): Promise<string | undefined> {
  const property = fc.asyncProperty(any, async (sent) => {
    const [one, other] = await both(apis, sent, askers);
    expect(other).toEqual(one);
    expect(one).not.toMatchObject({ status: 500 });
  });
  const { counterexample } = await fc.check(property, runs);
  if (counterexample === null) return undefined;
  const [sent] = counterexample;
  const [one, other] = await both(apis, sent, askers);
  const line = `${sent.method} ${sent.path}?${sent.query} ${JSON.stringify(sent.body ?? "")}`;
  return [
    line,
    decodeURIComponent(sent.query),
    `one:   ${JSON.stringify(one)}`,
    `other: ${JSON.stringify(other)}`,
  ].join("\n");
}

/** What a unique or foreign key refuses is refused for the sake of rows that are not seen, too; so is what a rule refuses. */
const inherent = new Set([403, 409]);

/** As the last of them; the others have asked the same before. */
async function both([first, second]: readonly [Api, Api], sent: Sent, askers: readonly string[]) {
  // The page after one that somebody has taken who sees everything.
  const query = sent.cursor ? await cursorOf(first, sent) : sent.query;
  for (const asker of askers.slice(0, -1))
    for (const api of [first, second]) await send(api, { ...sent, query }, asker);
  const one = await send(first, { ...sent, query });
  const other = await send(second, { ...sent, query });
  const excused = sent.method !== "GET" && (inherent.has(one.status) || inherent.has(other.status));
  return excused ? ["excused", "excused"] : [one, other];
}

async function cursorOf(api: Api, sent: Sent): Promise<string> {
  const { headers } = await send(api, { ...sent, query: `${sent.query}&limit=1` }, "admin");
  return /<[^?]*\?([^>]*)>; rel="next"/.exec(headers.link ?? "")?.[1] ?? sent.query;
}
