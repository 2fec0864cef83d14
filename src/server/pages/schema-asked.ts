// A request to `/schema` → what it asks for beside its body: a look only, breaking changes, rows that go too.
import { didYouMean, excerpt } from "../../base/suggest.js";
import type { ApiRequest } from "../../http/message.js";
import { isRehearsal } from "../../http/prefer.js";
import { preferencesOf } from "../../http/preference.js";
import { problem } from "../../http/problem.js";

export interface AskedSchema {
  /** Nothing is done. */
  readonly dryRun: boolean;
  /** `Prefer` has said so. */
  readonly preferred: boolean;
  readonly allowsBreaking: boolean;
  readonly dropsRows: boolean;
}

/** Each parameter and the values that it takes. */
const values = { "dry-run": ["true", "false"], allow: ["breaking"], rows: ["delete"] } as const;
type Parameter = keyof typeof values;

/** Of parameters only those that are `taken` here. Throws 400. */
export function askedOf(request: ApiRequest, taken: readonly Parameter[]): AskedSchema {
  const said = parametersOf(request.query, taken);
  const preferred = isRehearsal(preferencesOf(request));
  return {
    dryRun: preferred || said.get("dry-run") === "true",
    preferred,
    allowsBreaking: said.has("allow"),
    dropsRows: said.has("rows"),
  };
}

/** Throws 400 for any parameter. */
export const refuseParameters = ({ query }: ApiRequest): void => void parametersOf(query, []);

function parametersOf(query: string, taken: readonly Parameter[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!taken.some((known) => known === name)) throw unknown(name, taken);
    if (found.has(name)) throw problem("malformed_query", `${name} stands twice. Say it once.`);
    checkValue(name as Parameter, value);
    found.set(name, value);
  }
  return found;
}

function unknown(name: string, taken: readonly Parameter[]) {
  const there = taken.length === 0 ? "It takes none." : `There are ${taken.join(", ")}.`;
  return problem(
    "unknown_parameter",
    `There is no parameter '${excerpt(name)}' here.${didYouMean(name, taken)} ${there}`,
  );
}

function checkValue(name: Parameter, value: string): void {
  const words: readonly string[] = values[name];
  if (words.includes(value)) return;
  throw problem(
    "malformed_query",
    `${name} is ${words.join(" or ")}, not '${excerpt(value)}'.${didYouMean(value, words)}`,
  );
}
