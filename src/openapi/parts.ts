// What an operation is made of, and pieces that several of them share.
import type { Route } from "../routes/tree.js";
import { common } from "./common-parameters.js";
import type { Described, Ground } from "./ground.js";
import type { DocumentedAnswer, HeaderName } from "./responses.js";
import { rowOf } from "./rows.js";
import type { JsonSchema } from "./schema.js";

export interface Parts {
  readonly summary: string;
  readonly description?: string;
  /** What it does not promise: said in the light form too. */
  readonly warning?: string;
  readonly parameters?: readonly JsonSchema[];
  readonly body?: JsonSchema;
  /** What such a body is called where it is that of no table. */
  readonly bodyName?: string;
  readonly answers: Readonly<Partial<Record<number, DocumentedAnswer>>>;
  /** Beside those that every operation has. */
  readonly refusals: readonly number[];
}

export type Describe = (route: Route, ground: Ground) => Parts;

/** What writes may be refused with. */
export const writeRefusals: readonly number[] = [403, 409, 413, 415, 422];

export const applied: readonly HeaderName[] = ["Preference-Applied"];
export const countedHeaders: readonly HeaderName[] = ["X-Total-Count", "Preference-Applied"];
export const minimal: DocumentedAnswer = { description: "Done, with `return=minimal`.", headers: applied };
export const gone: DocumentedAnswer = { description: "It is gone.", headers: applied };

export const conditions = (ground: Ground): JsonSchema[] =>
  ["If-Match", "If-None-Match"].map((name) => common(name, ground));

export const many = (description: string, of: Described, ground: Ground): DocumentedAnswer => ({
  name: "rows",
  description,
  headers: countedHeaders,
  schema: { type: "array", items: rowOf(of, ground) },
});

/** `others` are further forms of the body. */
export const jsonContent = (schema: JsonSchema, required: boolean, others: JsonSchema = {}): JsonSchema => ({
  required,
  content: { "application/json": { schema }, ...others },
});
