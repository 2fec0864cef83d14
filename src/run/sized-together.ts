// Parts of one answer, asked for one after the other → counted together: a body may name many rows that are larger than it.
import { AnswerSize, bytesOfTexts, FEWER_WRITTEN } from "./answer-size.js";
import type { RequestContext } from "./context.js";

/** What statements in this context answer counts together, as it does in a batch already. */
export function sizedTogether(context: RequestContext): RequestContext {
  if (context.size !== undefined) return context;
  return { ...context, size: new AnswerSize(context.snapshot.limits, () => FEWER_WRITTEN) };
}

/** Counts the rows that `work` answers, where they are parts of a larger answer. */
export function countingRows<Made extends { readonly rows: readonly (string | undefined)[] }>(
  { size }: RequestContext,
  work: () => Promise<Made>,
): Promise<Made> {
  return size === undefined ? work() : size.counted(work, ({ rows }) => bytesOfTexts(rows));
}
