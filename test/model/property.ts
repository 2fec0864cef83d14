// The property on one database: for random schemas, rows and requests, the API answers what the model works out.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Api, createApi } from "../../src/api/create.js";
import type { ApiResponse } from "../../src/api/message.js";
import { type DatabaseName, databases } from "../support/databases.js";
import { anyAsk } from "./any-ask.js";
import { type Answer, evaluate, type World } from "./evaluate.js";
import { type Ask, parametersOf, pathOf, queryOf } from "./query.js";
import { relationsOf } from "./relations.js";
import { inserts, rowsOf } from "./rows.js";
import { anySchema, ddl } from "./schema.js";
import { shownJson } from "./value.js";

/** Small, so that lists are cut; deep and wide enough for whatever is asked. */
const limits = { defaultLimit: 5, maxLimit: 7, depth: 3, maxEmbeds: 500, maxFilters: 500 };

const anyWorld: fc.Arbitrary<World> = anySchema.chain((schema) =>
  rowsOf(schema).map((rows) => ({ schema, rows, relations: relationsOf(schema), ...limits })),
);

/**
 * The same cases in every run: a change is not blamed for what an unlucky seed finds elsewhere. SAPWOOD_MODEL_SEED and
 * SAPWOOD_MODEL_SCHEMAS look for more.
 */
const { SAPWOOD_MODEL_SEED = "1", SAPWOOD_MODEL_SCHEMAS } = process.env;
const seed = Number(SAPWOOD_MODEL_SEED);

/** So many `schemas`, each asked `requests` times. */
export function model(name: DatabaseName, { schemas, requests }: { schemas: number; requests: number }): void {
  const database = databases.find((one) => one.name === name);
  if (database === undefined) throw new Error(`There is no database ${name}.`);
  const numRuns = Number(SAPWOOD_MODEL_SCHEMAS ?? schemas);
  describe.skipIf(database.skip)(`${name}, seed ${seed}`, () => {
    for (const [i, world] of fc.sample(anyWorld, { seed, numRuns }).entries()) {
      test(`schema ${i}: ${requests} random requests`, { timeout: 120_000 }, async () => {
        const sql = `${ddl(name, world.schema)}\n${inserts(name, world.rows)}`;
        const created = await database.create(sql);
        const api = await createApi(created.url, limits);
        try {
          const property = fc.asyncProperty(anyAsk(world), async (ask) => {
            expect(JSON.stringify(await answered(api, ask))).toBe(JSON.stringify(evaluate(world, ask)));
          });
          const { counterexample } = await fc.check(property, { seed: seed + i, numRuns: requests });
          if (counterexample === null) return;
          const again = `SAPWOOD_MODEL_SEED=${seed} SAPWOOD_MODEL_SCHEMAS=${numRuns} npx vitest run --config test/vitest.config.ts test/model/${name}.test.ts -t "schema ${i}:"`;
          throw new Error([again, sql, await difference(api, world, counterexample[0])].join("\n\n"));
        } finally {
          await api.close();
          await created.drop();
        }
      });
    }
  });
}

async function answered(api: Api, ask: Ask): Promise<Answer> {
  const { status, headers, body } = await get(api, ask);
  if (status !== 200) return { status };
  const [total, range] = [headers["x-total-count"], headers["content-range"]];
  return {
    status,
    body: shownJson(body ?? ""),
    ...(total === undefined && range === undefined ? {} : { total, range }),
  };
}

async function get(api: Api, ask: Ask): Promise<ApiResponse> {
  const request = {
    method: "GET",
    path: pathOf(ask),
    query: queryOf(ask),
    prefix: "",
    header: () => undefined,
    body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }) as const,
    raw: undefined,
  };
  return (await api.handle(request)) ?? { status: 404, headers: {}, body: "no route" };
}

async function difference(api: Api, world: World, ask: Ask): Promise<string> {
  const { status, body } = await get(api, ask);
  const { status: wanted, ...rest } = evaluate(world, ask);
  return [
    `GET ${pathOf(ask)}`,
    ...parametersOf(ask).map((pair) => `  ${pair.join("=")}`),
    `GET ${pathOf(ask)}?${queryOf(ask)}`,
    `must answer: ${wanted} ${JSON.stringify(rest)}`,
    `answered:    ${status} ${status === 200 ? JSON.stringify(await answered(api, ask)) : body}`,
  ].join("\n");
}
