// The properties on one database: for random schemas, rows and requests, the API answers what the model works out.

import { describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { fc } from "../support/any.js";
import { type DatabaseName, ddlNameOf, everyDatabase } from "../support/databases.js";
import { answers } from "./answers.js";
import type { Property } from "./cases.js";
import type { World } from "./evaluate.js";
import { relationsOf } from "./relations.js";
import { inserts, type Rows, rowsOf } from "./rows.js";
import { anySchema, ddl, type Schema } from "./schema.js";
import { walks } from "./walks.js";

export interface Runs {
  readonly schemas: number;
  /** Of each schema. */
  readonly requests: number;
  readonly walks: number;
}

/** Small, so that lists are cut; deep and wide enough for whatever is asked. */
const limits = { defaultLimit: 5, maxLimit: 7, depth: 3, maxEmbeds: 500, maxFilters: 500, maxJoins: 500 };

/** What the model knows, and what stands in the database. */
interface Stored {
  readonly world: World;
  readonly rows: Rows;
  readonly options?: ApiOptions;
}

export const worldOf = (schema: Schema, rows: Rows): World => ({
  ...{ schema, rows, relations: relationsOf(schema) },
  ...limits,
});

const plain: fc.Arbitrary<Stored> = anySchema.chain((schema) =>
  rowsOf(schema).map((rows) => ({ world: worldOf(schema, rows), rows })),
);

/**
 * The same cases in every run: a change is not blamed for what an unlucky seed finds elsewhere. SAPWOOD_MODEL_SEED and
 * SAPWOOD_MODEL_SCHEMAS look for more.
 */
const { SAPWOOD_MODEL_SEED = "1", SAPWOOD_MODEL_SCHEMAS } = process.env;
const seed = Number(SAPWOOD_MODEL_SEED);

export function model(name: DatabaseName | "mysql", runs: Runs, any = plain, of = ""): void {
  const database = everyDatabase.find((one) => one.name === name);
  if (database === undefined) throw new Error(`There is no database ${name}.`);
  const schemas = Number(SAPWOOD_MODEL_SCHEMAS ?? runs.schemas);
  describe.skipIf(database.skip)(`${name}, seed ${seed}${of}`, () => {
    for (const [i, { world, rows, options }] of fc.sample(any, { seed, numRuns: schemas }).entries()) {
      const title = `schema ${i}: ${runs.requests} random requests, ${runs.walks} walks from page to page`;
      test(title, { timeout: 120_000 }, async () => {
        const sql = `${ddl(ddlNameOf(name), world.schema)}\n${inserts(ddlNameOf(name), rows)}`;
        const created = await database.create(sql);
        const api = await createApi(created.url, { ...limits, ...options });
        try {
          const failure =
            (await failureOf(answers, api, world, { seed: seed + i, numRuns: runs.requests })) ??
            (await failureOf(walks, api, world, { seed: seed + i, numRuns: runs.walks }));
          if (failure === undefined) return;
          const again = `SAPWOOD_MODEL_SEED=${seed} SAPWOOD_MODEL_SCHEMAS=${schemas} npx vitest run --config test/vitest.config.ts test/model/${name}.test.ts -t "schema ${i}:"`;
          throw new Error([again, sql, failure].join("\n\n"));
        } finally {
          await api.close();
          await created.drop();
        }
      });
    }
  });
}

/** The smallest case that was found, told. */
async function failureOf<T>(
  { any, found, wanted, told }: Property<T>,
  api: Api,
  world: World,
  runs: { seed: number; numRuns: number },
): Promise<string | undefined> {
  const property = fc.asyncProperty(any(world), async (one) => {
    expect(JSON.stringify(await found(api, one))).toBe(JSON.stringify(wanted(world, one)));
  });
  const { counterexample } = await fc.check(property, runs);
  if (counterexample === null) return undefined;
  const [one] = counterexample;
  return [
    told(one),
    `must answer: ${JSON.stringify(wanted(world, one))}`,
    `answered:    ${JSON.stringify(await found(api, one).catch(String))}`,
  ].join("\n");
}
