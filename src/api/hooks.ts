// Hooks: the developer's own code around reads and writes. Those around a write share its transaction.

import type { Knex } from "knex";
import { stringify } from "lossless-json";
import { parseText } from "../request/body.js";
import { namedParams } from "../routes/match.js";
import type { Operation, Route } from "../routes/tree.js";
import { ConfigError, checkKeys, hookNames } from "../schema/check.js";
import type { Session } from "./database.js";
import type { Call } from "./handle.js";
import type { ApiRequest, ApiResponse } from "./message.js";
import { transaction, type World } from "./world.js";

/** What every hook of one request is given; the same object from the first to the last. */
export interface HookContext {
  readonly request: ApiRequest;
  /** The table written or read; for `add` and `delete` of an N-to-N the link table. */
  readonly table: string;
  readonly relation: Route["relation"];
  readonly operation: Operation;
  /** The path's parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Writes: the body by field names. `preSave` may change it or put another in its place. */
  body: Record<string, unknown>;
  /** `postSave`, `postDelete` (nothing), `postRead` (a row or the list): may be changed, and is what the client gets. */
  result: unknown;
  readonly user: unknown;
  /** The write's transaction; reads have none. Use this, not the outer knex: a second connection may have to wait for this one. */
  readonly trx: Knex.Transaction | undefined;
}

export type Hook = (context: HookContext) => unknown;

/**
 * One function or several, in order. Those for all tables run before a table's own. A hook may be async. Throwing refuses the
 * request and rolls the write back: an `HttpError` as its problem document, anything else as the host's own error.
 */
export interface Hooks {
  /** Before POST, PUT, PATCH, `add`. */
  readonly preSave?: Hook | readonly Hook[];
  /** After them, in the same transaction. */
  readonly postSave?: Hook | readonly Hook[];
  /** Before DELETE and `delete`. */
  readonly preDelete?: Hook | readonly Hook[];
  readonly postDelete?: Hook | readonly Hook[];
  readonly preRead?: Hook | readonly Hook[];
  readonly postRead?: Hook | readonly Hook[];
  /** After the write is committed, for side effects. What it throws is printed on stderr: the write stands. */
  readonly afterCommit?: Hook | readonly Hook[];
}

export { hookNames } from "../schema/check.js";

type HookName = (typeof hookNames)[number];

/** One table's hooks, those for all tables included. */
export type TableHooks = Readonly<Record<HookName, readonly Hook[]>>;

/** Brings the hooks for all tables and those in the tables' entries together. Throws `ConfigError`. */
export function hooksByTable(
  tables: Iterable<string>,
  forAll: Hooks | undefined,
  entries: readonly (readonly [string, Hooks])[],
): ReadonlyMap<string, TableHooks> {
  if (forAll !== undefined) checkKeys(forAll, hookNames, "options.hooks");
  const found = new Map<string, TableHooks>();
  for (const table of tables) {
    const sources = [forAll ?? {}, ...entries.filter(([name]) => name === table).map(([, hooks]) => hooks)];
    const hooks = Object.fromEntries(
      hookNames.map((name) => [name, sources.flatMap((source) => functions(source, name, table))]),
    );
    if (hookNames.some((name) => hooks[name]?.length)) found.set(table, hooks as unknown as TableHooks);
  }
  return found;
}

function functions(hooks: Hooks, name: HookName, table: string): Hook[] {
  const listed = hooks[name] === undefined ? [] : ([hooks[name]].flat() as Hook[]);
  if (listed.every((hook) => typeof hook === "function")) return listed;
  throw new ConfigError(`${table}.${name}`, "a hook is a function, or an array of functions.");
}

/** Runs one write and its hooks: alone when nothing else is in the way, otherwise all in one transaction. */
export async function saving(
  call: Call,
  world: World,
  table: string,
  body: Record<string, unknown>,
  alone: boolean,
  write: (body: Record<string, unknown>, session?: Session) => Promise<string>,
  pathFields: (session: Session) => Promise<Record<string, unknown>> | Record<string, unknown> = () => ({}),
): Promise<string> {
  const hooks = world.hooks.get(table);
  if (hooks === undefined) return alone ? write(body) : transaction(world, (session) => write(body, session));
  const { context, result } = await transaction(world, async (session) => {
    // What the path says of the row stands in the body too, so that a hook need not know by which route it was called.
    const context = contextOf(call, table, { ...(await pathFields(session)), ...body }, session);
    await each(hooks.preSave, context);
    const row = await write(context.body, session);
    return { context, result: await changed(hooks.postSave, context, row) };
  });
  await committed(hooks, context);
  return result;
}

/** The same for deletes. */
export async function deleting(
  call: Call,
  world: World,
  table: string,
  alone: boolean,
  write: (session?: Session) => Promise<void>,
): Promise<void> {
  const hooks = world.hooks.get(table);
  if (hooks === undefined) return alone ? write() : transaction(world, write);
  const context = await transaction(world, async (session) => {
    const context = contextOf(call, table, {}, session);
    await each(hooks.preDelete, context);
    await write(session);
    await each(hooks.postDelete, context);
    return context;
  });
  await committed(hooks, context);
}

/** The same for reads, which have no transaction. */
export async function reading(call: Call, world: World, read: () => Promise<ApiResponse>): Promise<ApiResponse> {
  const hooks = world.hooks.get(call.route.table);
  if (hooks === undefined) return read();
  const context = contextOf(call, call.route.table, {});
  await each(hooks.preRead, context);
  const response = await read();
  if (hooks.postRead.length === 0) return response;
  return { ...response, body: await changed(hooks.postRead, context, response.body as string) };
}

async function each(hooks: readonly Hook[], context: HookContext): Promise<void> {
  for (const hook of hooks) await hook(context);
}

/** The hooks see the answer as data. Its own text goes out where none of them changed it: `10.50` would come back as `10.5`. */
async function changed(hooks: readonly Hook[], context: HookContext, text: string): Promise<string> {
  context.result = parseText(text);
  if (hooks.length === 0) return text;
  const before = stringify(context.result);
  await each(hooks, context);
  const after = stringify(context.result) ?? "null";
  return after === before ? text : after;
}

async function committed(hooks: TableHooks, context: HookContext): Promise<void> {
  try {
    await each(hooks.afterCommit, context);
  } catch (error) {
    console.error(`sapwood: an afterCommit hook of ${context.table} failed:`, error);
  }
}

function contextOf(
  { request, route, matched }: Call,
  table: string,
  body: Record<string, unknown>,
  session?: Session,
): HookContext {
  const { relation, operation } = route;
  return {
    request,
    table,
    relation,
    operation,
    params: namedParams(matched),
    body,
    result: undefined,
    user: request.user,
    trx: session?.trx,
  };
}
