// A JSON Merge Patch or a JSON Patch in a request: the body of an ordinary PATCH, as soon as the row is known.
import { problem } from "../../http/problem.js";
import { mergePatch, operationsPatch, type RowPatch } from "../../plan/row-patch.js";
import { objectIn, readJson } from "../../request/body.js";
import { patchFormOf } from "../../request/patch.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { tableOf } from "../../schema/lookup.js";

/** Nothing where the body says all without the row. */
export async function readPatch({ request, route }: Call, { snapshot }: RequestContext): Promise<RowPatch | undefined> {
  const form = patchFormOf(request);
  if (form === undefined) return undefined;
  const entry = tableOf(snapshot.lookup, route.table);
  const body = await readJson(request);
  if (form === "operations") return operationsPatch(body, entry, snapshot.limits);
  if (Array.isArray(body))
    throw problem("invalid_body", "A JSON Merge Patch is one object: send rows as application/json.");
  return mergePatch(objectIn(body), entry);
}
