// How each answer of a function or procedure is brought about: arguments made of the document, below rows that are there.

import type { OpenApiDocument } from "../../src/index.js";
import { saidArguments, wholeArgument } from "../../src/plan/call.js";
import type { CallRoute } from "../../src/routes/tree.js";
import type { Schemas } from "../support/json-schema.js";
import type { Call } from "./asked-call.js";
import { missingKey, type Places } from "./places.js";
import { randomOf, sampleOf } from "./sample.js";

// biome-ignore lint/suspicious/noExplicitAny: the document as any reader of JSON sees it
type Json = any;

interface Known {
  readonly document: OpenApiDocument;
  readonly schemas: Schemas;
  readonly places: Places;
}

const TRIES = 40;

export async function* callsOf(route: CallRoute, operation: Json, known: Known): AsyncIterable<Call> {
  const { responses } = operation;
  const [path, missing] = await addressesOf(route, known.places);
  const ask = asking(route, path);
  const valid = argumentsOf(route, operation, known);
  for (let seed = 1; seed < TRIES; seed++)
    for (const wanted of ["200", "204", "409", "402"])
      if (responses[wanted] || wanted === "402") yield { ...ask(valid(seed)), wanted };
  if (route.method === "POST") {
    const minimal = { prefer: "return=minimal, tx=rollback" };
    for (let seed = 1; seed < TRIES; seed++) yield { ...ask(valid(seed)), headers: minimal, wanted: "204" };
    yield { path, body: {}, wanted: "413", narrow: true };
    yield { path, body: "{}", headers: { "content-type": "text/plain" }, wanted: "415" };
  }
  if (responses[206]) yield* formsOf(ask(valid(1)));
  if (isWhole(route)) yield { path, body: "{", headers: { "content-type": "application/json" }, must: 400 };
  else yield { ...ask({ ...valid(1), nothing_of_the_kind: 1 }), must: 400 };
  yield { ...ask(valid(1)), headers: { accept: "application/xml" }, must: 406 };
  if (responses[404]) yield { ...asking(route, missing)(valid(1)), must: 404 };
  if (responses[422]) yield { path, ...(route.method === "POST" && !isWhole(route) && { body: {} }), wanted: "422" };
  if (responses[422])
    for (const { routine, ...callable } of route.routines)
      for (const name of saidArguments({ routine, ...callable }).keys())
        for (const others of [valid(1), {}]) yield { ...ask({ ...others, [name]: { a: [1] } }), wanted: "422" };
}

/** The body is the argument. */
const isWhole = ({ method, routines }: CallRoute): boolean =>
  method === "POST" && wholeArgument(routines) !== undefined;

/** Lists are of all forms, and have slices. */
function* formsOf(call: Call): Iterable<Call> {
  const and = (more: string): Call => ({ ...call, path: `${call.path}${call.path.includes("?") ? "&" : "?"}${more}` });
  const inForm = (accept: string): Call => ({ ...call, headers: { ...call.headers, accept } });
  for (const accept of ["text/csv", "application/x-ndjson"]) yield { ...inForm(accept), must: 200 };
  for (const more of ["envelope=true", "limit=1", "limit=1&offset=1"]) yield { ...and(more), must: 200 };
  if (call.body === undefined) yield { ...and("count=exact&limit=1"), must: 200 };
  const ranged = (range: string): Call => ({ ...call, headers: { ...call.headers, range } });
  yield { ...ranged("items=0-0"), must: 206 };
  yield { ...ranged("items=1000000-1000001"), must: 416 };
}

/** Where it is called, and where there is no row to call it of. */
async function addressesOf({ pattern, steps }: CallRoute, places: Places): Promise<[string, string]> {
  const [step] = steps;
  if (step === undefined) return [pattern, pattern];
  const [, table, , name] = pattern.split("/");
  const [there] = await places.at(`/${table}/:id`);
  return [`${there?.address}/${name}`, `/${table}/${missingKey(places.resource(step.table))}/${name}`];
}

type Arguments = Readonly<Record<string, unknown>>;

const asking =
  ({ method }: CallRoute, path: string) =>
  (said: Arguments): Call => {
    if (method === "POST") return { path, body: said, headers: { prefer: "tx=rollback" } };
    const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    const pairs = Object.entries(said).map(([name, value]) => `${name}=${encodeURIComponent(text(value))}`);
    return { path: pairs.length === 0 ? path : `${path}?${pairs.join("&")}` };
  };

function argumentsOf({ routines }: CallRoute, operation: Json, { document, schemas }: Known) {
  const names = new Set(routines.flatMap((callable) => [...saidArguments(callable).keys()]));
  const own = (operation.parameters ?? []).filter(({ name }: Json) => names.has(name));
  const schema = operation.requestBody?.content["application/json"].schema ?? {
    type: "object",
    properties: Object.fromEntries(own.map((one: Json) => [one.name, one.schema])),
    required: own.filter((one: Json) => one.required).map((one: Json) => one.name),
  };
  return (seed: number): Arguments => sampleOf(document, schemas, randomOf(seed))(schema) as Arguments;
}

/** Why an answer that is documented is not brought about here. */
export function excuseForCall({ pattern, routines }: CallRoute, status: number): string | undefined {
  const isOfResults = routines.every(({ routine }) => routine.returns.type === "results");
  if (isOfResults && (status === 200 || status === 204)) return "nobody knows beforehand whether results come";
  if (status === 409 && !pattern.includes("add_")) return "it writes nothing that another row could be in the way of";
  if (status === 402 && !pattern.includes("refuse")) return "it raises nothing";
  return undefined;
}
