// Tells one kept answer from another: by the address, by the form that was asked for, and by what the caller may see.
import { createHash } from "node:crypto";
import { formOf } from "../http/negotiate.js";
import type { RouteTree } from "../routes/tree.js";
import type { Call } from "../run/call.js";
import type { RequestContext } from "../run/context.js";
import { formsOf } from "../run/forms.js";

/** By the tree, which is another one after each change of the schema. */
const editions = new WeakMap<RouteTree, string>();

export function cacheKey({ request, route }: Call, context: RequestContext): string {
  const { snapshot, access } = context;
  const { prefix, path, query, linked } = request;
  const asked = [request.header("prefer") ?? ""];
  // The links in it lead elsewhere.
  if (linked !== undefined) asked.push(linked.path, linked.query);
  // `Accept` chooses among few forms. A range is a part of a list only.
  asked.push(formOf(request, formsOf(route, context)));
  if (route.operation === "list") asked.push(request.header("range") ?? "");
  return JSON.stringify([editionOf(snapshot), access?.rights ?? "", prefix, path, query, ...asked]);
}

function editionOf({ tree, schema }: RequestContext["snapshot"]): string {
  let edition = editions.get(tree);
  if (edition === undefined) {
    edition = createHash("sha256").update(JSON.stringify(schema)).digest("base64url");
    editions.set(tree, edition);
  }
  return edition;
}
