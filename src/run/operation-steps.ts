// What a route does with rows, in the three steps that every request has.
import type { ApiResponse } from "../http/message.js";
import type { Call } from "./call.js";
import type { RequestContext } from "./context.js";

export interface OperationSteps<Prepared, Result, Response = ApiResponse> {
  /** What the client asks for: read, and planned as far as that is possible without the database. */
  prepare(call: Call, context: RequestContext): Prepared | Promise<Prepared>;
  /** What the database does and answers. */
  run(prepared: Prepared, context: RequestContext): Promise<Result>;
  respond(prepared: Prepared, result: Result): Response;
}

export type Perform<Response = ApiResponse> = (call: Call, context: RequestContext) => Promise<Response>;

/** The operation as one function. */
export const inSteps =
  <Prepared, Result, Response>({
    prepare,
    run,
    respond,
  }: OperationSteps<Prepared, Result, Response>): Perform<Response> =>
  async (call, context) => {
    const prepared = await prepare(call, context);
    const result = await run(prepared, context);
    return respond(prepared, result);
  };
