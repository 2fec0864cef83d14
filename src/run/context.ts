// What every request needs and none changes: the schema and what is made from it, the database, the limits.

import type { Right, Role } from "../access/roles.js";
import type { SessionVariables } from "../access/session-variables.js";
import type { Shown } from "../access/shown.js";
import type { Logger } from "../base/logger.js";
import { type Database, type Transaction, withStatements } from "../database/session.js";
import type { Caller } from "../http/caller.js";
import type { Deadline } from "../http/deadline.js";
import type { Limits } from "../http/limits.js";
import type { Names } from "../plan/filter.js";
import type { Value } from "../plan/plan.js";
import type { AnyRoute, RouteTree } from "../routes/tree.js";
import type { Schema } from "../schema/schema.js";
import type { AnswerSize } from "./answer-size.js";
import type { TableHooks } from "./hooks.js";
import type { StatementCache } from "./statements.js";

export interface World extends Names {
  readonly schema: Schema;
  readonly tree: RouteTree;
  readonly database: Database;
  /** When the request must end; left out where there is none. */
  readonly ending?: Deadline;
  readonly limits: Limits;
  /** May text be a formula in CSV? */
  readonly csvFormulas: boolean;
  readonly compile: StatementCache;
  /** The tables that have hooks; most have none, and pay nothing. */
  readonly hooks: ReadonlyMap<string, TableHooks>;
  readonly logger: Logger;
  /** Left out where there are none. */
  readonly roles?: ReadonlyMap<string, Role>;
  /** The world as it is for a caller; left out where there are no roles. */
  readonly admit?: Admit;
  /** What is written may have to be taken back again: it is only tried, or is one of several writes that are kept together. */
  readonly revocable?: "rehearsal" | "several";
  /** Set in the world of a caller. */
  readonly admission?: Admission;
  /** What the request's one transaction is told; left out where requests need none, and inside of it. */
  readonly telling?: SessionVariables;
  /** What all answers of a batch count into; left out where each answer is one of its own. */
  readonly size?: AnswerSize;
}

/** What a world knows of whoever asks, where there are roles. */
export interface Admission {
  readonly role: Role;
  /** Nobody signed in. */
  readonly isAnonymous: boolean;
  /** The values of its rules' claims, by their positions below 0. */
  readonly own: readonly Value[];
  /** What its writes of a table set, by field. Throws 403 where a claim is missing. */
  settings(table: string): Readonly<Record<string, unknown>>;
  may(right: Right, table: string): boolean;
  uses(route: AnyRoute): boolean;
  /** What documents and pages show of the API. */
  shown(): Shown;
  /** Statements on all rows, for what a write has to know of rows that are not there for whoever writes. */
  readonly compileFree: StatementCache;
}

/** The world as it is for a caller; the same for those of one role of whom the rules' claims say the same. */
export type Admit = (caller?: Caller) => World;

/** The world in which a caller writes, for what a write must know of rows that are not there for them. */
export const withoutRules = (world: World): World =>
  world.admission === undefined ? world : { ...world, compile: world.admission.compileFree };

/** The world on another database, or on the same one until then. Each field by name: a spread of it takes several times as long. */
export function withDatabase(
  world: World,
  database: Database,
  { ending, telling }: Pick<World, "ending" | "telling">,
): World {
  const whole: Record<keyof World, unknown> & World = {
    lookup: world.lookup,
    relations: world.relations,
    searching: world.searching,
    schema: world.schema,
    tree: world.tree,
    database,
    ending,
    limits: world.limits,
    csvFormulas: world.csvFormulas,
    compile: world.compile,
    hooks: world.hooks,
    logger: world.logger,
    roles: world.roles,
    admit: world.admit,
    revocable: world.revocable,
    size: world.size,
    admission: world.admission,
    telling,
  };
  return whole;
}

/** The world inside a transaction: everything runs on its session, and a transaction in it is the same one. */
export function within(world: World, session: Transaction): World {
  const { run, read, trx } = session;
  const inner = { isTransaction: true, run, read, trx, transaction: <T>(work: Work<T>) => work(session) } as const;
  return withDatabase(world, withStatements(world.database, inner), { ending: world.ending });
}

type Work<T> = (session: Transaction) => Promise<T>;
