// Hooks run one after the other: what they are given, and what the answer is behind them.
import { stringify } from "lossless-json";
import type { Logger } from "../base/logger.js";
import type { Deadline } from "../http/deadline.js";
import { type ApiRequest, requestWith } from "../http/message.js";
import { parseText } from "../request/body.js";
import { namedParams } from "../routes/match.js";
import type { Call } from "./call.js";
import type { RequestContext } from "./context.js";
import type { Hook, HookContext, TableHooks } from "./hooks.js";

/** Runs hooks, one after the other. */
export async function runEach(hooks: readonly Hook[], hookContext: HookContext): Promise<void> {
  for (const hook of hooks) await hook(hookContext);
}

/**
 * Runs hooks that see the answer as data. Returns its text behind them: its own text where none of them changed it, for `10.50` would come
 * back as `10.5`.
 */
export async function answerAfter(hooks: readonly Hook[], hookContext: HookContext, text: string): Promise<string> {
  hookContext.result = parseText(text);
  if (hooks.length === 0) return text;
  const before = stringify(hookContext.result);
  await runEach(hooks, hookContext);
  const after = stringify(hookContext.result) ?? "null";
  return after === before ? text : after;
}

/** Runs the hooks behind a commit. One that fails is logged: what it comes after is done. */
export async function runCommitted(hooks: TableHooks, hookContext: HookContext, logger: Logger): Promise<void> {
  try {
    await runEach(hooks.afterCommit, hookContext);
  } catch (error) {
    logger.error(
      { err: error, requestId: hookContext.request.id },
      `an afterCommit hook of ${hookContext.table} failed`,
    );
  }
}

/** Its signal is made for hooks that look at it. */
export const untilEnding = (request: ApiRequest, ending: Deadline): ApiRequest =>
  Object.defineProperty(requestWith(request, {}), "signal", { get: () => ending.signal, enumerable: true });

/** What a hook of a route's operation is given. */
export function hookContextOf(
  { request, route, matched }: Call,
  table: string,
  body: Record<string, unknown>,
  { session, deadline, snapshot }: RequestContext,
): HookContext {
  const { relation, operation } = route;
  return {
    request: deadline === undefined ? request : untilEnding(request, deadline),
    table,
    relation,
    operation,
    params: namedParams(matched),
    body,
    result: undefined,
    user: request.user,
    trx: session.trx,
    apis: snapshot.apis,
  };
}
