// POST /batch: many requests in one transaction, in order; later ones may use what earlier ones answered. All or nothing.
import { isLosslessNumber, stringify } from "lossless-json";
import { didYouMean, excerpt } from "../../base/suggest.js";
import { type ApiRequest, type ApiResponse, requestWith } from "../../http/message.js";
import { withReturn } from "../../http/prefer.js";
import { parsePrefer } from "../../http/preference.js";
import { HttpError, problem } from "../../http/problem.js";
import { marked } from "../../plan/row-segment.js";
import { type Entry, isReadingEntry, ownHeaders, parseBatch } from "../../request/batch.js";
import { copyOfBody, parseText, readJson } from "../../request/body.js";
import { inBody, inPath, type Referred, type Resolve } from "../../request/reference.js";
import { AnswerSize } from "../../run/answer-size.js";
import type { RequestContext } from "../../run/context.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { amongOthers } from "../../run/revocable.js";
import { transaction } from "../../run/transaction.js";
import { JSON_TYPE, refuseQuery } from "../read/row.js";

interface AskedBatch {
  readonly request: ApiRequest;
  readonly entries: readonly Entry[];
}

/** `perform` answers one entry, in full. */
export const batchOf = (
  perform: (request: ApiRequest, context: RequestContext) => Promise<ApiResponse>,
): OperationSteps<AskedBatch, readonly ApiResponse[]> => ({
  async prepare({ request }, context) {
    refuseQuery(request.query);
    return { request, entries: parseBatch(await readJson(request), context.snapshot.limits.maxBatch) };
  },

  run({ request, entries }, context) {
    const { limits } = context.snapshot;
    const reads = entries.every(isReadingEntry);
    const alone = aloneIn(entries);
    const work = async (whole: RequestContext) => {
      const size = new AnswerSize(limits, () => "Ask for less in its entries, or send several batches.");
      const inner = { ...whole, size };
      const done: ApiResponse[] = [];
      const resolve = resolverOf(done, limits.bodyLimit);
      for (const [index, entry] of entries.entries()) {
        const its = index === alone ? inner : amongOthers(inner);
        done.push(
          await size
            .counted(() => perform(requestOf(entry, request, resolve), its), lengthOfBody)
            .catch(placed(index, entry)),
        );
      }
      return done;
    };
    return transaction(context, work, reads);
  },

  respond({ entries }, responses) {
    const texts = responses.map((response, i) => textOf(response, entries[i] as Entry));
    return { status: 200, headers: { "content-type": JSON_TYPE }, body: `[${texts.join(",")}]` };
  },
});

const lengthOfBody = ({ body = "" }: ApiResponse): number => Buffer.byteLength(body);

/** The place of an entry behind which nothing can fail, and that alone writes. */
function aloneIn(entries: readonly Entry[]): number | undefined {
  const writes = entries.filter((entry) => !isReadingEntry(entry)).length;
  return writes === 1 ? entries.length - 1 : undefined;
}

/** An entry as a request of its own. Of the batch's headers it has those that say nothing of a single request. */
function requestOf(entry: Entry, whole: ApiRequest, resolve: Resolve): ApiRequest {
  const target = inPath(entry.path, resolve, inAddress);
  const mark = target.indexOf("?");
  const body = copyOfBody(entry.body, (text) => inBody(text, resolve));
  return requestWith(whole, {
    method: entry.method,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? "" : target.slice(mark + 1),
    header: (name) => entry.headers[name] ?? (isOwn(name) ? undefined : whole.header(name)),
    body: async () => ({ kind: "parsed", value: body }),
  });
}

const isOwn = (name: string): boolean => ownHeaders.includes(name) || /^(content-|if-)/.test(name);

/** As a single request would be answered, but that its body is JSON in JSON: the text itself, so that numbers keep every digit. */
function textOf(response: ApiResponse, entry: Entry): string {
  const { prefer = "" } = entry.headers;
  const { status, headers, body } = isReadingEntry(entry) ? response : withReturn(response, parsePrefer(prefer));
  const { "content-type": type, ...others } = headers;
  const json = body === undefined || type === JSON_TYPE;
  const shown = JSON.stringify(json ? others : headers);
  return `{"status":${status},"headers":${shown},"body":${json ? (body ?? "null") : JSON.stringify(body)}}`;
}

/** The same refusal, with its place. `Allow` is what this address allows (RFC 9110, 15.5.6), not the entry's. */
const placed =
  (index: number, { method, path }: Entry) =>
  (error: unknown): never => {
    if (!(error instanceof HttpError)) throw error;
    const headers = "allow" in error.headers ? { ...error.headers, allow: "POST, OPTIONS" } : error.headers;
    const detail = `Entry ${index} (${method} ${excerpt(path)}): ${error.message}`;
    throw error.said(detail, { headers, index });
  };

/** Looks references up in what was answered. What they put in is bounded as a body is: one could name a long text many times. */
function resolverOf(done: readonly ApiResponse[], bodyLimit: number): Resolve {
  const answers: unknown[] = [];
  let room = bodyLimit;
  return (entry, fields, text) => {
    const { body, headers } = done[entry] as ApiResponse;
    if (body === undefined || headers["content-type"] !== JSON_TYPE)
      throw problem("invalid_body", `${excerpt(text)} names nothing: entry ${entry} answered without JSON.`);
    answers[entry] ??= parseText(body);
    let value = answers[entry];
    for (const field of fields) {
      if (!holds(value, field)) {
        const hint = isPlain(value) ? didYouMean(field, Object.keys(value)) : "";
        throw problem("invalid_body", `${excerpt(text)} names nothing: there is no '${excerpt(field)}' in it.${hint}`);
      }
      value = value[field];
    }
    room -= typeof value === "string" ? value.length : (stringify(value) as string).length;
    if (room < 0) throw problem("too_complex", `The references put more than ${bodyLimit} characters into this batch.`);
    return value;
  };
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !isLosslessNumber(value);

const holds = (value: unknown, field: string): value is Readonly<Record<string, unknown>> =>
  isPlain(value) && Object.hasOwn(value, field) && (!Array.isArray(value) || /^\d+$/.test(field));

function inAddress(value: unknown, { text, alone }: Referred): string {
  if (value !== null && (typeof value !== "object" || isLosslessNumber(value))) {
    const said = String(value).toWellFormed();
    return encodeURIComponent(alone ? marked(said) : said);
  }
  const what = value === null ? "null" : Array.isArray(value) ? "an array" : "an object";
  throw problem("invalid_body", `${excerpt(text)} is ${what}, which cannot stand in a path.`);
}
