// PUT on one binary column of a row: the body is its bytes. DELETE makes it NULL. The row is changed as PATCH changes it, rights and hooks
// included.
import { excerpt } from "../../base/suggest.js";
import { etagOf, isConditional, requireConditions, requireNone } from "../../http/conditional.js";
import { type ApiRequest, type ApiResponse, requestWith } from "../../http/message.js";
import { bodyTooLarge, problem } from "../../http/problem.js";
import { pathConditions } from "../../plan/path.js";
import type { ReadPlan } from "../../plan/plan.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { transaction } from "../../run/transaction.js";
import { bytesIn, fieldAt, rowRoute } from "../read/bytes.js";
import { notThere, refuseQuery } from "../read/row.js";
import { type AskedChange, update } from "./row.js";
import type { WrittenRows } from "./written-rows.js";

interface AskedBytes {
  readonly call: Call;
  readonly field: string;
  /** Nothing for NULL. */
  readonly bytes: Buffer | undefined;
  readonly change: AskedChange;
}

export const writeBytes: OperationSteps<AskedBytes, WrittenRows> = {
  prepare: async (call, context) => {
    refuseQuery(call.request.query);
    return prepare(call, context, await readBytes(call.request));
  },
  run,
  respond,
};

export const clearBytes: OperationSteps<AskedBytes, WrittenRows> = {
  prepare: async (call, context) => {
    refuseQuery(call.request.query);
    return prepare(call, context, undefined);
  },
  run,
  respond: () => ({ status: 204, headers: {} }),
};

async function prepare(call: Call, context: RequestContext, bytes: Buffer | undefined): Promise<AskedBytes> {
  const field = fieldAt(call, context);
  const value = { [field]: bytes?.toString("base64") ?? null };
  const request = requestWith(call.request, {
    method: "PATCH",
    // The conditions are about the bytes, and the row has another tag.
    header: (name) => (/^(if-|content-)/.test(name) ? undefined : call.request.header(name)),
    body: async () => ({ kind: "parsed", value }),
  });
  const change = await update.prepare({ ...call, request, route: rowRoute(call.route, "PATCH", "update") }, context);
  return { call, field, bytes, change };
}

async function readBytes(request: ApiRequest): Promise<Buffer> {
  // A part of the bytes would be taken for all of them (RFC 9110, 14.5).
  if (request.header("content-range") !== undefined)
    throw problem("malformed_header", "Content-Range is not understood: send all of the bytes.");
  const [type = ""] = (request.header("content-type") ?? "").toLowerCase().split(";");
  if (/^\s*(application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded|multipart\/)/.test(type))
    throw noBytes(type);
  const body = await request.body();
  if (body.kind === "too-large") throw bodyTooLarge(body.limit);
  if (body.kind === "bytes") return body.bytes;
  if (body.value instanceof Uint8Array) return Buffer.from(body.value);
  throw noBytes(type);
}

const noBytes = (type: string) =>
  problem(
    "unsupported_media_type",
    `'${excerpt(type.trim())}' is not understood: send the bytes themselves, as application/octet-stream or image/png.`,
  );

async function run(asked: AskedBytes, context: RequestContext): Promise<WrittenRows> {
  if (!isConditional(asked.call.request)) return update.run(asked.change, context);
  return transaction(context, async (inner) => {
    await compare(asked, inner);
    return update.run(asked.change, inner);
  });
}

/** The bytes as they stand, locked until the transaction ends. */
async function compare({ call, field, change }: AskedBytes, context: RequestContext): Promise<void> {
  const { request } = call;
  const { path, values } = change;
  const { route } = change.call;
  const where = pathConditions(route, path, context.snapshot.lookup);
  const shown = { type: "column", field, column: call.route.column as string } as const;
  const plan: ReadPlan = { kind: "read", table: route.table, select: [shown], where, lock: true, changing: true };
  const [row] = await foundTexts({ plan, values: values.all }, context);
  if (row === undefined) throw await notThere(route, path, values.all, context);
  const bytes = bytesIn(row, field);
  if (bytes === undefined) requireNone(request);
  else requireConditions(request, bytes);
}

/** A tag tells that the bytes are kept as they came (RFC 9110, 9.3.4): a trigger may have changed them. */
function respond({ field, bytes }: AskedBytes, { stored: [stored] }: WrittenRows): ApiResponse {
  const isKept = stored !== undefined && bytes !== undefined && bytesIn(stored, field)?.equals(bytes) === true;
  return { status: 204, headers: isKept ? { etag: etagOf(bytes) } : {} };
}
