// Is the database there, which is it, and what was read of it? One tiny statement, shared by everyone who asks at the same moment.
import { setTimeout } from "node:timers/promises";
import type { Knex } from "knex";
import { askOf } from "../database/database.js";
import type { ReplicaHealth } from "../database/replica-set.js";
import type { Identity } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Schema } from "../schema/schema.js";
import type { SchemaState } from "../schema/schema-state.js";

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 3_000;

export interface Health {
  /** `away` while the database does not answer: what it is called and its version are not known then. */
  readonly status: "ok" | "away";
  /** The database's own name; SQLite's is its file's, without the folder. */
  readonly database: string | null;
  readonly dialect: string;
  readonly driver: string;
  readonly version: string | null;
  /** Left out where there are none. */
  readonly replicas?: readonly ReplicaHealth[];
  /** The schema in use; of several profiles the first one's. */
  readonly schema: SchemaHealth;
  /** The same of each of `profiles`, by their names; left out where there are none. */
  readonly profiles?: Readonly<Record<string, SchemaHealth>>;
}

export interface SchemaHealth {
  /** Sixteen hexadecimal digits, the same as long as the schema is. */
  readonly digest: string;
  readonly tables: number;
  /** When it was read last; as ISO 8601 has it. */
  readonly readAt: string;
  /** Why the last re-read failed, where it did: the schema in use is the one before. */
  readonly problem?: { readonly at: string; readonly message: string };
}

/** What is asked of an API. */
interface Asked {
  readonly dialect: Dialect;
  readonly knex: Knex;
  readonly schema: Schema;
  readonly schemaState: SchemaState;
}

/** Left out where there are no replicas. */
export interface ReplicasHealth {
  health(): readonly ReplicaHealth[];
}

/** What tells how an API is at the moment; it never rejects. */
export function createHealthProbe(api: Asked, replicas?: ReplicasHealth): () => Promise<Health> {
  let asking: Promise<Identity | undefined> | undefined;
  const identity = () => {
    asking ??= identified(api.dialect.identify(askOf(api, PATIENCE))).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return async () => {
    const found = await identity();
    return {
      status: found === undefined ? "away" : "ok",
      database: found?.database ?? null,
      dialect: api.dialect.name,
      driver: api.dialect.driver,
      version: found?.version ?? null,
      ...(replicas && { replicas: replicas.health() }),
      schema: schemaHealth(api),
    };
  };
}

/** A database that is away may take seconds to be found so, and whoever asks waits for less: with a replica that is there it is not asked. */
export const createReady =
  (health: () => Promise<Health>, replicas?: ReplicasHealth): (() => Promise<boolean>) =>
  async () =>
    replicas?.health().some(({ state }) => state === "ready") === true || (await health()).status === "ok";

/** Nothing where it fails, or takes too long. */
const identified = (identity: Promise<Identity>): Promise<Identity | undefined> =>
  Promise.race([identity, setTimeout(PATIENCE, undefined, { ref: false })]).catch(() => undefined);

export function schemaHealth({ schema, schemaState }: Pick<Asked, "schema" | "schemaState">): SchemaHealth {
  const { digest, readAt, problem } = schemaState;
  return {
    digest,
    tables: schema.tables.length,
    readAt: readAt.toISOString(),
    ...(problem && { problem: { at: problem.at.toISOString(), message: problem.message } }),
  };
}
