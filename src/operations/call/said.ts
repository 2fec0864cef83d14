// What a request says of a call: its arguments, and what it asks of the rows that come.
import { excerpt } from "../../base/suggest.js";
import type { ApiRequest } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { type ArgumentForm, saidArguments, wholeArgument } from "../../plan/call.js";
import { readBodyBytes, readJson, readObject } from "../../request/body.js";
import { pairsOf } from "../../request/query.js";
import type { Callable } from "../../routes/tree.js";
import { argumentName } from "../../schema/routine.js";

export interface SaidCall {
  readonly given: Readonly<Record<string, unknown>>;
  readonly as: ArgumentForm;
  /** The rest of the query string. */
  readonly query: string;
}

/** GET: what is called as an argument is one; the rest is asked of the rows. */
export function saidInQuery({ query }: ApiRequest, callables: readonly Callable[]): SaidCall {
  if (query === "") return { given: {}, as: "text", query };
  const known = callables.map(saidArguments);
  const given: Record<string, unknown> = {};
  const rest: string[] = [];
  for (const part of query.split("&")) {
    const [pair] = pairsOf(part);
    if (pair === undefined) continue;
    if (!known.some((names) => names.has(pair.name))) rest.push(part);
    else if (Object.hasOwn(given, pair.name))
      throw problem("malformed_query", `The argument ${excerpt(pair.name)} stands twice.`);
    else given[pair.name] = pair.value;
  }
  return { given, as: "text", query: rest.join("&") };
}

/** POST: a JSON object; or the body whole, where the only argument has no name. */
export async function saidInBody(request: ApiRequest, callables: readonly Callable[]): Promise<SaidCall> {
  const { query } = request;
  const whole = wholeArgument(callables);
  if (whole === undefined) return { given: await readObject(request), as: "json", query };
  const name = argumentName(whole, callables[0]?.routine.arguments.indexOf(whole) ?? 0);
  const type = request.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (whole.type.kind !== "json" && !/\bjson$/.test(type)) {
    const bytes = await readBodyBytes(request);
    const value = whole.type.kind === "binary" ? Buffer.from(bytes).toString("base64") : String(bytes);
    return { given: { [name]: value }, as: "json", query };
  }
  const value = await readJson(request);
  return { given: value === undefined ? {} : { [name]: value }, as: "json", query };
}
