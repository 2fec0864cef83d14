// Reads, writes and calls with their hooks around them; those of a write share its transaction.
import type { ApiResponse } from "../http/message.js";
import { ANY_TABLE } from "../plan/tables-in.js";
import { copyOfBody } from "../request/body.js";
import { plainNumbers, unmarked } from "../request/rounded.js";
import { namedParams } from "../routes/match.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import type { Call } from "./call.js";
import type { RequestContext } from "./context.js";
import { answerAfter, hookContextOf, runCommitted, runEach, untilEnding } from "./hook-run.js";
import { type Hook, type HookContext, noHooks, type TableHooks } from "./hooks.js";
import { standingWrite } from "./revocable.js";
import { tableListeners, tellOutbox } from "./tell.js";
import { transaction } from "./transaction.js";

type Fields = Record<string, unknown>;

/** The rows, in the order of their bodies; `undefined` in the place of one that was not written. */
type Written = readonly (string | undefined)[];

/** What the path says of a row, by field names. */
type PathFields = (inner: RequestContext) => Promise<Fields> | Fields;

/** What is written, and how. All that it runs is run in the context that it is given, which may be inside a transaction. */
interface HookedSave<Given, Result> {
  readonly table: string;
  /** It needs no transaction where nothing else is in the way. */
  readonly alone: boolean;
  write(given: Given, inner: RequestContext): Promise<Result>;
  readonly pathFields?: PathFields;
}

/** Nothing where nothing stands around a write: no hook, and nobody who hears of it. */
const hooksOf = (context: RequestContext, table: string): TableHooks | undefined =>
  context.snapshot.hooks.get(table) ?? (tableListeners(context, table).length > 0 ? noHooks : undefined);

/** Runs one write and its hooks: alone when nothing else is in the way, otherwise all in one transaction. */
export async function withSaveHooks(
  call: Call,
  context: RequestContext,
  body: Fields,
  { write, ...save }: HookedSave<Fields, string>,
): Promise<string> {
  const [row] = await withSaveHooksEach([call], context, [body], {
    ...save,
    write: async ([body], inner) => [await write(body as Fields, inner)],
  });
  return row as string;
}

/** The same for several rows that are written together; each has a call, and hooks of its own around it. */
export async function withSaveHooksEach(
  calls: readonly Call[],
  context: RequestContext,
  bodies: readonly Fields[],
  { table, alone, write, pathFields = () => ({}) }: HookedSave<readonly Fields[], Written>,
): Promise<Written> {
  const hooks = hooksOf(context, table);
  // A rule is looked at when the rows are written, and what is outside of it is rolled back.
  const entry = tableOf(context.snapshot.lookup, table);
  const single = alone && !entry.hasPolicy;
  if (hooks === undefined)
    return single ? write(bodies, context) : transaction(context, (inner) => write(bodies, inner));
  noteWrites(context, hooks.preSave, hooks.postSave, hooks.afterCommit);
  return transaction(context, async (inner, session) => {
    // What the path says of the row stands in the body too, so that a hook need not know by which route it was called.
    // It is the hooks' own to change: a write that is run again begins with what was sent.
    const fields = await pathFields(inner);
    const hookContexts = bodies.map((body, i) =>
      hookContextOf(calls[i] as Call, table, copyOfBody({ ...fields, ...withDoubles(body, entry) }), inner),
    );
    for (const hookContext of hookContexts) await runEach(hooks.preSave, hookContext);
    const written = await write(
      hookContexts.map(({ body }) => body),
      inner,
    );
    const results: (string | undefined)[] = [];
    for (const [i, hookContext] of hookContexts.entries()) {
      const row = written[i];
      if (row !== undefined) session.onCommit(() => runCommitted(hooks, hookContext, context.snapshot.logger));
      const shown = row === undefined ? undefined : answerAfter(hooks.postSave, hookContext, row);
      results.push(await telling(shown, table, context));
    }
    await tellOutbox(
      calls.map((call, i) => ({ call, row: written[i] })),
      table,
      inner,
      session,
    );
    return results;
  });
}

/** Hooks find numbers as JSON.parse makes them; where the column keeps doubles, whichever parser has read them. */
const withDoubles = (body: Fields, { all: known }: TableLookup): Fields =>
  Object.fromEntries(
    Object.entries(body).map(([field, value]) => [
      field,
      plainNumbers(known.get(field)?.type.kind === "float" ? unmarked(value) : value),
    ]),
  );

interface HookedDelete {
  readonly table: string;
  readonly alone: boolean;
  write(inner: RequestContext): Promise<unknown>;
  /** What its hooks find as the body. */
  readonly body?: Fields;
  /** The rows that are gone, in the order of the calls, as far as they were read. */
  readonly gone?: () => Written;
}

/** The same for deletes. */
export const withDeleteHooks = (call: Call, context: RequestContext, removal: HookedDelete): Promise<void> =>
  deletingEach([call], context, removal);

export async function deletingEach(
  calls: readonly Call[],
  context: RequestContext,
  { table, alone, write, body = {}, gone = () => [] }: HookedDelete,
): Promise<void> {
  const hooks = hooksOf(context, table);
  if (hooks === undefined) {
    await (alone ? write(context) : transaction(context, write));
    return;
  }
  noteWrites(context, hooks.preDelete, hooks.postDelete, hooks.afterCommit);
  await transaction(context, async (inner, session) => {
    const hookContexts = calls.map((call) => hookContextOf(call, table, { ...body }, inner));
    for (const hookContext of hookContexts) await runEach(hooks.preDelete, hookContext);
    await write(inner);
    for (const hookContext of hookContexts) {
      await telling(runEach(hooks.postDelete, hookContext), table, context);
      session.onCommit(() => runCommitted(hooks, hookContext, context.snapshot.logger));
    }
    const rows = gone();
    await tellOutbox(
      calls.map((call, i) => ({ call, row: rows[i] })),
      table,
      inner,
      session,
    );
  });
}

/** The same for reads, which have no transaction of their own. */
export function withReadHooks<T extends ApiResponse>(
  call: Call,
  context: RequestContext,
  read: () => Promise<T>,
): Promise<T> {
  const hooks = context.snapshot.hooks.get(call.route.table);
  return hooks === undefined ? read() : readingWith(hooks, call, context, read);
}

async function readingWith<T extends ApiResponse>(
  hooks: TableHooks,
  call: Call,
  context: RequestContext,
  read: () => Promise<T>,
): Promise<T> {
  const hookContext = hookContextOf(call, call.route.table, {}, context);
  await runEach(hooks.preRead, hookContext);
  const response = await read();
  if (hooks.postRead.length === 0) return response;
  return { ...response, body: await answerAfter(hooks.postRead, hookContext, response.body as string) };
}

/** A call in one transaction with its hooks: `make` gets the arguments as they left them. Without hooks nothing is done beside it. */
export async function withCallHooks(
  { request, matched }: Omit<Call, "route">,
  { table = "", routine, key }: { readonly table?: string; readonly routine: string; readonly key: string },
  given: Fields,
  context: RequestContext,
  make: (given: Fields, inner: RequestContext) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const hooks = context.snapshot.hooks.get(key);
  if (hooks === undefined) return make(given, context);
  noteWrites(context, hooks.preCall, hooks.postCall, hooks.afterCommit);
  return transaction(context, async (inner, session) => {
    const said = {
      request: inner.deadline === undefined ? request : untilEnding(request, inner.deadline),
      table,
      routine,
    };
    const hookContext: HookContext = {
      ...said,
      ...{
        relation: "root",
        operation: "call",
        params: namedParams(matched),
        body: copyOfBody(plainNumbers(given) as Fields),
      },
      ...{ result: undefined, user: request.user, trx: inner.session.trx, apis: context.snapshot.apis },
    };
    await runEach(hooks.preCall, hookContext);
    const response = await make(hookContext.body, inner);
    session.onCommit(() => runCommitted(hooks, hookContext, context.snapshot.logger));
    if (hooks.postCall.length === 0 || response.body === undefined) {
      await runEach(hooks.postCall, hookContext);
      return response;
    }
    return { ...response, body: await answerAfter(hooks.postCall, hookContext, response.body) };
  });
}

/** Hooks beside a write may write what they like. */
function noteWrites({ touched }: RequestContext, ...hooks: readonly (readonly Hook[])[]): void {
  if (hooks.some((some) => some.length > 0)) touched?.changed.add(ANY_TABLE);
}

/** What a hook refuses after a write that stays is said with that. */
async function telling<T>(
  after: Promise<T> | undefined,
  table: string,
  context: RequestContext,
): Promise<T | undefined> {
  try {
    return await after;
  } catch (error) {
    throw standingWrite(error, tableOf(context.snapshot.lookup, table), context);
  }
}
