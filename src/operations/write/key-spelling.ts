// A key that a body says otherwise than its address does: whether both name the same row, only the database knows.
import type { HttpError } from "../../http/problem.js";
import type { ReadPlan } from "../../plan/plan.js";
import type { ValueIndex } from "../../plan/terms.js";
import { fromBody } from "../../plan/value.js";
import type { Values } from "../../plan/values.js";
import { isSpelt, type PathColumns } from "../../plan/write.js";
import type { Body } from "../../request/body.js";
import type { RequestContext } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import type { TableLookup } from "../../schema/lookup.js";

export class KeySpelling {
  readonly #said = new Map<string, ValueIndex>();

  constructor(
    private readonly entry: TableLookup,
    private readonly values: Values,
  ) {}

  /** The key's columns that the body spells in its own way, and how. */
  get said(): PathColumns {
    return this.#said;
  }

  /** Does the row of the address meet what a refused body says of its key? */
  async isSame(
    { errors }: HttpError,
    body: Body,
    { table, where }: Pick<ReadPlan, "table" | "where">,
    context: RequestContext,
  ): Promise<boolean> {
    const fields = errors.map(({ field }) => field);
    const columns = fields.map((field) => this.entry.all.get(field));
    for (const [i, column] of columns.entries()) {
      if (column === undefined || !this.entry.table.primaryKey.includes(column.name)) return false;
      const typed = fromBody(body[fields[i] as string] ?? null, column.type);
      if (!typed.ok || !isSpelt(column) || this.#said.has(column.name)) return false;
      const value = this.values.add({ value: typed.value, type: column.type });
      const same = { type: "compare", column: column.name, operator: "eq", value } as const;
      const plan: ReadPlan = { kind: "read", table, where: [...where, same], changing: true };
      if ((await foundTexts({ plan, values: this.values.all }, context)).length === 0) return false;
      this.#said.set(column.name, value);
    }
    return columns.length > 0;
  }
}
