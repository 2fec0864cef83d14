// The `Prefer` header of writes, and what is said of tables that keep what is written, whatever becomes of the request.
import { type Lasting, whyLasting } from "../schema/lasting.js";
import { header } from "./common-parameters.js";
import type { Ground } from "./ground.js";
import { parameterApart } from "./names.js";
import type { JsonSchema } from "./schema.js";

const kinds = {
  Prefer: { said: "`return=minimal` leaves the row out of the answer", examples: ["return=minimal"] },
  "Prefer.put": {
    said: "`resolution=upsert` makes the row where there is none; `return=minimal` leaves it out of the answer",
    examples: ["resolution=upsert", "return=minimal"],
  },
  "Prefer.many": {
    said: "`max-affected=5` refuses to affect more rows; `return=minimal` leaves the rows out of the answer, `return=representation` shows those that a DELETE took away",
    examples: ["max-affected=5", "return=representation"],
  },
} as const;

const TRIED = "; `tx=rollback` tries the write and keeps nothing";

/** A write can be tried unless the table, or what its triggers write to, has no transactions. */
export function preferOf(kind: keyof typeof kinds, ground: Ground, table: Lasting = {}): JsonSchema {
  const { said, examples } = kinds[kind];
  const tried = table.transactional !== false && table.triggersInto === undefined;
  const all = tried && kind === "Prefer" ? [...examples, "tx=rollback"] : examples;
  const make = () => header("Prefer", `Joined by \`,\`: ${said}${tried ? TRIED : ""}.`, ...all);
  const name = parameterApart(tried ? kind : `${kind}.kept`, ground.schemaNames);
  return ground.components.ref("parameters", name, make);
}

/** What a write does not promise where the table has no transactions. */
export const warningOf = (table: Lasting): { readonly warning?: string } =>
  table.transactional === false ? { warning: `One row a request: ${whyLasting(table)}.` } : {};
