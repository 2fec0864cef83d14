// Hooks: the developer's own code around reads and writes. Those around a write share its transaction.

import type { Knex } from "knex";
import { ConfigError, checkKeys, hookNames } from "../base/config-error.js";
import type { ApiRequest } from "../http/message.js";
import type { Operation, Route } from "../routes/tree.js";
import type { OtherApis } from "./other-apis.js";

/** What every hook of one request is given; the same object from the first to the last. */
export interface HookContext {
  readonly request: ApiRequest;
  /** The table written or read; for `add` and `delete` of an N-to-N the link table. */
  readonly table: string;
  readonly relation: Route["relation"];
  readonly operation: Operation | "call";
  /** Calls: the name of the function or procedure. */
  readonly routine?: string;
  /** The path's parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Writes: the body by field names. `preSave` may change it or put another in its place. */
  body: Record<string, unknown>;
  /** `postSave`, `postDelete` (nothing), `postRead` (a row or the list): may be changed, and is what the client gets. */
  result: unknown;
  readonly user: unknown;
  /** The write's transaction; reads have none. Use this, not the outer knex: a second connection may have to wait for this one. */
  readonly trx: Knex.Transaction | undefined;
  /** In a server of several databases: their APIs, by their names. Empty elsewhere. */
  readonly apis: OtherApis;
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
  /** Before a function or procedure is called: `body` is its arguments, by name. */
  readonly preCall?: Hook | readonly Hook[];
  /** After it, in the same transaction. */
  readonly postCall?: Hook | readonly Hook[];
  /** After the write is committed, for side effects. What it throws is printed on stderr: the write stands. */
  readonly afterCommit?: Hook | readonly Hook[];
}

export { hookNames } from "../base/config-error.js";

type HookName = (typeof hookNames)[number];

/** One table's hooks, those for all tables included. */
export type TableHooks = Readonly<Record<HookName, readonly Hook[]>>;

/** Of a table whose writes are only told. */
export const noHooks = Object.fromEntries(hookNames.map((name) => [name, []])) as unknown as TableHooks;

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
