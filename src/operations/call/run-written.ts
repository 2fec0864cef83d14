// A routine of the config that is a function of the host's: it runs in the request's transaction.
import type { ApiResponse } from "../../http/message.js";
import { ANY_TABLE } from "../../plan/tables-in.js";
import type { RequestContext } from "../../run/context.js";
import { argumentName } from "../../schema/routine.js";
import { JSON_TYPE, refuseQuery } from "../read/row.js";
import { anyAsJson } from "./raw-rows.js";
import type { ReadyCall, RoutineCall } from "./ready-call.js";

export async function runWritten(
  { request }: RoutineCall,
  { routine, from, values, query }: ReadyCall,
  context: RequestContext,
): Promise<ApiResponse> {
  refuseQuery(query);
  const run = context.snapshot.runs.get(routine.id);
  const { trx } = context.session;
  if (run === undefined || trx === undefined) throw new Error(`${routine.id} has nothing to run, or nothing to run in`);
  // It may write what it likes.
  if (!routine.reads) context.touched?.changed.add(ANY_TABLE);
  const args = Object.fromEntries(
    routine.arguments.flatMap((argument, i) => {
      const given = from.arguments[i];
      return given && "value" in given ? [[argumentName(argument, i), values[given.value]?.value]] : [];
    }),
  );
  const result = await run({ args, trx, user: request.user });
  if (result === undefined) return { status: 204, headers: {} };
  return { status: 200, headers: { "content-type": JSON_TYPE }, body: anyAsJson(result) };
}
