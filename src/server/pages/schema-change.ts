// A change of tables that is planned → the answer: what it would be, why it is not done, or what is there once it is done. I/O: does it.
import type { IncomingMessage } from "node:http";
import type { Defining, DefiningApi, StandingSchema } from "../../api/defining.js";
import type { DefinitionPlan } from "../../define/definition-plan.js";
import type { Differences } from "../../define/differences.js";
import { stepText } from "../../define/step.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { withApplied } from "../../http/prefer.js";
import { problem } from "../../http/problem.js";
import { requestIdOf } from "../../http/request-id.js";
import { tellRefusal } from "../../observe/refusals.js";
import { worst } from "../../routes/diff.js";
import { jsonPage } from "../page.js";
import { seenOf } from "../request-record.js";
import type { AskedSchema } from "./schema-asked.js";
import { failureProblem } from "./schema-refusals.js";

/** A database, or one of its profiles, whose tables are made and changed. `api` is the whole one, which follows. */
export interface Definable {
  readonly api: DefiningApi;
  readonly defining: Defining;
}

/** What is to be carried out, as far as the request is understood. */
export interface Carried {
  readonly asked: AskedSchema;
  readonly differences: Differences;
  answer(after: StandingSchema): ApiResponse;
}

export async function carryOut(
  one: Definable,
  request: ApiRequest,
  { is }: StandingSchema,
  { asked, differences, answer }: Carried,
): Promise<ApiResponse> {
  const plan = one.defining.plan(is, differences);
  if (asked.dryRun) return rehearsed(plan, asked);
  if (!asked.allowsBreaking) refuseBreaking(plan);
  await done(plan, one, request);
  return answer(await one.defining.read());
}

function rehearsed({ statements, notes, changes }: DefinitionPlan, { preferred }: AskedSchema): ApiResponse {
  const page = jsonPage({
    statements: statements.flat().map(({ sql }) => sql),
    notes,
    changes,
    severity: worst(changes) ?? null,
  });
  return preferred ? withApplied(page, "tx=rollback") : page;
}

function refuseBreaking({ changes }: DefinitionPlan): void {
  const breaking = changes.filter(({ severity }) => severity === "breaking");
  if (breaking.length > 0)
    throw problem(
      "breaks_clients",
      `Nothing was done, as clients would find ${breaking.length} thing${breaking.length === 1 ? "" : "s"} gone or otherwise (changes). With ?allow=breaking it is done.`,
      { further: { changes: breaking } },
    );
}

/** The API follows at once, also where only some steps were done. */
async function done(plan: DefinitionPlan, { api, defining }: Definable, request: ApiRequest): Promise<void> {
  const { method, path, prefix } = request;
  const seen = seenOf(request.raw as IncomingMessage);
  const { done, failed } = await defining.run(plan);
  const refreshed = done.length === 0 ? true : await api.refresh().then(Boolean, () => false);
  seen?.logger.info({ requestId: seen.id, method, path: prefix + path, done: done.map(stepText) }, "tables changed");
  if (failed !== undefined) {
    const refused = failureProblem(failed, done, defining);
    const id = requestIdOf(request.id, request.header("x-request-id"));
    if (seen !== undefined) tellRefusal(refused, request, id, seen.logger);
    throw refused;
  }
  if (!refreshed)
    throw problem("schema_not_read", "The tables were changed, and could not be read again: POST /admin/refresh.");
}
