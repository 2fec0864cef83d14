// A request that calls a routine, and the call as it is to be made.
import type { Called } from "../../plan/plan.js";
import type { Value } from "../../plan/terms.js";
import type { CallRoute } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { Routine } from "../../schema/routine.js";
import type { ReadApart } from "../read/list.js";

export interface RoutineCall extends Omit<Call, "route"> {
  readonly route: CallRoute;
}

/** One call, ready to be made. */
export interface ReadyCall {
  readonly routine: Routine;
  readonly from: Called;
  readonly values: readonly Value[];
  readonly query: string;
  /** Where more of its rows are read while the answer is sent: only what reads may be called again. */
  readonly apart?: ReadApart;
}
