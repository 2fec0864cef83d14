// A foreign key to a row that is only marked as deleted: the database would take it. It is refused as one to a row that is gone.
import { refusalProblem } from "../database/refusals.js";
import { isDeleted } from "../plan/deleted.js";
import { anyKey, inKeyPieces, type RowKey } from "../plan/keys.js";
import { equals } from "../plan/path.js";
import type { Plan, Planned } from "../plan/plan.js";
import type { Condition, Value } from "../plan/terms.js";
import { Values } from "../plan/values.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { type ForeignKey, isEnforced } from "../schema/schema.js";
import { type RequestContext, withoutPolicies } from "./context.js";

export type AskReferences = (
  planned: Planned,
  context: RequestContext,
) => Promise<{ readonly rows: readonly unknown[] }>;

/** A row that is written, as far as a foreign key goes: what it will hold, and where it stands, if it does. */
interface Written {
  readonly key: RowKey;
  readonly where?: readonly Condition[];
}

/** Throws 409 where a write would refer to a deleted row, and the row that it changes does not do so already. */
export function requireReferences(
  planned: Planned,
  context: RequestContext,
  ask: AskReferences,
): Promise<void> | undefined {
  return writes.has(planned.plan.kind) ? requireEach(planned, context, ask) : undefined;
}

async function requireEach(planned: Planned, context: RequestContext, ask: AskReferences): Promise<void> {
  const { lookup } = context.snapshot;
  const entry = tableOf(lookup, planned.plan.table);
  for (const foreign of entry.table.foreignKeys) {
    const target = tableOf(lookup, foreign.table);
    if (target.deleted === undefined || !isEnforced(foreign)) continue;
    const all = writtenIn(planned, foreign, entry).filter(({ key }) => key.every(({ value }) => value !== null));
    const keys = all.map(({ key }) => key);
    if (all.length === 0 || !(await leadsNowhere(keys, foreign, target, context, ask))) continue;
    for (const { key, where } of all)
      if (
        (all.length === 1 || (await leadsNowhere([key], foreign, target, context, ask))) &&
        (where === undefined || (await holdsAnother(key, foreign, { ...planned, where }, context, ask)))
      )
        throw refusalProblem({ code: "foreign_key_violation", columns: foreign.columns }, { entry });
  }
}

/** The ends of a link are looked for, and found only where they are there. */
const writes: ReadonlySet<Plan["kind"]> = new Set(["insert", "update", "update-each"]);

/** Of rows that say all of it. */
function writtenIn({ plan, values }: Planned, { columns }: ForeignKey, { table }: TableLookup): Written[] {
  const pick = (at: readonly number[], row: number): RowKey => at.map((i) => values[row + i] as Value);
  switch (plan.kind) {
    case "insert": {
      const at = columns.map((name) => plan.columns.indexOf(name));
      if (at.includes(-1)) return [];
      return Array.from({ length: plan.rows }, (_, row) => ({ key: pick(at, row * plan.columns.length) }));
    }
    case "update": {
      const at = columns.map((name) => plan.set.find(({ column }) => column === name)?.value);
      return at.some((i) => i === undefined) ? [] : [{ key: pick(at as number[], 0), where: plan.where }];
    }
    case "update-each": {
      const { primaryKey } = table;
      const at = columns.map((name) => plan.set.findIndex(({ column }) => column === name));
      if (at.includes(-1)) return [];
      const each = values.length / plan.rows;
      return Array.from({ length: plan.rows }, (_, row) => ({
        key: pick(at, row * each + primaryKey.length),
        where: equals(
          primaryKey,
          primaryKey.map((_, i) => row * each + i),
        ),
      }));
    }
    default:
      return [];
  }
}

async function leadsNowhere(
  keys: readonly RowKey[],
  { references }: ForeignKey,
  { table, deleted }: TableLookup,
  context: RequestContext,
  ask: AskReferences,
): Promise<boolean> {
  if (deleted === undefined) return false;
  for (const piece of inKeyPieces(keys, references.length)) {
    const values = new Values();
    const among = anyKey(
      references,
      piece.map((key) => key.map((value) => values.add(value))),
    );
    const plan = { kind: "exists", table: table.id, where: [among, isDeleted(deleted, true)] } as const;
    const { rows } = await ask({ plan, values: values.all }, withoutPolicies(context));
    if (rows.length > 0) return true;
  }
  return false;
}

/** Is there a row among them that refers to another one? A whole record that is sent back says what it has said before. */
async function holdsAnother(
  key: RowKey,
  { columns }: ForeignKey,
  { plan, values: said, where }: Planned & { readonly where: readonly Condition[] },
  context: RequestContext,
  ask: AskReferences,
): Promise<boolean> {
  const values = new Values(said);
  const other = columns.flatMap((column, i): Condition[] => [
    { type: "compare", column, operator: "ne", value: values.add(key[i] as Value) },
    { type: "null", column, negated: false },
  ]);
  const exists = { kind: "exists", table: plan.table, where: [...where, { type: "any", where: other }] } as const;
  return (await ask({ plan: exists, values: values.all }, context)).rows.length > 0;
}
